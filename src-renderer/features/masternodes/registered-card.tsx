import { Button } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { text } from '../../text/text.ts';
import { useNodeNow } from '../../ui/clock.ts';
import { Hash } from '../../ui/hash.tsx';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { LifeSteps } from '../wallet/life-steps.tsx';
import { lifeSummary, type StepState } from '../wallet/payment-life.ts';
import { usePayment } from '../wallet/use-payment.ts';
import type { MasternodeStatus } from './masternode-info.ts';
import { backToOwn } from './masternode-stage.ts';

const marks: Record<StepState, IconName> = { done: 'check', now: 'circle', ahead: 'circle', failed: 'cross' };

function Step({ state, words }: { readonly state: StepState; readonly words: string }) {
  return (
    <li className={`life-step ${state}`}>
      <Icon name={marks[state]} />
      <p>{words}</p>
    </li>
  );
}

/** What follows the transaction: nothing counts before the epoch's end. */
function MembershipSteps({ status }: { readonly status: MasternodeStatus }) {
  const now = useNodeNow();
  const names = text.masternodes.register.done;
  const { registration, epoch } = status;
  const isMember = registration !== undefined && registration.weight > 0 && registration.status === 'active';
  const waiting = names.waiting(epoch.blocksleft, epoch.nextepochms - now);
  return (
    <ol className="life">
      <Step state={registration === undefined ? 'ahead' : 'done'} words={registration === undefined ? names.notRegistered : names.registered} />
      <Step state={isMember ? 'done' : registration === undefined ? 'ahead' : 'now'} words={isMember ? names.epochBegun : waiting} />
      <Step state={isMember ? 'done' : 'ahead'} words={isMember ? names.active : names.notActive} />
    </ol>
  );
}

/** A registration's life, from its votes to the first epoch that it counts in. */
export function RegisteredCard({ txid, status }: { readonly txid: string; readonly status: MasternodeStatus }) {
  const info = usePayment(txid);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  const failed = info?.state === 'rejected' || info?.state === 'dropped';
  const names = text.masternodes.register.done;
  const state = failed ? 'failed' : (status.registration?.status ?? 'sent');
  return (
    <section className="card setup-card masternode-flow">
      <h2 className="setup-title" ref={title} tabIndex={-1}>
        {names.title}
      </h2>
      <p className="life-state" role="status" data-testid="registration-state" data-state={state}>
        {status.registration === undefined || failed ? lifeSummary(info) : text.masternodes.states[status.registration.status]}
      </p>
      <LifeSteps info={info} />
      {!failed && <MembershipSteps status={status} />}
      <p className="line small">
        <span className="muted">{text.wallet.transaction}</span>
        <Hash value={txid} head={8} />
      </p>
      <div className="setup-buttons">
        <Button variant="default" onClick={backToOwn} data-testid="registration-close">
          {names.close}
        </Button>
      </div>
    </section>
  );
}
