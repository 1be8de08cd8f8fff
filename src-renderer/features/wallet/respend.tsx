import { Button } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { ClientError } from '../../api/client-error.ts';
import { transactionHref } from '../../explorer-places.ts';
import { useNode } from '../../stores/client-context.ts';
import { useWallet } from '../../stores/topics.ts';
import { formatAmount } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { wordsOf } from '../../ui/client-error-words.ts';
import { Hash } from '../../ui/hash.tsx';
import { Notice } from '../../ui/state-panel.tsx';
import type { HistoryEntry } from './history-words.ts';
import { LifeSteps } from './life-steps.tsx';
import { PassphraseField, usePassphrase, usePassphraseDelay } from './passphrase-field.tsx';
import { lifeSummary } from './payment-life.ts';
import { usePayment } from './use-payment.ts';

const names = text.wallet.respend;

function Respent({ txid }: { readonly txid: string }) {
  const info = usePayment(txid);
  return (
    <>
      <p className="life-state" role="status" data-testid="respend-state" data-state={info?.state ?? 'voting'}>
        {lifeSummary(info)}
      </p>
      <LifeSteps info={info} />
      <Hash value={txid} head={8} href={transactionHref(txid)} />
    </>
  );
}

/** Pays anew what came to nothing, with the same coins: only one of the two can ever be final, so nobody is paid twice. */
export function Respend({ entry }: { readonly entry: HistoryEntry }) {
  const { client } = useNode();
  const asksPassphrase = useWallet()?.info?.passphraserequired === true;
  const passphrase = usePassphrase();
  const delayMs = usePassphraseDelay();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ClientError>();
  const [sent, setSent] = useState<string>();
  // The most that it may cost: what it cost before, until a person has read that it costs more now.
  const [maxfee, setMaxFee] = useState(entry.fee);
  const pay = (event: FormEvent): void => {
    event.preventDefault();
    setBusy(true);
    void client.call('respendtransaction', { txid: entry.txid, passphrase: passphrase.take(), ...(maxfee === undefined ? {} : { maxfee }) }).then((outcome) => {
      setBusy(false);
      if (outcome.ok) return setSent(outcome.value);
      setError(outcome.error);
      const fee = outcome.error.code === 'max-fee-exceeded' ? outcome.error.data?.fee : undefined;
      if (typeof fee === 'string') setMaxFee(fee);
    });
  };
  if (sent !== undefined) return <Respent txid={sent} />;
  return (
    <form className="wallet-form respend" onSubmit={pay}>
      <h3 className="wallet-title">{names.title}</h3>
      <p className="small muted">{names.means}</p>
      {maxfee !== undefined && <p className="small">{names.atMost(formatAmount(maxfee))}</p>}
      {asksPassphrase && <PassphraseField passphrase={passphrase} testId="respend-passphrase" />}
      {error !== undefined && <Notice tone="bad" advice={wordsOf(error)} />}
      <Button type="submit" loading={busy} disabled={asksPassphrase && (passphrase.typed === '' || delayMs > 0)} data-testid="respend">
        {names.pay}
      </Button>
    </form>
  );
}
