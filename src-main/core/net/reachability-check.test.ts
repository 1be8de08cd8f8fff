import { expect, test } from 'vitest';
import type { ConnectionId } from './connection-id.ts';
import { type Dialler, ReachabilityCheck } from './reachability-check.ts';

const dialler = (connection: number, network: string): Dialler => ({ connection: connection as ConnectionId, network });
const five = [dialler(1, 'a'), dialler(2, 'a'), dialler(3, 'b'), dialler(4, 'c'), dialler(5, 'd')];

/** Asks as long as there is somebody to ask; `says` is what each answers: undefined would not try, 'silent' lets its time pass. */
function run(diallers: readonly Dialler[], says: Record<number, boolean | undefined | 'silent'>) {
  const check = new ReachabilityCheck();
  const asked: number[] = [];
  let nowMs = 0;
  let nonce = 0n;
  for (;;) {
    const asks = check.next(diallers, () => nonce++, nowMs);
    asked.push(...asks.map(({ connection }) => connection));
    const outcome = check.outcome();
    if (outcome !== undefined) return { outcome: outcome === 'nobody-knows' ? outcome : outcome.reached, asked };
    for (const { connection, nonce } of asks) {
      const said = says[connection];
      if (said !== 'silent') check.answered(connection, nonce, said === undefined ? undefined : { reached: said, address: '' });
    }
    nowMs = check.nextDueMs() ?? nowMs;
    check.expire(nowMs);
  }
}

test('two of different networks that say the same decide', () => {
  expect(run(five, { 1: true, 3: true })).toEqual({ outcome: true, asked: [1, 3] });
  expect(run(five, { 1: false, 3: false })).toEqual({ outcome: false, asked: [1, 3] });
});

test('where they differ, would not try or are silent, others are asked', () => {
  expect(run(five, { 1: true, 3: false, 4: true })).toEqual({ outcome: true, asked: [1, 3, 4] });
  expect(run(five, { 1: undefined, 3: 'silent', 4: false, 5: false })).toEqual({ outcome: false, asked: [1, 3, 2, 4, 5] });
});

test('two of one network are one voice', () => {
  const twins = [dialler(1, 'a'), dialler(2, 'a'), dialler(3, 'a'), dialler(4, 'b')];
  expect(run(twins, { 1: true, 2: true, 3: true, 4: false })).toEqual({ outcome: true, asked: [1, 4, 2, 3] });
  expect(run([dialler(1, 'a'), dialler(2, 'a')], { 1: false, 2: false })).toEqual({ outcome: false, asked: [1, 2] });
});

test('the only one there is decides; nobody, or as many voices for as against, do not', () => {
  expect(run([dialler(1, 'a')], { 1: true })).toEqual({ outcome: true, asked: [1] });
  expect(run([], {})).toEqual({ outcome: 'nobody-knows', asked: [] });
  expect(run([dialler(1, 'a'), dialler(2, 'b')], { 1: true, 2: false })).toEqual({ outcome: 'nobody-knows', asked: [1, 2] });
});

test('no more than six are bothered', () => {
  const many = Array.from({ length: 20 }, (_, index) => dialler(index, `${index}`));
  expect(run(many, {})).toEqual({ outcome: 'nobody-knows', asked: [0, 1, 2, 3, 4, 5] });
});

test('an answer counts once, from whom it was asked and with its nonce; who leaves is not waited for', () => {
  const check = new ReachabilityCheck();
  const [first, second] = check.next(five, () => 7n, 0);
  if (first === undefined || second === undefined) throw new Error('two are asked');
  const reached = { reached: true, address: 'x' };
  check.answered(second.connection, 8n, reached);
  check.answered(5 as ConnectionId, 7n, reached);
  check.answered(first.connection, 7n, reached);
  check.answered(first.connection, 7n, { ...reached, reached: false });
  expect(check.outcome()).toBeUndefined();
  check.gone(second.connection);
  expect(check.outcome()).toEqual({ ...reached, network: 'a' });
});
