import { useState } from 'react';
import { setupHref } from '../../routes.ts';
import { text } from '../../text/text.ts';
import { Notice } from '../../ui/state-panel.tsx';
import { ChoiceCards } from '../setup/choice-cards.tsx';
import { goToStep } from '../setup/setup-steps.ts';
import { StepFrame } from '../setup/step-frame.tsx';
import { amountWords, isNothing } from './amount-words.ts';
import type { TierRule } from './masternode-info.ts';
import type { StepProps } from './registration-step.ts';

interface TierStepProps extends StepProps {
  readonly tiers: readonly TierRule[];
  /** The node runs as a masternode. */
  readonly isEnabled: boolean;
}

export function TierStep({ registration, onNext, onBack, tiers, isEnabled }: TierStepProps) {
  const [tier, setTier] = useState(registration.tier);
  const names = text.masternodes.register.tier;
  return (
    <StepFrame
      title={names.title}
      means={names.means}
      onBack={onBack}
      // Another tier takes another coin.
      onNext={() => onNext(tier === registration.tier ? {} : { tier, collateral: undefined })}
    >
      {!isEnabled && (
        <Notice tone="warning" advice={text.masternodes.own.notEnabledYet}>
          <a className="link" href={setupHref} onClick={() => goToStep('role')}>
            {text.masternodes.own.chooseRole}
          </a>
        </Notice>
      )}
      <ChoiceCards
        label={names.title}
        value={tier}
        onChange={setTier}
        choices={tiers.map((rule) => ({
          value: rule.tier,
          label: text.tiers[rule.tier],
          about: names.about(isNothing(rule.collateral) ? names.noCollateral : amountWords(rule.collateral), rule.weight, rule.needed),
        }))}
      />
      {tier === 'free' && <p className="small muted">{names.freeMeans}</p>}
    </StepFrame>
  );
}
