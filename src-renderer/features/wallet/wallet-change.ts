import { useMemo } from 'react';
import type { TopicValue } from '../../../src-shared/api/topics.ts';
import { useWallet } from '../../stores/topics.ts';

/** Another text whenever lists of the wallet may have changed: a block, a balance, or the state of a transaction. The clock alone changes nothing. */
export function changeOf({ balances, transactions, info }: TopicValue<'wallet'>): string {
  const { mine, lastprocessedblock } = balances;
  const listed = transactions.map(({ txid, state, label }) => `${txid}${state}${label}`).join(' ');
  return [lastprocessedblock.hash, mine.trusted, mine.untrusted_pending, mine.immature, mine.locked, info?.accounts, info?.scanning?.found, listed].join(' ');
}

export function useWalletChange(): string {
  const wallet = useWallet();
  return useMemo(() => (wallet === undefined ? '' : changeOf(wallet)), [wallet]);
}
