import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Lock, type NodeId, type Outpoint, outpointKey, type PublicKey, type Txid } from '../../../src-shared/domain/ids.ts';
import { testRuns } from '../../../src-shared/domain/test-runs.fixture.ts';
import { encodeMasternodePayload } from '../codec/masternode-payload.ts';
import { type HashedTransaction, hashTransaction } from '../codec/transaction.ts';
import { type Admission, Mempool, maxSpendersPerOutpoint } from './mempool.ts';
import { MempoolCoins } from './mempool-coins.ts';
import { isCertified, type MempoolStatus } from './mempool-entry.ts';

const expiry = (transferMs: number) => ({ transferMs, blockOnlyMs: 100 * transferMs });

const lock = 'ab'.repeat(20) as Lock;
const coin = (number: number): Outpoint => ({ txid: number.toString(16).padStart(64, '0') as Txid, vout: 0 });
const outputOf = ({ txid }: HashedTransaction, vout = 0): Outpoint => ({ txid, vout });
/** `tag` tells transactions apart that spend the same. */
function spending(inputs: readonly Outpoint[], tag = 0, outputs = 1): HashedTransaction {
  return hashTransaction({
    version: 1,
    kind: 'transfer',
    inputs,
    outputs: Array.from({ length: outputs }, () => ({ amount: 1_000n, lock })),
    timestamp: tag,
    payload: new Uint8Array(0),
    witnesses: [{ publicKey: '00'.repeat(32) as PublicKey, signature: new Uint8Array(64) }],
  });
}
const admission = (hashed: HashedTransaction, change: Partial<Admission> = {}): Admission => ({ hashed, fee: 1_000n, receivedMs: 0, ...change });
const sizeBytes = spending([coin(1)]).encoded.length;

function mempoolOf(admissions: readonly Admission[], limits?: ConstructorParameters<typeof Mempool>[0]): Mempool {
  const mempool = new Mempool(limits);
  for (const one of admissions) expect(mempool.admit(one).ok).toBe(true);
  return mempool;
}
const ids = (list: readonly HashedTransaction[]): Txid[] => list.map(({ txid }) => txid);
const codeOf = (mempool: Mempool, one: Admission): string | undefined => {
  const admitted = mempool.admit(one);
  return admitted.ok ? undefined : admitted.rejection.code;
};
const evictedBy = (mempool: Mempool, one: Admission): readonly Txid[] | string => {
  const admitted = mempool.admit(one);
  return admitted.ok ? ids(admitted.value.evicted) : admitted.rejection.code;
};
const all = { nowMs: 100_000, uncertifiedAgeMs: 30_000, maxBytes: 2_000_000, leavesOutContested: false };

