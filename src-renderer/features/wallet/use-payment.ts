import { useEffect, useState } from 'react';
import { useNode } from '../../stores/client-context.ts';
import { isSettled, type PaymentInfo } from './payment-life.ts';

/** Votes come within some tens of milliseconds: often enough to see them, and a trifle for the node. */
const votingPollMs = 100;
const blockPollMs = 1_000;

/** The payment as the node has it, asked for until nothing more will happen. Undefined until the first answer. */
export function usePayment(txid: string): PaymentInfo | undefined {
  const { client } = useNode();
  const [info, setInfo] = useState<PaymentInfo>();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let current = true;
    const ask = async (): Promise<void> => {
      const outcome = await client.call('gettransaction', { txid });
      if (!current) return;
      if (outcome.ok) setInfo(outcome.value);
      if (outcome.ok && isSettled(outcome.value)) return;
      const votes = outcome.ok && outcome.value.state !== 'final';
      timer = setTimeout(() => void ask(), votes ? votingPollMs : blockPollMs);
    };
    void ask();
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [client, txid]);
  return info;
}
