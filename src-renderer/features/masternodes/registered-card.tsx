import { Button } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { transactionHref } from '../../explorer-places.ts';
import { usePoll } from '../../stores/use-poll.ts';
import { text } from '../../text/text.ts';
import { useNodeNow } from '../../ui/clock.ts';
import { Hash } from '../../ui/hash.tsx';
import { blockLifeOf } from './block-life.ts';
import { BlockSteps, Step } from './block-steps.tsx';
import type { MasternodeStatus } from './masternode-info.ts';
import { backToOwn } from './masternode-stage.ts';

/** It counts: from the first epoch on that began after its block. */
const isMember = ({ registration }: MasternodeStatus): boolean => registration !== undefined && registration.weight > 0 && registration.status === 'active';

/** What follows the transaction: nothing counts before the epoch's end. */
function MembershipSteps({ status }: { readonly status: MasternodeStatus }) {
  const now = useNodeNow();
  const names = text.masternodes.register.done;
  const { registration, epoch } = status;
  const counts = isMember(status);
  const waiting = names.waiting(epoch.blocksleft, epoch.nextepochms - now);
  return (
    <>
      <Step state={registration === undefined ? 'ahead' : 'done'} words={registration === undefined ? names.notRegistered : names.registered} />
      <Step state={counts ? 'done' : registration === undefined ? 'ahead' : 'now'} words={counts ? names.epochBegun : waiting} />
      <Step state={counts ? 'done' : 'ahead'} words={counts ? names.active : names.notActive} />
    </>
  );
}

/** A registration's life, from its block to the first epoch that it counts in. */
export function RegisteredCard({ txid, status }: { readonly txid: string; readonly status: MasternodeStatus }) {
  const life = blockLifeOf(usePoll('gettransaction', { txid }));
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  const failed = life.kind === 'failed';
  const names = text.masternodes.register.done;
  const state = failed ? 'failed' : (status.registration?.status ?? 'sent');
  return (
    <section className="card setup-card masternode-flow">
      <h2 className="setup-title" ref={title} tabIndex={-1}>
        {names.titles[failed ? 'failed' : isMember(status) ? 'active' : 'underway']}
      </h2>
      <p className="life-state" role="status" data-testid="registration-state" data-state={state}>
        {status.registration === undefined || failed ? life.words : text.masternodes.states[status.registration.status]}
      </p>
      <ol className="life">
        <BlockSteps life={life} />
        {!failed && <MembershipSteps status={status} />}
      </ol>
      <p className="line small">
        <span className="muted">{text.wallet.transaction}</span>
        <Hash value={txid} head={8} href={transactionHref(txid)} />
      </p>
      <div className="setup-buttons">
        <Button variant="default" onClick={backToOwn} data-testid="registration-close">
          {names.close}
        </Button>
      </div>
    </section>
  );
}