describe('admission', () => {
  const [a, b] = [spending([coin(1), coin(2)], 1), spending([coin(2), coin(3)], 2)];

  it('counts bytes, and tells what is there', () => {
    const mempool = mempoolOf([admission(a, { fee: 2_000n, receivedMs: 5 })]);
    expect(mempool.get(a.txid)).toMatchObject({ fee: 2_000n, feeRate: 2_000_000n / BigInt(a.encoded.length), receivedMs: 5, status: 'pending' });
    expect([mempool.size, mempool.bytes(), mempool.finalBytes()]).toEqual([1, a.encoded.length, 0]);
    expect(codeOf(mempool, admission(a))).toBe('already-known');
  });

  it('holds conflicting ones side by side and finds them by coin', () => {
    const mempool = mempoolOf([admission(a), admission(b)]);
    expect(mempool.conflictsOf(a)).toEqual([b.txid]);
    expect(mempool.conflictsOf(spending([coin(3), coin(1), coin(2)]))).toEqual([b.txid, a.txid]);
    expect([1, 2, 3, 4].map((number) => mempool.spendersOf(outpointKey(coin(number))))).toEqual([[a.txid], [a.txid, b.txid], [b.txid], []]);
  });

  it('holds so many of one coin, and one more only where it is certified, in place of the last that is not', () => {
    const rivals = Array.from({ length: maxSpendersPerOutpoint }, (_, tag) => spending([coin(1)], tag));
    const mempool = mempoolOf(rivals.map((one) => admission(one)));
    const late = spending([coin(1), coin(2)], 99);
    expect(codeOf(mempool, admission(late, { fee: 10_000_000n }))).toBe('contested-limit');
    mempool.markStatus(rivals.at(-1)?.txid as Txid, 'certified');
    expect(evictedBy(mempool, admission(late, { status: 'certified' }))).toEqual([rivals.at(-2)?.txid]);
    expect(mempool.spendersOf(outpointKey(coin(1)))).toHaveLength(maxSpendersPerOutpoint);
  });

  it('wants parents that are final', () => {
    const child = spending([outputOf(a)]);
    const mempool = mempoolOf([admission(a)]);
    expect(codeOf(mempool, admission(child))).toBe('parent-not-final');
    mempool.markStatus(a.txid, 'certified');
    expect(codeOf(mempool, admission(child))).toBe('parent-not-final');
    mempool.markStatus(a.txid, 'final', 7);
    expect(codeOf(mempool, admission(child))).toBeUndefined();
  });

  it('wants the parent of the collateral that is registered to be final too', () => {
    const mempool = mempoolOf([admission(a)]);
    const payload = encodeMasternodePayload({
      kind: 'masternode-register',
      nodeId: '00'.repeat(32) as NodeId,
      tier: 'bronze',
      collateral: outputOf(a),
      ownerLock: lock,
      rewardLock: lock,
      serviceAddress: '',
    });
    const registers = hashTransaction({ ...spending([coin(9)]).transaction, kind: 'masternode-register', payload });
    expect(codeOf(mempool, admission(registers))).toBe('parent-not-final');
    mempool.markStatus(a.txid, 'final', 7);
    expect(codeOf(mempool, admission(registers))).toBeUndefined();
  });
});

describe('a full mempool', () => {
  const paying = (fee: bigint, number = Number(fee)): Admission => admission(spending([coin(number)]), { fee });
  const limits = { maxTransactions: 3, maxBytes: 100_000 };
  const three = [paying(3_000n), paying(1_000n), paying(2_000n)];

  it('gives way from the lowest fee rate on, to what pays more', () => {
    const mempool = mempoolOf(three, limits);
    expect(codeOf(mempool, paying(900n))).toBe('mempool-full');
    expect(codeOf(mempool, paying(1_000n, 5))).toBe('mempool-full');
    expect(evictedBy(mempool, paying(4_000n))).toEqual([three[1]?.hashed.txid]);
    expect(evictedBy(mempool, paying(5_000n))).toEqual([three[2]?.hashed.txid]);
    expect(mempool.size).toBe(3);
  });

  it('lets the younger of two equal rates go', () => {
    const equal = [paying(1_000n, 1), paying(1_000n, 2), paying(1_000n, 3)];
    expect(evictedBy(mempoolOf(equal, limits), paying(2_000n))).toEqual([equal[2]?.hashed.txid]);
  });

  it('counts bytes: one large one takes the place of several, or of none if one of them pays more', () => {
    const small = { maxTransactions: 10, maxBytes: 3 * sizeBytes };
    const large = spending([coin(50)], 0, 10);
    const mempool = mempoolOf(three, small);
    const before = ids(mempool.inAdmissionOrder().map(({ hashed }) => hashed));
    expect(codeOf(mempool, admission(large, { fee: 4_000n }))).toBe('mempool-full');
    expect(ids(mempool.inAdmissionOrder().map(({ hashed }) => hashed))).toEqual(before);
    expect(evictedBy(mempool, admission(large, { fee: 40_000n }))).toEqual([three[1], three[2], three[0]].slice(0, 3).map((one) => one?.hashed.txid));
    expect(mempool.bytes()).toBe(large.encoded.length);
  });

  it('never gives up a certified one, whatever it pays', () => {
    const mempool = mempoolOf(three, limits);
    mempool.markStatus(three[1]?.hashed.txid as Txid, 'certified');
    expect(evictedBy(mempool, paying(9_000n))).toEqual([three[2]?.hashed.txid]);
    for (const { hashed } of mempool.inAdmissionOrder()) mempool.markStatus(hashed.txid, 'committed');
    expect(codeOf(mempool, paying(10_000n))).toBe('mempool-full');
  });

  it('makes room for a certified one, whatever it pays', () => {
    expect(evictedBy(mempoolOf(three, limits), { ...paying(10n), status: 'certified' })).toEqual([three[1]?.hashed.txid]);
  });
});

