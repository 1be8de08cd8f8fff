import type { Lock, Txid } from '../../../src-shared/domain/ids.ts';
import type { RequestRecord } from '../keys/wallet-store.ts';
import type { WalletHistoryEntry } from './wallet-history.ts';

/** Of the payments that went to one request; more than one is rare, and a hundred is abuse. */
export const maxPaymentsOfRequest = 100;

export interface PaidRequest {
  readonly request: RequestRecord;
  readonly account: number;
  readonly state: 'open' | 'partly' | 'paid';
  /** Units, of what is final or in a block. */
  readonly received: bigint;
  /** Units, on its way. */
  readonly pending: bigint;
  /** Oldest first. */
  readonly txids: readonly Txid[];
}

/** What came of a request, by what its address received. `entries`: of that address, oldest first. */
export function paidRequest(request: RequestRecord, account: number, entries: readonly WalletHistoryEntry[]): PaidRequest {
  const paying = entries.filter(({ stage, received }) => received.has(request.lock) && stage !== 'rejected' && stage !== 'dropped');
  const sum = (settled: boolean): bigint =>
    paying.filter(({ stage }) => (stage === 'final' || stage === 'confirmed') === settled).reduce((total, one) => total + amountTo(one, request.lock), 0n);
  const received = sum(true);
  const wanted = request.amount ?? 1n;
  return {
    request,
    account,
    state: received >= wanted ? 'paid' : received > 0n ? 'partly' : 'open',
    received,
    pending: sum(false),
    txids: paying.slice(0, maxPaymentsOfRequest).map(({ entry }) => entry.txid),
  };
}

const amountTo = ({ received }: WalletHistoryEntry, lock: Lock): bigint => received.get(lock) ?? 0n;
