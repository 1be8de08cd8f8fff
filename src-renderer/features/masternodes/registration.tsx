import type { TopicValue } from '../../../src-shared/api/topics.ts';
import type { NetworkName } from '../../../src-shared/domain/networks.ts';
import { text } from '../../text/text.ts';
import { LoadingPanel } from '../../ui/state-panel.tsx';
import { StepFrame } from '../setup/step-frame.tsx';
import { AddressStep } from './address-step.tsx';
import { CollateralStep } from './collateral-step.tsx';
import type { MasternodeStatus, TierRule } from './masternode-info.ts';
import { backToOwn, goToRegistrationStep, type Registration, type RegistrationStep, registrationStepBeside, stepsOf } from './masternode-stage.ts';
import { ReviewStep } from './review-step.tsx';
import { RewardStep } from './reward-step.tsx';
import { SaveNodeKey } from './save-node-key.tsx';
import { TierStep } from './tier-step.tsx';

const names = text.masternodes.register;

interface RegistrationProps {
  readonly step: RegistrationStep;
  readonly registration: Registration;
  readonly tiers: readonly TierRule[];
  readonly status: MasternodeStatus;
  readonly wallet: NonNullable<TopicValue<'wallet'>['info']>;
  readonly network: NetworkName;
  readonly practice: boolean;
}

function Step({ step, registration, tiers, status, wallet, network, practice }: RegistrationProps) {
  const rule = tiers.find(({ tier }) => tier === registration.tier);
  if (rule === undefined) return <LoadingPanel />;
  const onBack = (): void => {
    const before = registrationStepBeside(step, registration.tier, -1);
    if (before === undefined) backToOwn();
    else goToRegistrationStep(before, registration);
  };
  const onNext = (decided: Partial<Registration>): void => {
    const next = { ...registration, ...decided };
    goToRegistrationStep(registrationStepBeside(step, next.tier, 1) ?? step, next);
  };
  const props = { registration, onBack, onNext };
  switch (step) {
    case 'tier':
      return <TierStep {...props} tiers={tiers} isEnabled={status.enabled} />;
    case 'collateral':
      return <CollateralStep {...props} rule={rule} asksPassphrase={wallet.passphraserequired} />;
    case 'address':
      return <AddressStep {...props} practice={practice} />;
    case 'reward':
      return <RewardStep {...props} network={network} />;
    case 'backup':
      return (
        <StepFrame title={names.backup.title} means={names.backup.means} onBack={onBack} onNext={() => onNext({})}>
          <SaveNodeKey asksPassphrase={wallet.passphraserequired} />
          <p className="small muted">{names.backup.skip}</p>
        </StepFrame>
      );
    case 'review':
      return <ReviewStep {...props} rule={rule} epoch={status.epoch} asksPassphrase={wallet.passphraserequired} />;
  }
}

/** From the tier to what is signed, one question after the other. */
export function RegistrationFlow(props: RegistrationProps) {
  return (
    <div className="setup masternode-flow">
      <ol className="setup-steps" aria-label={names.stepsLabel}>
        {stepsOf(props.registration.tier).map((one) => (
          <li key={one} aria-current={one === props.step ? 'step' : undefined}>
            {names.steps[one]}
          </li>
        ))}
      </ol>
      <Step key={props.step} {...props} />
      <p className="small muted">
        <button type="button" className="quiet-button" onClick={backToOwn} data-testid="registration-cancel">
          {names.cancel}
        </button>
      </p>
    </div>
  );
}