describe('markStatus', () => {
  const a = spending([coin(1)]);
  const order: MempoolStatus[] = ['pending', 'rejected', 'certified', 'committed', 'final'];

  it('goes forward and never back', () => {
    for (const [from, first] of order.entries()) {
      for (const [to, next] of order.entries()) {
        if (next === 'pending') continue;
        const mempool = mempoolOf([admission(a, { status: first })]);
        const changed = next === 'final' ? mempool.markStatus(a.txid, next, 9) : mempool.markStatus(a.txid, next);
        expect([first, next, changed]).toEqual([first, next, to > from]);
        expect(mempool.get(a.txid)?.status).toBe(to > from ? next : first);
      }
    }
  });

  it('counts final bytes, and since when', () => {
    const mempool = mempoolOf([admission(a)]);
    expect(mempool.mustInclude(1_000, 0)).toEqual([]);
    expect(mempool.markStatus(a.txid, 'final', 50)).toBe(true);
    expect(mempool.markStatus(a.txid, 'final', 80)).toBe(false);
    expect(mempool.finalBytes()).toBe(a.encoded.length);
    expect([mempool.mustInclude(149, 100), mempool.mustInclude(150, 100)]).toEqual([[], [a.txid]]);
    mempool.remove(a.txid);
    expect(mempool.finalBytes()).toBe(0);
  });

  it('knows nothing of what is not here', () => {
    expect(new Mempool().markStatus(a.txid, 'certified')).toBe(false);
  });
});

describe('leaving', () => {
  const parent = spending([coin(1)], 0, 2);
  const children = [spending([outputOf(parent, 0)]), spending([outputOf(parent, 1)])] as const;
  const grandchild = spending([outputOf(children[0]), coin(9)]);
  const family = (): Mempool =>
    mempoolOf([admission(parent, { status: 'final' }), admission(children[0], { status: 'final' }), admission(children[1]), admission(grandchild)]);

  it('leaves descendants where they are, which can be asked for', () => {
    expect(family().withDescendants(parent.txid)).toEqual(ids([parent, ...children, grandchild]));
    expect(family().withDescendants(children[0].txid)).toEqual(ids([children[0], grandchild]));
    const mempool = family();
    mempool.remove(parent.txid);
    mempool.remove(parent.txid);
    expect(mempool.withDescendants(parent.txid)).toEqual([]);
    expect(ids(mempool.forBlock(all))).toEqual(ids([children[0], children[1], grandchild]));
  });

  it('happens by age to those without a certificate', () => {
    const statuses: MempoolStatus[] = ['pending', 'rejected', 'certified', 'committed', 'final'];
    const list = statuses.map((status, index) => admission(spending([coin(index)]), { status, receivedMs: 100 }));
    const mempool = mempoolOf([...list, admission(spending([coin(77)]), { receivedMs: 101 })]);
    expect(mempool.expire(1_099, expiry(1_000))).toEqual([]);
    expect(ids(mempool.expire(1_100, expiry(1_000)))).toEqual(ids(list.slice(0, 2).map(({ hashed }) => hashed)));
    expect(mempool.size).toBe(4);
  });
});

