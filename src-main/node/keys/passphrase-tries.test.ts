import { expect, test } from 'vitest';
import { delayAfterMs, noTries, PassphraseGate, type PassphraseTries } from './passphrase-tries.ts';

const wrong = new Error('wrong');
const isWrong = (error: unknown): boolean => error === wrong;

function gateOf(tries: PassphraseTries = noTries, start = 1_000_000) {
  const clock = { wall: start, monotonic: 5 };
  const saved: PassphraseTries[] = [tries];
  const gate = new PassphraseGate({
    tries,
    save: (one) => {
      saved.push(one);
      return Promise.resolve();
    },
    nowMs: () => clock.wall,
    monotonicMs: () => clock.monotonic,
  });
  return { gate, clock, saved, fail: () => gate.try(() => Promise.reject(wrong), isWrong), succeed: () => gate.try(() => Promise.resolve('in'), isWrong) };
}

test('three are free, then each waits twice as long as the one before, ten minutes at most', async () => {
  expect([0, 1, 2, 3, 4, 5, 11, 12, 1_000].map(delayAfterMs)).toEqual([0, 0, 0, 2_000, 4_000, 8_000, 512_000, 600_000, 600_000]);
  const { gate, clock, fail } = gateOf();
  for (let time = 0; time < 3; time++) await expect(fail()).rejects.toBe(wrong);
  await expect(fail()).rejects.toMatchObject({ name: 'PassphraseDelayed', waitMs: 2_000 });
  clock.monotonic += 1_999;
  expect(gate.waitMs).toBe(1);
  clock.monotonic += 1;
  await expect(fail()).rejects.toBe(wrong);
  expect(gate.waitMs).toBe(4_000);
  expect(gate.failures).toBe(4);
});

test('the wait is from the answer on, however long it took', async () => {
  const { gate, clock } = gateOf({ failures: 2, lastMs: 0 });
  const slow = (): Promise<never> => {
    clock.monotonic += 5_000;
    return Promise.reject(wrong);
  };
  await expect(gate.try(slow, isWrong)).rejects.toBe(wrong);
  expect(gate.waitMs).toBe(2_000);
});

test('the right one clears the count', async () => {
  const { gate, saved, fail, succeed } = gateOf();
  await fail().catch(() => undefined);
  await expect(succeed()).resolves.toBe('in');
  expect(gate.failures).toBe(0);
  expect(saved.at(-1)).toEqual(noTries);
});

test('a try is written down as wrong before it is made, and one that failed otherwise is taken back', async () => {
  const { gate, saved } = gateOf();
  let atTry: PassphraseTries | undefined;
  await expect(
    gate.try(() => {
      atTry = saved.at(-1);
      return Promise.reject(new Error('the disk'));
    }, isWrong),
  ).rejects.toThrow('the disk');
  expect(atTry).toEqual({ failures: 1, lastMs: 1_000_000 });
  expect(saved.at(-1)).toEqual(noTries);
});

test.each([
  ['the time that passed counts', 1_003_000, 5_000],
  ['a clock that was set back takes the whole delay, and no more', 5, 8_000],
  ['what is over is over', 9_000_000, 0],
])('after a restart, %s', (_, now, waitMs) => {
  expect(gateOf({ failures: 5, lastMs: 1_000_000 }, now).gate.waitMs).toBe(waitMs);
});

test('many at once are tried one after the other: guesses wait, and right ones do not', async () => {
  const right = gateOf();
  await expect(Promise.all(Array.from({ length: 20 }, () => right.succeed()))).resolves.toHaveLength(20);
  const { fail } = gateOf();
  const results = await Promise.allSettled(Array.from({ length: 20 }, () => fail()));
  expect(results.filter((result) => result.status === 'rejected' && result.reason === wrong)).toHaveLength(3);
});

test('a crowd is turned away', async () => {
  const { gate } = gateOf();
  let release = (): void => undefined;
  const held = gate.try(() => new Promise<void>((resolve) => (release = resolve)), isWrong);
  const crowd = Array.from({ length: 99 }, () => gate.try(() => Promise.resolve(), isWrong));
  await expect(gate.try(() => Promise.resolve(), isWrong)).rejects.toMatchObject({ name: 'PassphraseDelayed' });
  await new Promise(setImmediate);
  release();
  await held;
  await Promise.all(crowd);
});

test('a try that cannot be written down is not made, and does not count', async () => {
  let tried = 0;
  const gate = new PassphraseGate({ tries: noTries, save: () => Promise.reject(new Error('no room')), nowMs: () => 0, monotonicMs: () => 0 });
  for (let time = 0; time < 5; time++) await expect(gate.try(() => Promise.resolve(tried++), isWrong)).rejects.toThrow('no room');
  expect([tried, gate.failures, gate.waitMs]).toEqual([0, 0, 0]);
});

test('what the right one did is done, also where that cannot be written down', async () => {
  const save = (tries: PassphraseTries) => (tries.failures === 0 ? Promise.reject(new Error('no room')) : Promise.resolve());
  const gate = new PassphraseGate({ tries: noTries, save, nowMs: () => 0, monotonicMs: () => 0 });
  await expect(gate.try(() => Promise.resolve('in'), isWrong)).resolves.toBe('in');
  expect(gate.failures).toBe(0);
});
