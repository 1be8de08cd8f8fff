import { Button } from '@mantine/core';
import { useState } from 'react';
import type { TopicValue } from '../../../src-shared/api/topics.ts';
import { transactionReasons } from '../../../src-shared/domain/rejection-code.ts';
import { type Action, useAction } from '../../stores/use-action.ts';
import { formatExactTime } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { ActionOutcome } from '../../ui/action-outcome.tsx';
import { Ago } from '../../ui/ago.tsx';
import { useNodeNow } from '../../ui/clock.ts';
import { Hash } from '../../ui/hash.tsx';
import { Section } from '../../ui/section.tsx';
import { EmptyPanel } from '../../ui/state-panel.tsx';
import { TableScroll } from '../../ui/table-scroll.tsx';

type Network = TopicValue<'network'>;

function BanRow({ ban, action }: { readonly ban: Network['bans'][number]; readonly action: Action }) {
  const now = useNodeNow();
  const names = text.peers.banned;
  return (
    <tr data-testid="ban-row">
      <td>
        <span className="line">
          {ban.kind === 'node' ? <Hash value={ban.address} head={8} /> : <span className="mono">{ban.address}</span>}
          <span className="tag">{names[ban.kind]}</span>
        </span>
      </td>
      <td>
        <Ago atMs={ban.ban_created} />
      </td>
      <td>
        {ban.banned_until === undefined ? (
          names.lasting
        ) : (
          <time dateTime={new Date(ban.banned_until).toISOString()} title={formatExactTime(ban.banned_until)}>
            {text.common.inSpan(ban.banned_until - now)}
          </time>
        )}
      </td>
      <td className="known-reason">
        <span className="cut" title={ban.reason}>
          {ban.by === 'operator' ? names.byOperator : text.peers.reason(ban.reason)}
        </span>
      </td>
      <td className="number">
        <Button
          variant="default"
          size="compact-xs"
          disabled={action.state.kind === 'busy'}
          onClick={() =>
            void action.run('setban', { subnet: ban.address, command: 'remove' }, names.lifted(ban.kind === 'node' ? ban.address.slice(0, 8) : ban.address))
          }
        >
          {names.lift}
        </Button>
      </td>
    </tr>
  );
}

/** Asked twice: it undoes what the node learnt of everybody. */
function LiftAll({ action, count }: { readonly action: Action; readonly count: number }) {
  const [sure, setSure] = useState(false);
  const names = text.peers.banned;
  if (!sure)
    return (
      <Button variant="default" size="xs" onClick={() => setSure(true)}>
        {names.liftAll}
      </Button>
    );
  return (
    <span className="line">
      <span>{names.liftAllSure}</span>
      <Button variant="default" size="xs" onClick={() => setSure(false)}>
        {text.peers.add.cancel}
      </Button>
      <Button className="danger" size="xs" onClick={() => void action.run('clearbanned', {}, names.liftedAll(count)).then(() => setSure(false))}>
        {names.liftAll}
      </Button>
    </span>
  );
}

const violationWords = (code: string): string => {
  const known = transactionReasons.find((one) => one === code);
  return known === undefined ? code : text.reason(known);
};

function Violations({ violations }: { readonly violations: Network['violations'] }) {
  const names = text.peers.banned;
  return (
    <Section title={names.violations}>
      {violations.length === 0 ? (
        <EmptyPanel advice={names.noViolations} />
      ) : (
        <TableScroll className="violations-scroll">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{names.violationColumns.at}</th>
                <th scope="col">{names.violationColumns.node}</th>
                <th scope="col">{names.violationColumns.code}</th>
              </tr>
            </thead>
            <tbody>
              {violations.map((violation) => (
                <tr key={`${violation.atms} ${violation.id} ${violation.code} ${violation.detail}`}>
                  <td>
                    <Ago atMs={violation.atms} />
                  </td>
                  <td>
                    <Hash value={violation.nodeid} head={8} />
                  </td>
                  <td className="known-reason">
                    <span className="cut" title={`${violation.code}: ${violation.detail}`}>
                      {violationWords(violation.code)} <span className="muted">{violation.detail}</span>
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableScroll>
      )}
    </Section>
  );
}

export function BannedTab({ network }: { readonly network: Network }) {
  const action = useAction();
  const names = text.peers.banned;
  return (
    <>
      <section className="card table-card">
        {network.bans.length === 0 ? (
          <>
            <ActionOutcome state={action.state} />
            <EmptyPanel advice={names.empty} />
          </>
        ) : (
          <>
            <div className="tools">
              <ActionOutcome state={action.state} />
              <LiftAll action={action} count={network.bans.length} />
            </div>
            <TableScroll className="peer-scroll">
              <table className="table">
                <thead>
                  <tr>
                    <th scope="col">{names.columns.subject}</th>
                    <th scope="col">{names.columns.since}</th>
                    <th scope="col">{names.columns.until}</th>
                    <th scope="col">{names.columns.reason}</th>
                    <th scope="col">
                      <span className="unseen">{text.peers.panel.actions}</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {network.bans.map((ban) => (
                    <BanRow key={ban.address} ban={ban} action={action} />
                  ))}
                </tbody>
              </table>
            </TableScroll>
          </>
        )}
      </section>
      <Violations violations={network.violations} />
    </>
  );
}
