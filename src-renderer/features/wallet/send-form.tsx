import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { NetworkName } from '../../../src-shared/domain/networks.ts';
import { maxLabelLength } from '../../../src-shared/domain/payment-uri.ts';
import type { ClientError } from '../../api/client-error.ts';
import { useNode } from '../../stores/client-context.ts';
import { text } from '../../text/text.ts';
import { Amount } from '../../ui/amount.tsx';
import { wordsOf } from '../../ui/client-error-words.ts';
import { Notice } from '../../ui/state-panel.tsx';
import { asTyped, fieldsFrom, readAmount, readRecipient } from './send-fields.ts';
import { editSend, reviewPayment, useSend } from './send-store.ts';
import { type EstimateState, useEstimate } from './use-estimate.ts';

/** Whether the address is one of this wallet's own; undefined until the node has said so. */
function useIsMine(address: string | undefined): boolean | undefined {
  const { client } = useNode();
  const [known, setKnown] = useState<{ readonly address: string; readonly mine: boolean }>();
  useEffect(() => {
    if (address === undefined) return;
    let current = true;
    void client.call('validateaddress', { address }).then((outcome) => {
      if (current && outcome.ok) setKnown({ address, mine: outcome.value.ismine === true });
    });
    return () => {
      current = false;
    };
  }, [client, address]);
  return known?.address === address ? known?.mine : undefined;
}

function Cost({ state }: { readonly state: EstimateState }) {
  if (state.kind === 'failed') return <Notice tone="bad" advice={wordsOf(state.error)} />;
  const estimate = state.kind === 'ready' ? state.estimate : undefined;
  return (
    <dl className="cost">
      <dt>{text.wallet.fee}</dt>
      <dd data-testid="send-fee">{estimate === undefined ? <span className="muted small">{text.wallet.feeAfter}</span> : <Amount time={estimate.fee} />}</dd>
      <dt>{text.wallet.total}</dt>
      <dd>{estimate === undefined ? <span className="muted">–</span> : <Amount time={estimate.total} />}</dd>
    </dl>
  );
}

interface SendFormProps {
  readonly network: NetworkName;
  /** Decimal string of TIME. */
  readonly spendable: string;
  /** After another stage, the first field takes the focus. */
  readonly returned: boolean;
}

export function SendForm({ network, spendable, returned }: SendFormProps) {
  const { client } = useNode();
  const { to, amount, label } = useSend();
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (returned) first.current?.focus();
  }, [returned]);
  const [maxError, setMaxError] = useState<ClientError>();
  const recipient = readRecipient(to, network);
  const typed = readAmount(amount, spendable);
  const address = recipient.kind === 'address' ? recipient.address : undefined;
  const time = typed.kind === 'amount' ? typed.time : undefined;
  const estimate = useEstimate(address, time, spendable);
  const isMine = useIsMine(address);

  const fillMax = (): void => {
    if (address === undefined) return;
    void client.call('estimatefee', { address }).then((outcome) => {
      setMaxError(outcome.ok ? undefined : outcome.error);
      if (outcome.ok) editSend({ amount: asTyped(outcome.value.amount) });
    });
  };
  const review = (event: FormEvent): void => {
    event.preventDefault();
    if (address !== undefined && time !== undefined && estimate.kind === 'ready')
      reviewPayment({ address, amount: time, label: label.trim() }, estimate.estimate);
  };
  return (
    <form className="wallet-form" onSubmit={review} autoComplete="off">
      <TextInput
        ref={first}
        label={text.wallet.to}
        placeholder={text.wallet.toHint}
        value={to}
        onChange={(event) => editSend(fieldsFrom(event.currentTarget.value, network))}
        error={recipient.kind === 'wrong' ? text.recipientErrors[recipient.error] : undefined}
        description={isMine === true ? text.wallet.ownAddress : undefined}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        spellCheck={false}
        classNames={{ input: 'mono' }}
        data-testid="send-address"
      />
      <TextInput
        label={text.wallet.amount}
        placeholder={text.wallet.amountHint}
        inputMode="decimal"
        value={amount}
        onChange={(event) => editSend({ amount: event.currentTarget.value })}
        error={typed.kind === 'wrong' ? text.wallet.amountErrors[typed.error] : undefined}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        rightSectionWidth={104}
        rightSection={
          <span className="line">
            <Button
              size="compact-xs"
              variant="default"
              onClick={fillMax}
              disabled={address === undefined}
              title={address === undefined ? text.wallet.maxNeedsAddress : text.wallet.maxMeans}
              data-testid="send-max"
            >
              {text.wallet.max}
            </Button>
            <span className="muted">{text.unit}</span>
          </span>
        }
        data-testid="send-amount"
      />
      <TextInput
        label={text.wallet.label}
        placeholder={text.wallet.labelHint}
        maxLength={maxLabelLength}
        value={label}
        onChange={(event) => editSend({ label: event.currentTarget.value })}
        data-testid="send-label"
      />
      {maxError !== undefined && estimate.kind !== 'ready' ? <Notice tone="bad" advice={wordsOf(maxError)} /> : <Cost state={estimate} />}
      <Button type="submit" fullWidth disabled={address === undefined || time === undefined || estimate.kind !== 'ready'} data-testid="send-review">
        {text.wallet.review}
      </Button>
    </form>
  );
}
