import { useEffect, useState } from 'react';
import { ConnectionNotice } from '../../connection-notice.tsx';
import { hrefOf } from '../../routes.ts';
import { text } from '../../text/text.ts';
import { useLocalNow } from '../../ui/clock.ts';
import { EmptyPanel } from '../../ui/state-panel.tsx';
import { DoneStep } from './done-step.tsx';
import { NetworkStep } from './network-step.tsx';
import { PortStep } from './port-step.tsx';
import { RoleStep } from './role-step.tsx';
import { goToStep, type SetupStep, setupSteps, useSetupStep } from './setup-steps.ts';
import { type Setup, type SetupAccess, useSetup } from './use-setup.ts';
import { WalletStep } from './wallet-step.tsx';
import './setup.css';

/** A node on a slow disk needs this long to be back. */
const slowMs = 20_000;

function Step({ step, setup, access }: { readonly step: SetupStep; readonly setup: Setup; readonly access: SetupAccess }) {
  switch (step) {
    case 'network':
      return <NetworkStep setup={setup} access={access} />;
    case 'wallet':
      return <WalletStep setup={setup} />;
    case 'role':
      return <RoleStep setup={setup} access={access} />;
    case 'port':
      return <PortStep setup={setup} />;
    case 'done':
      return <DoneStep setup={setup} access={access} />;
  }
}

function Waiting() {
  const [sinceMs] = useState(Date.now);
  const isSlow = useLocalNow() - sinceMs > slowMs;
  return (
    <section className="card setup-card" aria-live="polite">
      <EmptyPanel advice={isSlow ? text.setup.restartSlow : text.setup.restarting} />
    </section>
  );
}

/** The first start: network, wallet, role and port, one after the other. */
export function SetupPage() {
  const access = useSetup();
  const { setup } = access;
  const step = useSetupStep((state) => state.step);
  useEffect(() => {
    document.title = `${text.setup.title} · ${text.product}`;
  }, []);
  const skip = (): void => {
    void access.choose({ done: true }).then(() => {
      goToStep('network');
      location.hash = hrefOf('overview');
    });
  };
  return (
    <div className="setup">
      <h1 className="unseen">{text.setup.title}</h1>
      {/* While the node starts anew because somebody chose so, its being away is no news. */}
      {!access.busy && <ConnectionNotice />}
      <ol className="setup-steps" aria-label={text.setup.stepsLabel}>
        {setupSteps.map((one) => (
          <li key={one} aria-current={one === step ? 'step' : undefined}>
            {text.setup.steps[one]}
          </li>
        ))}
      </ol>
      {setup === undefined ? <Waiting /> : <Step key={step} step={step} setup={setup} access={access} />}
      {step !== 'done' && (
        <p className="small muted">
          <button type="button" className="quiet-button" onClick={skip} disabled={access.busy} data-testid="setup-skip">
            {text.setup.skip}
          </button>{' '}
          {text.setup.skipMeans}
        </p>
      )}
    </div>
  );
}
