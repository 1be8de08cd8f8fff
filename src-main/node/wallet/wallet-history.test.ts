import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Lock, Txid } from '../../../src-shared/domain/ids.ts';
import { type HashedTransaction, hashTransaction } from '../../core/codec/transaction.ts';
import type { HistoryItem } from '../storage/chain-answers.ts';
import type { QueryArgs } from '../storage/queries.ts';
import { WalletHistory } from './wallet-history.ts';

const own = '11'.repeat(20) as Lock;
const payingOwn = (timestamp: number): HashedTransaction =>
  hashTransaction({ version: 1, kind: 'coinbase', inputs: [], outputs: [{ amount: 1n, lock: own }], timestamp, payload: new Uint8Array(8), witnesses: [] });

/** As many in the chain, three to a block, and as many pending; the newest are the pending ones. */
function historyOf(inChain: number, pending: number) {
  const chain = Array.from({ length: inChain }, (_, index) => ({ hashed: payingOwn(index), height: Math.floor(index / 3), position: index % 3 }));
  const byTxid = new Map(chain.map((one) => [one.hashed.txid, one]));
  const waiting = Array.from({ length: pending }, (_, index) => payingOwn(1_000_000 + index));
  let lookUps = 0;
  const query = (name: string, args: unknown): Promise<never> => {
    if (name === 'transaction') {
      lookUps++;
      const found = byTxid.get((args as QueryArgs<'transaction'>).txid);
      return Promise.resolve((found && { ...found, encoded: found.hashed.encoded, finalAfterMs: undefined }) as never);
    }
    const { limit, before } = args as QueryArgs<'historyOfLocks'>;
    const older = (one: HistoryItem | (typeof chain)[number]): boolean =>
      before === undefined || one.height < before.height || (one.height === before.height && one.position < before.position);
    const page = chain.filter(older).toReversed().slice(0, limit);
    return Promise.resolve(page.map(({ hashed, height, position }) => ({ txid: hashed.txid, height, position })) as never);
  };
  const history = new WalletHistory({
    storage: { query },
    views: {
      pendingTransactions: () => waiting,
      pending: (txid) => ({ hashed: waiting.find((one) => one.txid === txid), status: 'pending', finalAfterMs: undefined }) as never,
      departed: () => undefined,
      coin: () => undefined,
    },
    sent: { newestFirst: () => [], of: () => undefined },
  });
  const txids: readonly Txid[] = [...waiting.toReversed(), ...chain.map(({ hashed }) => hashed).toReversed()].map(({ txid }) => txid);
  const locks = new Set([own]);
  return { list: (count: number, skip: number) => history.list({ count, skip, locks }), txids, lookUps: () => lookUps };
}

it('any page is that part of the whole, newest first', async () => {
  const sizes = fc.record({ inChain: fc.nat(40), pending: fc.nat(8), count: fc.integer({ min: 1, max: 20 }), skip: fc.nat(50) });
  await fc.assert(
    fc.asyncProperty(sizes, async ({ inChain, pending, count, skip }) => {
      const { list, txids } = historyOf(inChain, pending);
      expect((await list(count, skip)).map(({ entry }) => entry.txid)).toEqual(txids.slice(skip, skip + count));
    }),
  );
});

it('goes far back page by page', async () => {
  const { list, txids } = historyOf(2_500, 0);
  for (const skip of [998, 999, 1_000, 1_001, 1_999, 2_000, 2_499, 2_500, 9_000])
    expect((await list(2, skip)).map(({ entry }) => entry.txid)).toEqual(txids.slice(skip, skip + 2));
});

it('looks a transaction of a block up once', async () => {
  const { list, lookUps } = historyOf(10, 0);
  for (let time = 0; time < 3; time++) await list(10, 0);
  expect(lookUps()).toBe(10);
});
