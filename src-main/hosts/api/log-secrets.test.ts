import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type MethodName, methods } from '../../../src-shared/api/contract.ts';
import { methodNames, parametersOf } from '../../../src-shared/api/help.ts';
import { logLineText } from '../../../src-shared/domain/log-lines.ts';
import { makeNodeLog, type NodeLog } from '../../node/logging/logger.ts';
import { goodCalls } from './calls.fixture.ts';
import { createApi } from './registry.ts';
import { fakeServices } from './services.fixture.ts';

// Logs are what people send to others: whatever is said through a door, and however wrong it goes, no secret of it is written.

const secret = 'hunter2';
let directory: string;
let log: NodeLog;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'log-secrets-'));
  log = makeNodeLog({ directory, level: 'debug', format: 'text', writeLine: undefined });
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Whatever the wallet is asked for fails as a fault of the program would. */
const failing = new Proxy(fakeServices().wallet as object, {
  get: () => () => {
    throw new Error('a fault');
  },
});

const takeSecrets = methodNames.filter((name) => parametersOf(name).some(({ isSecret }) => isSecret));
const named = (method: MethodName): Record<string, unknown> =>
  Object.fromEntries(goodCalls[method].map((value, index) => [Object.keys(methods[method].request.shape)[index], value]));

it.each(takeSecrets)('%s', async (method) => {
  const secrets = parametersOf(method).filter(({ isSecret }) => isSecret);
  const as = (value: (isText: boolean) => unknown) => ({ ...named(method), ...Object.fromEntries(secrets.map(({ name, isText }) => [name, value(isText)])) });
  const tries = [
    as((isText) => (isText ? secret : [secret, secret, secret])),
    as(() => ({ secret })),
    as(() => secret.repeat(1_000)),
    [secret, secret, secret, secret],
  ];
  for (const services of [fakeServices(), { ...fakeServices(), wallet: failing as never, wallets: failing as never, masternodes: failing as never }]) {
    const api = createApi(services, log.of('doors'));
    for (const params of tries) await api.call(method, params, 'page');
    await api.call(`${method} ${secret}`, {}, 'page');
  }
  await log.written();
  const written = log.recent.newest(10_000, () => true).map(logLineText);
  expect(written.join('\n') + readFileSync(join(directory, 'node.log'), 'utf8')).not.toContain(secret);
  // It asks nobody, so that nothing of it can fail.
  if (method !== 'checkwords') expect(written.some((line) => line.includes(`a call failed method=${method} `))).toBe(true);
});
