import { useEffect, useState } from 'react';
import { useOverview } from '../../stores/topics.ts';
import { type Asked, useAsked } from '../wallet/use-asked.ts';

/** While it is in no block yet. */
const waitingPollMs = 1_000;

/** A transaction with its coins, asked for with each block, and each second while it waits for one. `n`: the output that somebody looks at. */
export function useTransaction(txid: string, n?: number): Asked<'gettransactiondetails'> {
  const tip = useOverview()?.bestblockhash;
  const [round, setRound] = useState(0);
  const asked = useAsked('gettransactiondetails', { txid, ...(n === undefined ? {} : { n }) }, `${tip} ${round}`);
  const state = asked.value?.state;
  const isWaiting = state === 'voting' || state === 'certified' || state === 'final';
  useEffect(() => {
    if (!isWaiting) return;
    const timer = setInterval(() => setRound((before) => before + 1), waitingPollMs);
    return () => clearInterval(timer);
  }, [isWaiting]);
  return asked;
}
