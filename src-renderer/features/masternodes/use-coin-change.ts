import { useOverview, useWallet } from '../../stores/topics.ts';

/** Changes with whatever may change this wallet's coins: a block, or a transaction of its own. */
export function useCoinChange(): string {
  const height = useOverview()?.height ?? 0;
  const wallet = useWallet();
  const newest = wallet?.transactions[0];
  return `${height} ${newest?.txid ?? ''} ${newest?.state ?? ''} ${wallet?.balances.mine.trusted ?? ''}`;
}