describe('forBlock', () => {
  const [a, b, c, d] = [1, 2, 3, 4].map((number) => spending([coin(number)])) as [HashedTransaction, HashedTransaction, HashedTransaction, HashedTransaction];

  it('takes final ones, then certified ones, then others that are old enough', () => {
    const mempool = mempoolOf([
      admission(a, { receivedMs: 70_000 }),
      admission(b, { receivedMs: 70_001 }),
      admission(c, { receivedMs: 99_999, status: 'committed' }),
      admission(d, { receivedMs: 99_999, status: 'final' }),
    ]);
    expect(ids(mempool.forBlock(all))).toEqual(ids([d, c, a]));
  });

  it('takes the first received of contested ones, and none that conflicts with a certified one', () => {
    const rivals = [spending([coin(1)], 5), spending([coin(1), coin(2)], 6)] as const;
    expect(ids(mempoolOf([admission(a), admission(b), admission(rivals[0]), admission(rivals[1])]).forBlock(all))).toEqual(ids([a, b]));
    const certified = mempoolOf([admission(a), admission(b), admission(rivals[1], { status: 'certified' }), admission(rivals[0])]);
    expect(ids(certified.forBlock(all))).toEqual(ids([rivals[1]]));
    // Also where the certified one does not fit.
    const large = spending([coin(1)], 7, 50);
    const room = { ...all, maxBytes: 2 * (sizeBytes + 4) };
    expect(ids(mempoolOf([admission(a), admission(large, { status: 'certified' }), admission(b)]).forBlock(room))).toEqual([b.txid]);
  });

  it('leaves out all that is contested and has no certificate, where it must give no occasion', () => {
    const rivals = [spending([coin(1)], 5), spending([coin(2)], 6)] as const;
    const mempool = mempoolOf([admission(a), admission(rivals[0]), admission(b, { status: 'certified' }), admission(rivals[1]), admission(c)]);
    expect(ids(mempool.forBlock({ ...all, leavesOutContested: true }))).toEqual(ids([b, c]));
    expect(ids(mempool.forBlock(all))).toEqual(ids([b, a, c]));
  });

  it('leaves out what was rejected', () => {
    const mempool = mempoolOf([admission(a), admission(b)]);
    mempool.markStatus(a.txid, 'rejected');
    expect(ids(mempool.forBlock(all))).toEqual([b.txid]);
  });

  it('fills the room with each and its length, and passes over children of what does not fit', () => {
    const large = spending([coin(5)], 0, 100);
    const child = spending([outputOf(large)]);
    const mempool = mempoolOf([admission(large, { status: 'final' }), admission(child), admission(a), admission(b), admission(c)]);
    expect(ids(mempool.forBlock({ ...all, maxBytes: 2 * (sizeBytes + 4) }))).toEqual(ids([a, b]));
    expect(ids(mempool.forBlock({ ...all, maxBytes: 2 * (sizeBytes + 4) - 1 }))).toEqual(ids([a]));
    expect(ids(mempool.forBlock(all))).toEqual(ids([large, child, a, b, c]));
  });
});

describe('MempoolCoins', () => {
  it('has the chain’s coins, and outputs of final transactions as if they were in the next block', () => {
    const parent = spending([coin(1)], 0, 2);
    const chainCoin = { amount: 5n, lock, height: 3, coinbase: true };
    const mempool = mempoolOf([admission(parent)]);
    const coins = new MempoolCoins(mempool, { coin: (key) => (key === outpointKey(coin(1)) ? chainCoin : undefined) }, () => 8);
    expect(coins.coin(outpointKey(coin(1)))).toBe(chainCoin);
    expect(coins.coin(outpointKey(outputOf(parent, 1)))).toBeUndefined();
    mempool.markStatus(parent.txid, 'final', 0);
    expect(coins.coin(outpointKey(outputOf(parent, 1)))).toEqual({ amount: 1_000n, lock, height: 8, coinbase: false });
    expect(coins.coin(outpointKey(outputOf(parent, 2)))).toBeUndefined();
  });
});

