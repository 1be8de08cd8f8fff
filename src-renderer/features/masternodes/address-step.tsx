import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useNetwork } from '../../stores/topics.ts';
import { text } from '../../text/text.ts';
import { StatusWord } from '../../ui/status-word.tsx';
import { looksLikeAddress } from '../peers/peer-address.ts';
import { PortCheck } from '../peers/port-check.tsx';
import { portTones } from '../peers/port-tones.ts';
import { StepFrame } from '../setup/step-frame.tsx';
import type { StepProps } from './registration-step.ts';

/** Whether others get through, as far as they were asked. */
function Port() {
  const network = useNetwork();
  if (network === undefined) return null;
  const { state, address } = network.reachability;
  const names = text.masternodes.register.address;
  return (
    <section className="masternode-form" aria-label={names.port}>
      <p className="line">
        <span className="muted">{names.port}</span>
        <StatusWord tone={portTones[state]}>{text.peers.network.reachabilityStates[state]}</StatusWord>
        {address !== undefined && <span className="mono">{address}</span>}
      </p>
      <PortCheck network={network} unknownNext={names.noPeers} />
    </section>
  );
}

export function AddressStep({ registration, onNext, onBack, practice }: StepProps & { readonly practice: boolean }) {
  const network = useNetwork();
  const proposed = network?.reachability.address ?? network?.listening ?? '';
  const [typed, setTyped] = useState(registration.address);
  const address = (typed ?? proposed).trim();
  const isWrong = address !== '' && !looksLikeAddress(address);
  const names = text.masternodes.register.address;
  return (
    <StepFrame title={names.title} means={names.means} onBack={onBack} onNext={() => onNext({ address })} canGoOn={!isWrong && network !== undefined}>
      <TextInput
        label={names.label}
        placeholder={names.hint}
        description={address === '' ? names.empty : undefined}
        value={typed ?? proposed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        error={isWrong ? names.wrong : undefined}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        spellCheck={false}
        classNames={{ input: 'mono' }}
        data-testid="registration-address"
      />
      {practice ? (
        <p className="muted">
          {text.setup.port.notNeeded.what} {text.setup.port.notNeeded.next}
        </p>
      ) : (
        <Port />
      )}
    </StepFrame>
  );
}
