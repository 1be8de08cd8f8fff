import { expect, it } from 'vitest';
import { AuditService } from '../../node/audit/audit-service.ts';
import { auditGenesisOf } from '../../node/audit/chain-walk.ts';
import type { ChainCheck, ChainCheckProgress } from '../../node/audit/verify-chain.ts';
import { silentLogger } from '../../node/logging/logger.ts';
import type { Storage } from '../../node/storage/storage.ts';
import { genesis } from './known.fixture.ts';
import { createApi } from './registry.ts';
import { fakeServices } from './services.fixture.ts';

/** A check of the chain that the test brings to its end. */
function withHeldCheck() {
  const { promise, resolve } = Promise.withResolvers<ChainCheck | undefined>();
  let tell: (progress: ChainCheckProgress) => void = () => undefined;
  const findings: string[] = [];
  const query = (_name: string, _args: unknown, onProgress: (progress: ChainCheckProgress) => void) => {
    tell = onProgress;
    return promise;
  };
  const audit = new AuditService({
    storage: { query: query as unknown as Storage['query'] },
    genesis: auditGenesisOf(genesis),
    chainFile: 'chain.sqlite',
    walletFile: 'wallet.sqlite',
    nowMs: () => 5,
    onFinding: (what) => findings.push(what),
  });
  const api = createApi({ ...fakeServices(), audit }, silentLogger);
  const call = (method: string, params?: unknown) => api.call(method, params, 'rpc');
  return { call, finish: resolve, tell: (progress: ChainCheckProgress) => tell(progress), findings };
}

it('one check at a time, which tells how far it is, and what it found when it is over', async () => {
  const { call, finish, tell, findings } = withHeldCheck();
  expect(await call('getauditinfo')).toEqual({ ok: true, value: {} });
  const checking = call('verifychain', [4, 0]);
  await new Promise((turn) => setImmediate(turn));
  expect(await call('getauditinfo')).toEqual({ ok: true, value: { running: { checklevel: 4, nblocks: 0, startedat: 5 } } });
  tell({ pass: 'back', done: 3, total: 10 });
  expect(await call('getauditinfo')).toMatchObject({ value: { running: { pass: 'back', done: 3, total: 10 } } });
  expect(await call('verifychain')).toMatchObject({ ok: false, error: { code: 'misc-error' } });
  finish({ from: 0, to: 12, revertedFrom: 3, problem: { height: 7, what: 'its undo data is missing' } });
  const found = { valid: false, checklevel: 4, from: 0, to: 12, revertedfrom: 3, firstbadheight: 7, problem: 'its undo data is missing', finishedat: 5 };
  expect(await checking).toEqual({ ok: true, value: found });
  expect(await call('getauditinfo')).toEqual({ ok: true, value: { last: found } });
  expect(findings).toEqual(['chain.sqlite: block 7: its undo data is missing']);
});

it('what a check finds stands until one as thorough finds nothing', async () => {
  const answers: unknown[] = [];
  const audit = new AuditService({
    storage: { query: (() => Promise.resolve(answers.shift())) as unknown as Storage['query'] },
    genesis: auditGenesisOf(genesis),
    chainFile: 'chain.sqlite',
    walletFile: 'wallet.sqlite',
    nowMs: () => 5,
    onFinding: () => undefined,
  });
  const whole = { from: 0, to: 12, revertedFrom: undefined, problem: undefined };
  const verify = (level: 1 | 3 | 4, blocks: number, answer: object) => {
    answers.push(answer);
    return audit.verifyChain(level, blocks);
  };
  expect(audit.damage).toBeUndefined();
  await verify(3, 100, { ...whole, problem: { height: 7, what: 'a byte' } });
  const found = { file: 'chain', what: 'block 7: a byte' };
  await verify(4, 6, whole);
  await verify(1, 0, whole);
  expect(audit.damage).toEqual(found);
  await verify(3, 0, whole);
  expect(audit.damage).toBeUndefined();

  answers.push([], ['page 9']);
  await audit.checkFiles();
  expect(audit.damage).toEqual({ file: 'wallet', what: 'page 9' });
  answers.push(['page 3', 'page 4'], ['page 9']);
  await audit.checkFiles();
  await verify(3, 0, whole);
  expect(audit.damage).toEqual({ file: 'chain', what: 'page 3' });
  answers.push([], []);
  await audit.checkFiles();
  expect(audit.damage).toBeUndefined();
});

it('a repair starts the node anew where the host can, and says how it is done where not', async () => {
  const asked: string[] = [];
  const restart = (how: string): void => void asked.push(how);
  expect(await createApi({ ...fakeServices(), restart }, silentLogger).call('repairdatabase', {}, 'window')).toMatchObject({ ok: true });
  expect(asked).toEqual(['repair']);
  const alone = createApi({ ...fakeServices(), restart: undefined }, silentLogger);
  expect(await alone.call('repairdatabase', {}, 'window')).toMatchObject({
    ok: false,
    error: { code: 'misc-error', message: expect.stringContaining('--repair') },
  });
});