describe('any sequence of events', () => {
  type Step =
    | { readonly kind: 'admit'; readonly coins: readonly number[]; readonly child: number | undefined; readonly fee: number; readonly certified: boolean }
    | { readonly kind: 'mark'; readonly which: number; readonly status: Exclude<MempoolStatus, 'pending'> }
    | { readonly kind: 'remove'; readonly which: number; readonly all: boolean }
    | { readonly kind: 'expire' };
  const step: fc.Arbitrary<Step> = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('admit' as const),
        coins: fc.uniqueArray(fc.nat({ max: 5 }), { minLength: 1, maxLength: 2 }),
        child: fc.option(fc.nat(), { nil: undefined }),
        fee: fc.integer({ min: 1, max: 9 }),
        certified: fc.boolean(),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('mark' as const),
        which: fc.nat(),
        status: fc.constantFrom('rejected' as const, 'certified' as const, 'committed' as const, 'final' as const, 'final' as const),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), which: fc.nat(), all: fc.boolean() }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('expire' as const) }) },
  );

  it('keeps every limit and index right, and loses nothing that is certified but by removal', () => {
    const limits = { maxTransactions: 6, maxBytes: 1_400 };
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const mempool = new Mempool(limits);
        const kept = new Set<Txid>();
        const pick = (which: number): HashedTransaction | undefined => {
          const entries = mempool.inAdmissionOrder();
          return entries[which % Math.max(1, entries.length)]?.hashed;
        };
        for (const [tag, one] of steps.entries()) {
          const before = mempool.inAdmissionOrder();
          if (one.kind === 'admit') {
            const parent = one.child === undefined ? undefined : pick(one.child);
            const hashed = spending([...one.coins.map(coin), ...(parent === undefined ? [] : [outputOf(parent)])], tag);
            const admitted = mempool.admit(
              admission(hashed, { fee: BigInt(one.fee) * 1_000n, receivedMs: tag, status: one.certified ? 'certified' : 'pending' }),
            );
            if (admitted.ok) {
              expect(mempool.size).toBe(before.length + 1 - admitted.value.evicted.length);
              for (const { txid } of admitted.value.evicted) expect(mempool.has(txid)).toBe(false);
            } else expect(mempool.inAdmissionOrder()).toEqual(before);
          } else if (one.kind === 'mark') {
            const hashed = pick(one.which);
            if (hashed !== undefined && one.status === 'final') mempool.markStatus(hashed.txid, 'final', tag);
            else if (hashed !== undefined && one.status !== 'final') mempool.markStatus(hashed.txid, one.status);
          } else if (one.kind === 'remove') {
            const hashed = pick(one.which);
            const gone = hashed === undefined ? [] : one.all ? mempool.withDescendants(hashed.txid) : [hashed.txid];
            for (const txid of gone) {
              mempool.remove(txid);
              kept.delete(txid);
            }
          } else mempool.expire(tag, expiry(10));

          const entries = mempool.inAdmissionOrder();
          for (const { hashed, status } of entries) if (isCertified(status)) kept.add(hashed.txid);
          for (const txid of kept) expect(mempool.has(txid)).toBe(true);
          const bytesOf = (list: typeof entries): number => list.reduce((sum, { hashed }) => sum + hashed.encoded.length, 0);
          expect(mempool.bytes()).toBe(bytesOf(entries));
          expect(mempool.finalBytes()).toBe(bytesOf(entries.filter(({ status }) => status === 'final')));
          expect(mempool.size).toBeLessThanOrEqual(limits.maxTransactions);
          expect(mempool.bytes()).toBeLessThanOrEqual(limits.maxBytes);
          for (let number = 0; number <= 5; number++) {
            const key = outpointKey(coin(number));
            const spenders = entries.filter(({ hashed }) => hashed.transaction.inputs.some((input) => outpointKey(input) === key));
            expect(mempool.spendersOf(key)).toEqual(spenders.map(({ hashed }) => hashed.txid));
            expect(spenders.length).toBeLessThanOrEqual(maxSpendersPerOutpoint);
          }
          const block = mempool.forBlock({ nowMs: tag, uncertifiedAgeMs: 0, maxBytes: 600, leavesOutContested: tag % 2 === 0 });
          const spent = block.flatMap(({ transaction }) => transaction.inputs.map(outpointKey));
          expect(new Set(spent).size).toBe(spent.length);
          for (const [index, { transaction }] of block.entries()) {
            for (const { txid } of transaction.inputs) if (mempool.has(txid)) expect(ids(block.slice(0, index))).toContain(txid);
          }
        }
      }),
      { numRuns: testRuns(100) },
    );
  });
});
