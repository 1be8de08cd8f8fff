import { Button } from '@mantine/core';
import { useNetwork } from '../../stores/topics.ts';
import { useAction } from '../../stores/use-action.ts';
import { text } from '../../text/text.ts';
import { ActionOutcome } from '../../ui/action-outcome.tsx';
import { LoadingPanel } from '../../ui/state-panel.tsx';
import { StatusWord } from '../../ui/status-word.tsx';
import { portTones } from '../peers/port-tones.ts';
import { goToStep } from './setup-steps.ts';
import { StepFrame } from './step-frame.tsx';
import type { Setup } from './use-setup.ts';

export function PortStep({ setup }: { readonly setup: Setup }) {
  const network = useNetwork();
  const action = useAction();
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
          <p className="mono whole">{network.reachability.address ?? network.listening}</p>
          {state === 'unreachable' && <p>{text.peers.network.unreachableNext}</p>}
          {state === 'unknown' && <p className="muted">{names.noPeers}</p>}
          {state !== 'not-listening' && (
            <div className="line">
              <Button
                variant="default"
                size="xs"
                disabled={action.state.kind === 'busy' || state === 'checking'}
                onClick={() => void action.run('checkreachability', {}, text.peers.network.checking)}
              >
                {text.peers.network.check}
              </Button>
              <ActionOutcome state={action.state} />
            </div>
          )}
        </>
      )}
    </StepFrame>
  );
}
