import { useState } from 'react';
import type { ClientError } from '../../api/client-error.ts';
import { useNode } from '../../stores/client-context.ts';
import { formatCount, shorten } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { Amount } from '../../ui/amount.tsx';
import { useNodeNow } from '../../ui/clock.ts';
import { LoadingPanel, Notice } from '../../ui/state-panel.tsx';
import { StepFrame } from '../setup/step-frame.tsx';
import { PassphraseField, usePassphrase, usePassphraseDelay } from '../wallet/passphrase-field.tsx';
import { useAsked } from '../wallet/use-asked.ts';
import { masternodeErrorWords } from './masternode-errors.ts';
import type { MasternodeStatus, TierRule } from './masternode-info.ts';
import { followRegistration } from './masternode-stage.ts';
import type { StepProps } from './registration-step.ts';

interface ReviewStepProps extends StepProps {
  readonly rule: TierRule;
  readonly epoch: MasternodeStatus['epoch'];
  readonly asksPassphrase: boolean;
}

export function ReviewStep({ registration, onBack, rule, epoch, asksPassphrase }: ReviewStepProps) {
  const { client } = useNode();
  const now = useNodeNow();
  const passphrase = usePassphrase();
  const delayMs = usePassphraseDelay();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ClientError>();
  const { tier, collateral, address = '', rewardAddress } = registration;
  const coin = collateral === undefined ? {} : { collateral };
  const { value: estimate, error: refused, again } = useAsked('estimatemasternodefee', { action: 'register', tier, address, ...coin }, undefined);
  const names = text.masternodes.register.review;

  const register = async (): Promise<void> => {
    if (estimate === undefined) return;
    setBusy(true);
    const outcome = await client.call('masternoderegister', {
      tier,
      address,
      ...coin,
      ...(rewardAddress === undefined ? {} : { rewardaddress: rewardAddress }),
      passphrase: passphrase.take(),
      maxfee: estimate.fee,
    });
    setBusy(false);
    if (outcome.ok) return followRegistration(outcome.value.txid);
    setError(outcome.error);
    // What was agreed to is looked at again, with the fee as it is now.
    if (outcome.error.code === 'max-fee-exceeded') again();
  };
  const shown = error ?? refused;
  return (
    <StepFrame
      title={names.title}
      onBack={onBack}
      onNext={() => void register()}
      nextWords={names.confirm}
      canGoOn={estimate !== undefined && refused === undefined && !(asksPassphrase && (passphrase.typed === '' || delayMs > 0))}
      busy={busy}
    >
      {estimate === undefined && refused === undefined ? (
        <LoadingPanel />
      ) : (
        <dl className="setup-facts masternode-review">
          <dt>{names.tier}</dt>
          <dd>{text.tiers[tier]}</dd>
          <dt>{names.weight}</dt>
          <dd>{formatCount(rule.weight)}</dd>
          {collateral !== undefined && (
            <>
              <dt>{names.locked}</dt>
              <dd>
                <Amount time={rule.collateral} />
              </dd>
              <dt>{names.coin}</dt>
              <dd className="mono" title={collateral}>
                {shorten(collateral, 8, 8)}
              </dd>
            </>
          )}
          <dt>{names.address}</dt>
          <dd className="mono whole">{address === '' ? text.masternodes.own.noAddress : address}</dd>
          <dt>{names.reward}</dt>
          <dd className={rewardAddress === undefined ? '' : 'mono whole'}>{rewardAddress ?? names.newAddress}</dd>
          <dt>{names.fee}</dt>
          <dd data-testid="registration-fee">{estimate === undefined ? '–' : <Amount time={estimate.fee} />}</dd>
          <dt>{names.active}</dt>
          <dd>{names.activeIn(epoch.blocksleft, epoch.nextepochms - now)}</dd>
        </dl>
      )}
      {asksPassphrase && <PassphraseField passphrase={passphrase} testId="registration-passphrase" />}
      {shown !== undefined && <Notice tone="bad" advice={masternodeErrorWords(shown)} />}
    </StepFrame>
  );
}
