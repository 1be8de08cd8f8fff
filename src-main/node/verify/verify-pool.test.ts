import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { testRuns } from '../../../src-shared/domain/test-runs.fixture.ts';
import { combineMuHash, deltaOf, emptyMuHash, encodeMuHash, finalizeMuHash } from '../../core/crypto/muhash.ts';
import { publicKeyOf, sign, verifySignature } from '../../core/crypto/signature.ts';
import { InvariantError } from '../../core/invariant.ts';
import { VerifyPool, VerifyPoolStopped, workersFor } from './verify-pool.ts';

const workerUrl = new URL('./verify-worker.ts', import.meta.url);
const pools: VerifyPool[] = [];
const failures: InvariantError[] = [];
const poolOf = (workers: number, url = workerUrl): VerifyPool => {
  const pool = new VerifyPool(url, workers, (error) => failures.push(error));
  pools.push(pool);
  return pool;
};
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.stop()));
  expect(failures.splice(0)).toEqual([]);
});

const seed = new Uint8Array(32).fill(7);
const publicKey = publicKeyOf(seed);
const text = (words: string): Uint8Array => new TextEncoder().encode(words);
const signed = (words: string) => ({ publicKey, message: text(words), signature: sign(seed, text(words)) });
const good = signed('pay');
const bad = { ...good, message: text('pay more') };

describe('signatures', () => {
  test('each is answered, in order', async () => {
    const items = Array.from({ length: 700 }, (_, i) => (i % 3 === 0 ? bad : good));
    expect(await poolOf(2).verify(items, false)).toEqual(items.map((item) => item === good));
  });

  test('a key may be hex, a message empty or long', async () => {
    const long = 'x'.repeat(1_500_000);
    const items = [{ ...good, publicKey: Buffer.from(publicKey).toString('hex') }, signed(''), signed(long), { ...signed(long), message: text('x') }];
    expect(await poolOf(1).verify(items, true)).toEqual([true, true, true, false]);
  });

  test('what is malformed is false, and the rest is answered all the same', async () => {
    const malformed = [
      { ...good, publicKey: new Uint8Array(31) },
      { ...good, publicKey: new Uint8Array(33) },
      { ...good, publicKey: '' },
      { ...good, publicKey: 'zz'.repeat(32) },
      { ...good, publicKey: Buffer.from(publicKey).toString('hex').toUpperCase() },
      { ...good, signature: new Uint8Array() },
      { ...good, signature: new Uint8Array([...good.signature, 0]) },
    ];
    const pool = poolOf(1);
    expect(await pool.verify(malformed, false)).toEqual(malformed.map(() => false));
    const mixed = malformed.flatMap((item) => [good, item]);
    expect(await pool.verify(mixed, false)).toEqual(mixed.map((item) => item === good));
    expect(await pool.verify([], true)).toEqual([]);
  });

  test('the rule is the reference’s, whichever bytes are changed', async () => {
    const pool = poolOf(1);
    const flips = fc.array(fc.record({ field: fc.constantFrom('publicKey', 'message', 'signature'), at: fc.nat(63), bit: fc.nat(7) }), { maxLength: 2 });
    await fc.assert(
      fc.asyncProperty(fc.array(flips, { minLength: 1, maxLength: 10 }), async (cases) => {
        const items = cases.map((changes) => {
          const item = { publicKey: publicKey.slice(), message: text('a message'), signature: sign(seed, text('a message')) };
          for (const { field, at, bit } of changes) {
            const bytes = item[field as keyof typeof item];
            bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ (1 << bit);
          }
          return item;
        });
        expect(await pool.verify(items, false)).toEqual(items.map(verifySignature));
      }),
      { numRuns: testRuns(15) },
    );
  });

  test('an urgent batch does not wait behind a large one', async () => {
    const pool = poolOf(1);
    let largeDone = false;
    const large = pool.verify(new Array(10_000).fill(good), false).then((valid) => {
      largeDone = true;
      return valid;
    });
    await pool.verify(new Array(10).fill(good), true); // the worker is up, and in the middle of the large one
    const few = Array.from({ length: 6 }, (_, i) => (i % 2 === 0 ? good : bad));
    for (let i = 0; i < 10; i++) expect(await pool.verify(few, true)).toEqual(few.map((item) => item === good));
    expect(largeDone).toBe(false);
    expect(pool.queuedItems).toBeGreaterThan(0);
    expect((await large).every((valid) => valid)).toBe(true);
    expect(pool.queuedItems).toBe(0);
  });
});

