import { Button } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import type { Address } from '../../../src-shared/domain/address.ts';
import { formatPaymentUri } from '../../../src-shared/domain/payment-uri.ts';
import { useNode } from '../../stores/client-context.ts';
import { text } from '../../text/text.ts';
import { wordsOf } from '../../ui/client-error-words.ts';
import { CopyButton, useCopy } from '../../ui/copy-button.tsx';
import { Section } from '../../ui/section.tsx';
import { LoadingPanel, Notice } from '../../ui/state-panel.tsx';
import { QrCode } from './qr-code.tsx';
import { findAddress, stateOf, takeNewAddress, useReceive } from './receive-store.ts';

function AddressAndCode({ address, onNew }: { readonly address: string; readonly onNew: () => void }) {
  const link = formatPaymentUri({ address: address as Address });
  const { state, copy } = useCopy(address);
  return (
    <div className="wallet-form">
      <div className="receive-top">
        <QrCode content={link} />
        <div className="receive-side">
          <div className="receive-address">
            <p className="mono whole" data-testid="receive-address">
              {address}
            </p>
            <CopyButton value={link} label={text.wallet.copyLink} />
          </div>
          <p className="small muted">{text.wallet.receiveMeans}</p>
        </div>
      </div>
      <div className="wallet-buttons">
        <Button variant="default" onClick={onNew} data-testid="receive-new">
          {text.wallet.newAddress}
        </Button>
        <Button onClick={copy}>{state === 'copied' ? text.common.copied : text.wallet.copyAddress}</Button>
      </div>
    </div>
  );
}

interface ReceiveCardProps {
  readonly nodeId: string;
  readonly account: number;
}

/** An address to give to a payer. */
export function ReceiveCard({ nodeId, account }: ReceiveCardProps) {
  const { client } = useNode();
  const state = useReceive((receiving) => stateOf(receiving, { nodeId, account }));
  useEffect(() => {
    void findAddress(client, { nodeId, account }, sessionStorage);
  }, [client, nodeId, account]);
  const takeNew = (): void => void takeNewAddress(client, { nodeId, account }, sessionStorage);
  const body = (): ReactNode => {
    switch (state?.kind) {
      case undefined:
      case 'loading':
        return <LoadingPanel />;
      case 'failed':
        return <Notice tone="bad" advice={wordsOf(state.error)} onRetry={takeNew} />;
      case 'ready':
        return <AddressAndCode key={state.address} address={state.address} onNew={takeNew} />;
    }
  };
  return <Section title={text.wallet.receiveTitle}>{body()}</Section>;
}
