import { useState } from 'react';
import { text } from '../../text/text.ts';
import { ChoiceCards } from './choice-cards.tsx';
import { goToStep } from './setup-steps.ts';
import { StepFrame } from './step-frame.tsx';
import type { Setup, SetupAccess } from './use-setup.ts';

const roles = ['wallet', 'masternode'] as const;

export function RoleStep({ setup, access }: { readonly setup: Setup; readonly access: SetupAccess }) {
  const [role, setRole] = useState(setup.role);
  const names = text.setup.role;
  const goOn = (): void => {
    goToStep('port');
    if (role !== setup.role)
      void access.choose({ role }).then((taken) => {
        if (!taken) goToStep('role');
      });
  };
  return (
    <StepFrame title={names.title} onBack={() => goToStep('wallet')} onNext={goOn} busy={access.busy} error={access.error}>
      <ChoiceCards
        label={names.title}
        value={role}
        onChange={setRole}
        disabled={setup.rolefixed}
        choices={roles.map((value) => ({ value, label: names.choices[value], about: names.about[value] }))}
      />
      {setup.rolefixed && setup.network === 'practice' && <p className="muted small">{names.fixed}</p>}
    </StepFrame>
  );
}
