import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { testRuns } from '../../../src-shared/domain/test-runs.fixture.ts';
import type { ListeningAnswer } from '../codec/listening.ts';
import { OwnKeyWatch } from './own-key-watch.ts';

const listenMs = 2_000;
const watchOf = (nonce: bigint): OwnKeyWatch => new OwnKeyWatch({ masternode: true, listenMs, nonce });
function listening(nonce: bigint): OwnKeyWatch {
  const watch = watchOf(nonce);
  watch.listen();
  watch.hasCompany(0);
  return watch;
}
function signing(nonce: bigint): OwnKeyWatch {
  const watch = listening(nonce);
  watch.due(listenMs, true);
  return watch;
}

describe('the time of listening', () => {
  test('counts from when there is somebody to listen to', () => {
    const watch = watchOf(1n);
    watch.listen();
    watch.due(1_000_000, true);
    expect(watch.state).toEqual({ kind: 'listening', untilMs: undefined });
    watch.hasCompany(1_000_000);
    watch.hasCompany(1_001_000);
    watch.due(1_001_999, true);
    expect(watch.maySign).toBe(false);
    watch.due(1_002_000, true);
    expect(watch.state).toEqual({ kind: 'signing' });
  });

  test('begins again if everybody has gone', () => {
    const watch = listening(1n);
    watch.due(listenMs, false);
    expect(watch.state).toEqual({ kind: 'listening', untilMs: undefined });
    watch.hasCompany(9_000);
    expect(watch.state).toEqual({ kind: 'listening', untilMs: 11_000 });
  });

  test('is no longer than itself after the clock was set back', () => {
    const watch = listening(1n);
    watch.due(-1_000_000, true);
    expect(watch.state).toEqual({ kind: 'listening', untilMs: listenMs - 1_000_000 });
  });

  test('means nothing to who is no masternode', () => {
    const watch = new OwnKeyWatch({ masternode: false, listenMs, nonce: 1n });
    watch.signedBeyond({ epoch: 9, height: 9 });
    expect([watch.state, watch.heard({ nonce: 5n, answer: undefined })]).toEqual([{ kind: 'off' }, undefined]);
  });
});

describe('another process with its key', () => {
  test('that signs has the say: by an answer to the question of this process, and to no other', () => {
    const watch = listening(7n);
    watch.heard({ nonce: 3n, answer: { heard: 6n, signs: true } });
    expect(watch.isListening).toBe(true);
    watch.heard({ nonce: 3n, answer: { heard: 7n, signs: true } });
    expect(watch.state).toEqual({ kind: 'own-key-elsewhere' });
  });

  test('is answered once each, and not by one that may not sign itself', () => {
    const watch = signing(7n);
    expect(watch.heard({ nonce: 3n, answer: undefined })).toEqual({ heard: 3n, signs: true });
    expect(watch.heard({ nonce: 3n, answer: undefined })).toBeUndefined();
    watch.signedBeyond({ epoch: 0, height: 1 });
    expect(watch.heard({ nonce: 4n, answer: undefined })).toBeUndefined();
  });

  test('is not itself: what it asked comes back, with every nonce it had', () => {
    const watch = listening(2n ** 64n - 1n);
    watch.ask();
    expect(watch.nonce).toBe(0n);
    for (const nonce of [2n ** 64n - 1n, 0n]) expect(watch.heard({ nonce, answer: { heard: nonce, signs: true } })).toBeUndefined();
    expect(watch.isListening).toBe(true);
  });

  test('that listened later does not stop one that signs', () => {
    const watch = signing(7n);
    watch.heard({ nonce: 3n, answer: { heard: 7n, signs: false } });
    expect(watch.maySign).toBe(true);
  });
});

test('an old copy is silent until an epoch that begins after all that is known to be signed', () => {
  const watch = listening(1n);
  watch.signedBeyond({ epoch: 3, height: 0 });
  watch.signedBeyond({ epoch: 2, height: 500 });
  expect(watch.state).toEqual({ kind: 'restored-old-copy', through: { epoch: 3, height: 500, beforeMs: 0 } });
  expect([watch.concerns({ epoch: 3, height: 500 }), watch.concerns({ epoch: 3, height: 501 })]).toEqual([false, true]);
  const begun = (epoch: number, startHeight: number, closedMs = 1): boolean => watch.isOver({ epoch, startHeight, closedMs });
  expect([begun(3, 501), begun(4, 500), begun(4, 501)]).toEqual([false, false, true]);
  watch.signedBeyond({ epoch: 4, height: 0, beforeMs: 1_000 });
  expect([begun(5, 501, 1_000), begun(4, 501, 1_001), begun(5, 501, 1_001)]).toEqual([false, false, true]);
});

/** What one process says, heard by all others, in any order, any number of times, with what was said in a life before. */
test('of any number of processes with one key that hear one another before they sign, one signs at most, and one does', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), { minLength: 1, maxLength: 4 }),
      fc.boolean(),
      fc.infiniteStream(fc.nat(1_000)),
      fc.array(fc.record({ nonce: fc.bigInt({ min: 0n, max: 50n }), heard: fc.bigInt({ min: 51n, max: 99n }), signs: fc.boolean() }), { maxLength: 4 }),
      (nonces, firstSigns, order, replayed) => {
        // Old nonces are not those of now.
        fc.pre(nonces.every((nonce) => nonce > 100n));
        const processes = nonces.map((nonce, index) => (index === 0 && firstSigns ? signing(nonce) : listening(nonce)));
        const said: { nonce: bigint; answer: ListeningAnswer | undefined }[] = [
          ...processes.map(({ nonce }) => ({ nonce, answer: undefined })),
          ...replayed.map(({ nonce, ...answer }) => ({ nonce, answer })),
        ];
        for (let at = 0; at < said.length; at++) {
          const message = said[at];
          const turn = order.next().value;
          for (const [index] of processes.entries()) {
            const process = processes[(index + turn) % processes.length];
            const answer = message && process?.heard(message);
            if (process !== undefined && answer !== undefined) said.push({ nonce: process.nonce, answer });
          }
        }
        for (const process of processes) process.due(listenMs, true);
        expect(processes.filter(({ maySign }) => maySign)).toHaveLength(1);
      },
    ),
    { numRuns: testRuns(500) },
  );
});