describe('batches', () => {
  // Answers that only the first signature of a batch is valid, so that the valid ones count the batches.
  const counting = new URL(
    `data:text/javascript,${encodeURIComponent(
      "import { parentPort } from 'node:worker_threads'; parentPort.on('message', ({ id }) => parentPort.postMessage({ id, bytes: new Uint8Array(100).fill(1, 0, 1) }));",
    )}`,
  );
  const silent = new URL("data:text/javascript,import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => {});");
  const batchesOf = (answers: boolean[][]) => answers.flat().filter((valid) => valid).length;

  test.each([
    { workers: 1, requests: 1_000, items: 1, batches: 4 },
    { workers: 1, requests: 30, items: 2, batches: 1 },
    { workers: 1, requests: 1, items: 5, batches: 1 },
    { workers: 1, requests: 1, items: 1_000, batches: 4 },
    { workers: 2, requests: 1, items: 10, batches: 1 },
    { workers: 2, requests: 1, items: 200, batches: 2 },
    { workers: 2, requests: 4, items: 100, batches: 2 },
  ])('$requests requests of $items for $workers workers travel as $batches', async ({ workers, requests, items, batches }) => {
    const pool = poolOf(workers, counting);
    const asked = Array.from({ length: requests }, () => pool.verify(new Array(items).fill(good), false));
    const answers = await Promise.all(asked);
    expect(answers.map((answer) => answer.length)).toEqual(new Array(requests).fill(items));
    expect(batchesOf(answers)).toBe(batches);
  });

  test('few are checked where they are, while no worker answers', async () => {
    const pool = poolOf(1, silent);
    void pool.verify(new Array(200).fill(good), true).catch(() => {});
    await new Promise(setImmediate);
    expect(await Promise.all([pool.verify([good, bad], false), pool.verify([good], false), pool.verify([bad], true)])).toEqual([
      [true, false],
      [true],
      [false],
    ]);
  });

  test('a batch of large messages is bounded in bytes', async () => {
    const pool = poolOf(1, counting);
    const large = { ...good, message: new Uint8Array(400_000) };
    expect(batchesOf([await pool.verify(new Array(6).fill(large), false)])).toBe(2);
  });
});

describe('the hash of the set of coins', () => {
  const coins = (count: number, kind: number) => Array.from({ length: count }, (_, i) => Uint8Array.of(kind, i & 255, i >> 8));

  test.each([
    [0, 0],
    [1, 0],
    [0, 1],
    [500, 300],
    [2_500, 40],
    [40, 2_500],
  ])('%i added and %i removed', async (addedCount, removedCount) => {
    const before = deltaOf(coins(20, 1), coins(3, 2));
    const [added, removed] = [coins(addedCount, 3), coins(removedCount, 4)];
    const expected = combineMuHash(before, deltaOf(added, removed));
    const { after, utxoSetHash } = await poolOf(2).muHash(encodeMuHash(before), added, removed);
    expect(utxoSetHash).toBe(finalizeMuHash(expected));
    expect(after).toEqual(encodeMuHash(expected));
  });

  test('a state that is none is a bug', async () => {
    const pool = poolOf(1);
    await expect(pool.muHash(new Uint8Array(768), [], [])).rejects.toThrow(InvariantError);
    expect(failures.splice(0).length).toBe(1);
  });
});

describe('the end of a worker', () => {
  test('a worker that dies is told once, and everything unanswered is rejected', async () => {
    const pool = poolOf(
      2,
      new URL("data:text/javascript,import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => { throw new Error('out of luck'); });"),
    );
    const asked = Array.from({ length: 3 }, () => pool.verify(new Array(1_000).fill(good), false));
    for (const result of await Promise.allSettled(asked)) expect(result).toMatchObject({ status: 'rejected', reason: expect.any(InvariantError) });
    await expect(pool.verify([good], true)).rejects.toThrow('out of luck');
    expect(failures.splice(0).map((error) => error.message)).toEqual(['a verification worker died: out of luck']);
  });

  test('a worker that cannot start is told', async () => {
    const pool = poolOf(1, new URL('./no-such-worker.ts', import.meta.url));
    await expect(pool.verify(new Array(10).fill(good), false)).rejects.toThrow(InvariantError);
    expect(failures.splice(0).length).toBe(1);
  });

  test('stopping rejects what is unanswered, as stopped', async () => {
    const pool = poolOf(1);
    const asked = [pool.verify(new Array(2_000).fill(good), false), pool.muHash(encodeMuHash(emptyMuHash), [], [])];
    const settled = Promise.allSettled(asked);
    await pool.stop();
    for (const result of await settled) expect(result).toMatchObject({ status: 'rejected', reason: expect.any(VerifyPoolStopped) });
    await expect(pool.verify([good], false)).rejects.toThrow(VerifyPoolStopped);
    await expect(pool.muHash(encodeMuHash(emptyMuHash), [], [])).rejects.toThrow(VerifyPoolStopped);
  });
});

test('workers leave a core for the main thread', () => {
  expect([1, 2, 3, 4, 5, 16].map(workersFor)).toEqual([1, 1, 2, 3, 4, 4]);
});
