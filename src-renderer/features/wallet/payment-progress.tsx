import { Button } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { addressHref, transactionHref } from '../../explorer-places.ts';
import { text } from '../../text/text.ts';
import { Amount } from '../../ui/amount.tsx';
import { Hash } from '../../ui/hash.tsx';
import { LifeSteps } from './life-steps.tsx';
import { lifeSummary } from './payment-life.ts';
import { newPayment, type Payment } from './send-store.ts';
import { usePayment } from './use-payment.ts';

interface PaymentProgressProps {
  readonly payment: Payment;
  readonly txid: string;
}

/** A payment's life as it happens. */
export function PaymentProgress({ payment, txid }: PaymentProgressProps) {
  const info = usePayment(txid);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  return (
    <div className="wallet-form">
      <h2 className="figure" ref={title} tabIndex={-1}>
        <Amount time={payment.amount} />
      </h2>
      <p className="line">
        <span className="muted">{text.wallet.paidTo}</span>
        <Hash value={payment.address} head={10} href={addressHref(payment.address)} />
        {payment.label !== '' && <span className="cut">{payment.label}</span>}
      </p>
      <p className="life-state" role="status" data-testid="send-state" data-state={info?.state ?? 'voting'}>
        {lifeSummary(info)}
      </p>
      <LifeSteps info={info} />
      <p className="line small">
        <span className="muted">{text.wallet.transaction}</span>
        <Hash value={txid} head={8} href={transactionHref(txid)} />
      </p>
      <Button variant="default" fullWidth onClick={newPayment} data-testid="send-new">
        {text.wallet.newPayment}
      </Button>
    </div>
  );
}
