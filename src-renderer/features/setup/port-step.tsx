import { useNetwork } from '../../stores/topics.ts';
import { text } from '../../text/text.ts';
import { LoadingPanel } from '../../ui/state-panel.tsx';
import { StatusWord } from '../../ui/status-word.tsx';
import { PortCheck } from '../peers/port-check.tsx';
import { portTones } from '../peers/port-tones.ts';
import { goToStep } from './setup-steps.ts';
import { StepFrame } from './step-frame.tsx';
import type { Setup } from './use-setup.ts';

export function PortStep({ setup }: { readonly setup: Setup }) {
  const network = useNetwork();
  const names = text.setup.port;
  const frame = { title: names.title, onBack: () => goToStep('role'), onNext: () => goToStep('done') };
  if (setup.network === 'practice') {
    return (
      <StepFrame {...frame} means={names.notNeeded.what}>
        <p>{names.notNeeded.next}</p>
      </StepFrame>
    );
  }
  const state = network?.reachability.state;
  return (
    <StepFrame {...frame} means={setup.role === 'wallet' ? names.walletOnly : names.means}>
      {network === undefined || state === undefined ? (
        <LoadingPanel />
      ) : (
        <>
          <p data-testid="setup-port">
            <StatusWord tone={portTones[state]}>{text.peers.network.reachabilityStates[state]}</StatusWord>
          </p>
          {network.reachability.address !== undefined && <p className="mono whole">{network.reachability.address}</p>}
          <PortCheck network={network} unknownNext={names.noPeers} />
        </>
      )}
    </StepFrame>
  );
}
