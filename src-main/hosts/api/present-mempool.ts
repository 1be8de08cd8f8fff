import type * as z from 'zod';
import type { mempoolEntry } from '../../../src-shared/api/methods/transactions.ts';
import { formatTime } from '../../../src-shared/domain/amount.ts';
import type { Txid } from '../../../src-shared/domain/ids.ts';
import { parentsOf } from '../../core/codec/transaction.ts';
import type { EngineView } from '../../node/views.ts';
import { stageOf } from '../../node/wallet/wallet-history.ts';

type MempoolEntry = z.output<typeof mempoolEntry>;

/** All that is pending by its id, parents before children; the mempool bounds it. */
export function mempoolEntriesOf(views: EngineView): Record<string, MempoolEntry> {
  const entries = new Map<Txid, MempoolEntry>();
  for (const { txid } of views.pendingTransactions()) {
    const pending = views.pending(txid);
    if (pending === undefined) continue;
    const { hashed, status, fee, receivedMs } = pending;
    // Parents that are pending stand before it, so they are known by now; the others are in the chain.
    const depends = [...new Set(parentsOf(hashed))].filter((parent) => entries.has(parent));
    for (const parent of depends) entries.get(parent)?.spentby.push(txid);
    entries.set(txid, { size: hashed.encoded.length, time: receivedMs, state: stageOf[status], fees: { base: formatTime(fee) }, depends, spentby: [] });
  }
  return Object.fromEntries(entries);
}
