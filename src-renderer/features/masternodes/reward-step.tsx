import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { parseAddress } from '../../../src-shared/domain/address.ts';
import type { NetworkName } from '../../../src-shared/domain/networks.ts';
import { text } from '../../text/text.ts';
import { ChoiceCards } from '../setup/choice-cards.tsx';
import { StepFrame } from '../setup/step-frame.tsx';
import type { StepProps } from './registration-step.ts';

export function RewardStep({ registration, onNext, onBack, network }: StepProps & { readonly network: NetworkName }) {
  const [choice, setChoice] = useState<'own' | 'other'>(registration.rewardAddress === undefined ? 'own' : 'other');
  const [typed, setTyped] = useState(registration.rewardAddress ?? '');
  const address = typed.trim();
  const parsed = parseAddress(address, network);
  const names = text.masternodes.register.reward;
  return (
    <StepFrame
      title={names.title}
      means={names.means}
      onBack={onBack}
      onNext={() => onNext({ rewardAddress: choice === 'own' ? undefined : address })}
      canGoOn={choice === 'own' || parsed.ok}
    >
      <ChoiceCards
        label={names.title}
        value={choice}
        onChange={setChoice}
        choices={[
          { value: 'own', label: names.choices.own, about: names.ownMeans },
          { value: 'other', label: names.choices.other, about: names.otherMeans },
        ]}
      />
      {choice === 'other' && (
        <TextInput
          label={names.label}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          error={address !== '' && !parsed.ok ? text.recipientErrors[parsed.error] : undefined}
          spellCheck={false}
          classNames={{ input: 'mono' }}
          data-testid="registration-reward"
        />
      )}
    </StepFrame>
  );
}
