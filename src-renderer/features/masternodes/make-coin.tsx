import { Button } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { ClientError } from '../../api/client-error.ts';
import { useNode } from '../../stores/client-context.ts';
import { text } from '../../text/text.ts';
import { Amount } from '../../ui/amount.tsx';
import { wordsOf } from '../../ui/client-error-words.ts';
import { Section } from '../../ui/section.tsx';
import { Notice } from '../../ui/state-panel.tsx';
import { PassphraseField, usePassphrase, usePassphraseDelay } from '../wallet/passphrase-field.tsx';

interface MakeCoinProps {
  /** Decimal string of TIME. */
  readonly amount: string;
  /** Of the address that gets it. */
  readonly label: string;
  readonly asksPassphrase: boolean;
  readonly onMade: () => void;
}

/** A payment to oneself, which leaves a coin of exactly the amount. */
export function MakeCoin({ amount, label, asksPassphrase, onMade }: MakeCoinProps) {
  const { client } = useNode();
  const passphrase = usePassphrase();
  const delayMs = usePassphraseDelay();
  const [plan, setPlan] = useState<{ readonly address: string; readonly fee: string }>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ClientError>();
  const names = text.masternodes.register.collateral;

  const prepare = async (): Promise<void> => {
    setBusy(true);
    const address = await client.call('getnewaddress', { label });
    const estimate = address.ok ? await client.call('estimatefee', { address: address.value, amount }) : address;
    setBusy(false);
    setError(estimate.ok ? undefined : estimate.error);
    if (address.ok && estimate.ok) setPlan({ address: address.value, fee: estimate.value.fee });
  };
  const pay = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (plan === undefined) return;
    setBusy(true);
    const outcome = await client.call('sendtoaddress', { address: plan.address, amount, passphrase: passphrase.take(), maxfee: plan.fee });
    setBusy(false);
    setError(outcome.ok ? undefined : outcome.error);
    if (outcome.ok) onMade();
  };
  return (
    <Section title={names.makeTitle} className="masternode-make">
      <form className="masternode-form" onSubmit={(event) => void pay(event)} autoComplete="off">
        {plan !== undefined && (
          <>
            <dl className="cost">
              <dt>{text.wallet.to}</dt>
              <dd className="mono whole">{plan.address}</dd>
              <dt>{text.wallet.amount}</dt>
              <dd>
                <Amount time={amount} />
              </dd>
              <dt>{text.wallet.fee}</dt>
              <dd>
                <Amount time={plan.fee} />
              </dd>
            </dl>
            {asksPassphrase && <PassphraseField passphrase={passphrase} testId="make-coin-passphrase" />}
          </>
        )}
        {error !== undefined && <Notice tone="bad" advice={wordsOf(error)} />}
        <div>
          {plan === undefined ? (
            <Button onClick={() => void prepare()} loading={busy} data-testid="make-coin">
              {names.make}
            </Button>
          ) : (
            <Button type="submit" loading={busy} disabled={asksPassphrase && (passphrase.typed === '' || delayMs > 0)} data-testid="make-coin-confirm">
              {names.makeNow}
            </Button>
          )}
        </div>
      </form>
    </Section>
  );
}
