import { hrefOf } from '../../routes.ts';
import { useNetwork, useWallet } from '../../stores/topics.ts';
import { text } from '../../text/text.ts';
import { goToStep } from './setup-steps.ts';
import { StepFrame } from './step-frame.tsx';
import type { Setup, SetupAccess } from './use-setup.ts';

export function DoneStep({ setup, access }: { readonly setup: Setup; readonly access: SetupAccess }) {
  const wallet = useWallet();
  const network = useNetwork();
  const names = text.setup.done;
  const open = (): void => {
    void access.choose({ done: true }).then((taken) => {
      if (!taken) return;
      goToStep('network');
      location.hash = hrefOf('overview');
    });
  };
  return (
    <StepFrame title={names.title} onBack={() => goToStep('port')} onNext={open} nextWords={names.open} busy={access.busy} error={access.error}>
      <dl className="setup-facts">
        <dt>{names.network}</dt>
        <dd>{text.setup.network.names[setup.network]}</dd>
        <dt>{names.wallet}</dt>
        <dd>
          {wallet?.info == null ? names.noWallet : `${wallet.info.walletname}, ${wallet.info.passphraserequired ? names.passphrase : names.noPassphrase}`}
        </dd>
        <dt>{names.role}</dt>
        <dd>{text.setup.role.choices[setup.role]}</dd>
        {setup.network !== 'practice' && network !== undefined && (
          <>
            <dt>{names.port}</dt>
            <dd>{text.peers.network.reachabilityStates[network.reachability.state]}</dd>
          </>
        )}
      </dl>
      <p className="muted small">{names.later}</p>
    </StepFrame>
  );
}
