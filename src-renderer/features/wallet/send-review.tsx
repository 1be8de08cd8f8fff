import { Button } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { ClientError } from '../../api/client-error.ts';
import { useNode } from '../../stores/client-context.ts';
import { text } from '../../text/text.ts';
import { Amount } from '../../ui/amount.tsx';
import { wordsOf } from '../../ui/client-error-words.ts';
import { Notice } from '../../ui/state-panel.tsx';
import { PassphraseField, usePassphrase, usePassphraseDelay } from './passphrase-field.tsx';
import { backToForm, type Estimate, type Payment, paymentSent, requestOf } from './send-store.ts';

interface SendReviewProps {
  readonly payment: Payment;
  readonly estimate: Estimate;
  readonly asksPassphrase: boolean;
}

export function SendReview({ payment, estimate, asksPassphrase }: SendReviewProps) {
  const { client } = useNode();
  const passphrase = usePassphrase();
  const delayMs = usePassphraseDelay();
  const [sending, setSending] = useState(false);
  const [error, setError] = useState<ClientError>();
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);

  const send = (event: FormEvent): void => {
    event.preventDefault();
    setSending(true);
    void client.call('sendtoaddress', requestOf(payment, passphrase.take(), estimate.fee)).then((outcome) => {
      setSending(false);
      if (outcome.ok) paymentSent({ ...payment, amount: estimate.amount }, outcome.value);
      else setError(outcome.error);
    });
  };
  return (
    <form className="wallet-form" onSubmit={send}>
      <h2 className="wallet-title" ref={title} tabIndex={-1}>
        {text.wallet.reviewTitle}
      </h2>
      <p className="figure">
        <Amount time={estimate.amount} />
      </p>
      <dl className="cost">
        <dt>{text.wallet.to}</dt>
        <dd className="mono whole">{payment.address}</dd>
        {payment.label !== '' && (
          <>
            <dt>{text.wallet.label}</dt>
            <dd>{payment.label}</dd>
          </>
        )}
        <dt>{text.wallet.fee}</dt>
        <dd>
          <Amount time={estimate.fee} />
        </dd>
        <dt>{text.wallet.total}</dt>
        <dd>
          <strong>
            <Amount time={estimate.total} />
          </strong>
        </dd>
        <dt>{text.wallet.change}</dt>
        <dd>
          <Amount time={estimate.change} />
        </dd>
      </dl>
      {payment.coins !== undefined && <p className="small muted">{text.wallet.coins.pay(payment.coins.length)}</p>}
      {asksPassphrase && <PassphraseField passphrase={passphrase} testId="send-passphrase" />}
      {error !== undefined && <Notice tone="bad" advice={wordsOf(error)} />}
      <p className="small muted">{text.wallet.cannotUndo}</p>
      <div className="wallet-buttons">
        <Button variant="default" onClick={backToForm} disabled={sending}>
          {text.wallet.back}
        </Button>
        <Button type="submit" disabled={sending || (asksPassphrase && (passphrase.typed === '' || delayMs > 0))} data-testid="send-confirm">
          {sending ? text.wallet.sending : text.wallet.confirm}
        </Button>
      </div>
    </form>
  );
}
