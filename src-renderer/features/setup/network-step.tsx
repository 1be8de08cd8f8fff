import { useState } from 'react';
import { text } from '../../text/text.ts';
import { ChoiceCards } from './choice-cards.tsx';
import { goToStep } from './setup-steps.ts';
import { StepFrame } from './step-frame.tsx';
import type { Setup, SetupAccess } from './use-setup.ts';

export function NetworkStep({ setup, access }: { readonly setup: Setup; readonly access: SetupAccess }) {
  const [network, setNetwork] = useState(setup.network);
  const names = text.setup.network;
  const goOn = (): void => {
    // Said before the node starts anew, which loads this page anew in the app's own window.
    goToStep('wallet');
    if (network !== setup.network)
      void access.choose({ network }).then((taken) => {
        if (!taken) goToStep('network');
      });
  };
  return (
    <StepFrame title={names.title} means={names.means} onNext={goOn} busy={access.busy} error={access.error}>
      <ChoiceCards
        label={names.title}
        value={network}
        onChange={setNetwork}
        choices={setup.networks.map((value) => ({ value, label: names.names[value], about: names.about[value] }))}
      />
      {setup.networks.length === 1 && <p className="muted small">{names.fixed}</p>}
    </StepFrame>
  );
}
