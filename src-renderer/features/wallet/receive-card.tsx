import { Button, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Address } from '../../../src-shared/domain/address.ts';
import { formatPaymentUri, maxLabelLength } from '../../../src-shared/domain/payment-uri.ts';
import { useNode } from '../../stores/client-context.ts';
import { text } from '../../text/text.ts';
import { wordsOf } from '../../ui/client-error-words.ts';
import { CopyButton, useCopy } from '../../ui/copy-button.tsx';
import { LoadingPanel, Notice } from '../../ui/state-panel.tsx';
import { QrCode } from './qr-code.tsx';
import { recallAddress, takeNewAddress, useReceive } from './receive-store.ts';
import { readAmount } from './send-fields.ts';

/** The link without what cannot be in one: a label that only some windows could show is left out rather than sent. */
function linkOf(address: string, amount: string, label: string): string {
  const read = readAmount(amount, undefined);
  const base = { address: address as Address, ...(read.kind === 'amount' ? { amount: read.units } : {}) };
  const trimmed = label.trim();
  try {
    return formatPaymentUri(trimmed === '' ? base : { ...base, label: trimmed });
  } catch {
    return formatPaymentUri(base);
  }
}

function AddressAndCode({ address, onNew }: { readonly address: string; readonly onNew: () => void }) {
  const [amount, setAmount] = useState('');
  const [label, setLabel] = useState('');
  const read = readAmount(amount, undefined);
  const link = linkOf(address, amount, label);
  const { state, copy } = useCopy(link);
  return (
    <div className="wallet-form">
      <div className="receive-top">
        <QrCode content={link} />
        <div className="receive-side">
          <p className="card-label">{text.wallet.receiveTitle}</p>
          <div className="receive-address">
            <p className="mono whole" data-testid="receive-address">
              {address}
            </p>
            <CopyButton value={address} label={text.wallet.copyAddress} />
          </div>
        </div>
      </div>
      <TextInput
        label={text.wallet.requestAmount}
        placeholder={text.wallet.amountHint}
        inputMode="decimal"
        value={amount}
        onChange={(event) => setAmount(event.currentTarget.value)}
        error={read.kind === 'wrong' ? text.wallet.amountErrors[read.error] : undefined}
        rightSectionWidth={52}
        rightSection={<span className="muted">{text.unit}</span>}
      />
      <TextInput label={text.wallet.label} maxLength={maxLabelLength} value={label} onChange={(event) => setLabel(event.currentTarget.value)} />
      <div className="wallet-buttons">
        <Button variant="default" onClick={onNew} data-testid="receive-new">
          {text.wallet.newAddress}
        </Button>
        <Button onClick={copy}>{state === 'copied' ? text.common.copied : text.wallet.copyLink}</Button>
      </div>
    </div>
  );
}

export function ReceiveCard({ nodeId }: { readonly nodeId: string }) {
  const { client } = useNode();
  const { state } = useReceive();
  useEffect(() => {
    recallAddress(nodeId, sessionStorage);
    if (useReceive.getState().state.kind === 'none') void takeNewAddress(client, nodeId, sessionStorage);
  }, [client, nodeId]);
  const takeNew = (): void => void takeNewAddress(client, nodeId, sessionStorage);
  switch (state.kind) {
    case 'none':
    case 'loading':
      return <LoadingPanel />;
    case 'failed':
      return <Notice tone="bad" advice={wordsOf(state.error)} onRetry={takeNew} />;
    case 'ready':
      return <AddressAndCode key={state.address} address={state.address} onNew={takeNew} />;
  }
}
