import { Button, Checkbox, TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { Response } from '../../../src-shared/api/contract.ts';
import type { NetworkName } from '../../../src-shared/domain/networks.ts';
import { maxLabelLength } from '../../../src-shared/domain/payment-uri.ts';
import type { ClientError } from '../../api/client-error.ts';
import { useNode } from '../../stores/client-context.ts';
import { decimalSeparator } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { Amount } from '../../ui/amount.tsx';
import { wordsOf } from '../../ui/client-error-words.ts';
import { Notice } from '../../ui/state-panel.tsx';
import { useAccount } from './account-store.ts';
import { CoinChoice } from './coin-choice.tsx';
import { amountIn, fieldsFrom, readAmount, readRecipient } from './send-fields.ts';
import { editSend, type Payment, reviewPayment, sourceOf, sumOfCoins, useSend } from './send-store.ts';
import { type EstimateState, useEstimate } from './use-estimate.ts';

/** What the wallet knows of the address; undefined until it has said so. */
function useAddressInfo(address: string | undefined): Response<'getaddressinfo'> | undefined {
  const { client } = useNode();
  const [known, setKnown] = useState<Response<'getaddressinfo'>>();
  useEffect(() => {
    if (address === undefined) return;
    let current = true;
    void client.call('getaddressinfo', { address }).then((outcome) => {
      if (current && outcome.ok) setKnown(outcome.value);
    });
    return () => {
      current = false;
    };
  }, [client, address]);
  return known?.address === address ? known : undefined;
}

const knownAs = (info: Response<'getaddressinfo'> | undefined): string | undefined => {
  if (info?.ismine === true) return text.wallet.ownAddress;
  return info === undefined || info.label === '' ? undefined : text.wallet.inBook(info.label);
};

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
  /** Of the chosen account, a decimal string of TIME. */
  readonly spendable: string;
  /** After another stage, the first field takes the focus. */
  readonly returned: boolean;
}

export function SendForm({ network, spendable, returned }: SendFormProps) {
  const { client } = useNode();
  const { to, amount, label, unit, subtractFee, coins } = useSend();
  const { account } = useAccount();
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (returned) first.current?.focus();
  }, [returned]);
  const [maxError, setMaxError] = useState<ClientError>();
  const recipient = readRecipient(to, network);
  const typed = readAmount(amount, coins === undefined ? spendable : sumOfCoins(coins), decimalSeparator, unit);
  const address = recipient.kind === 'address' ? recipient.address : undefined;
  const payment: Payment | undefined =
    address !== undefined && typed.kind === 'amount' ? { address, amount: typed.time, label: label.trim(), subtractFee, account, coins } : undefined;
  const estimate = useEstimate(
    payment && { address: payment.address, amount: payment.amount, subtractfeefromamount: subtractFee, ...sourceOf(payment) },
    spendable,
  );
  const info = useAddressInfo(address);

  const fillMax = (): void => {
    if (address === undefined) return;
    void client.call('estimatefee', { address, ...sourceOf({ account, coins }) }).then((outcome) => {
      setMaxError(outcome.ok ? undefined : outcome.error);
      if (outcome.ok) editSend({ amount: amountIn(unit, outcome.value.amount), subtractFee: false });
    });
  };
  const changeUnit = (): void => {
    const next = unit === 'time' ? 'units' : 'time';
    editSend({ unit: next, ...(typed.kind === 'amount' ? { amount: amountIn(next, typed.time) } : {}) });
  };
  const changeRecipient = (value: string): void => {
    const fields = fieldsFrom(value, network);
    // A link's amount is in TIME.
    editSend(fields.amount === undefined ? fields : { ...fields, unit: 'time' });
  };
  const review = (event: FormEvent): void => {
    event.preventDefault();
    if (payment !== undefined && estimate.kind === 'ready') reviewPayment(payment, estimate.estimate);
  };
  return (
    <form className="wallet-form" onSubmit={review} autoComplete="off">
      <TextInput
        ref={first}
        label={text.wallet.to}
        placeholder={text.wallet.toHint}
        value={to}
        onChange={(event) => changeRecipient(event.currentTarget.value)}
        error={recipient.kind === 'wrong' ? text.recipientErrors[recipient.error] : undefined}
        description={knownAs(info)}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        spellCheck={false}
        classNames={{ input: 'mono' }}
        data-testid="send-address"
      />
      <TextInput
        label={text.wallet.amount}
        placeholder={unit === 'time' ? text.wallet.amountHint : '0'}
        inputMode={unit === 'time' ? 'decimal' : 'numeric'}
        value={amount}
        onChange={(event) => editSend({ amount: event.currentTarget.value })}
        error={typed.kind === 'wrong' ? text.wallet.amountErrors[typed.error] : undefined}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        rightSectionWidth={124}
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
            <Button size="compact-xs" variant="default" onClick={changeUnit} title={text.wallet.unitMeans} data-testid="send-unit">
              {unit === 'time' ? text.unit : text.wallet.units}
            </Button>
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
      <Checkbox
        size="xs"
        label={text.wallet.subtractFee}
        checked={subtractFee}
        onChange={(event) => editSend({ subtractFee: event.currentTarget.checked })}
        data-testid="send-subtract"
      />
      <CoinChoice coins={coins} account={account} />
      {maxError !== undefined && estimate.kind !== 'ready' ? <Notice tone="bad" advice={wordsOf(maxError)} /> : <Cost state={estimate} />}
      <Button type="submit" fullWidth disabled={payment === undefined || estimate.kind !== 'ready'} data-testid="send-review">
        {text.wallet.review}
      </Button>
    </form>
  );
}
