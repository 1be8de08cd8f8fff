import { Button } from '@mantine/core';
import { useState } from 'react';
import type { TopicValue } from '../../../src-shared/api/topics.ts';
import { type Action, useAction } from '../../stores/use-action.ts';
import { formatCount, formatCountry } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { ActionOutcome } from '../../ui/action-outcome.tsx';
import { Ago } from '../../ui/ago.tsx';
import { useNodeNow } from '../../ui/clock.ts';
import { Segments } from '../../ui/segments.tsx';
import { EmptyPanel } from '../../ui/state-panel.tsx';
import { TableScroll } from '../../ui/table-scroll.tsx';

type View = TopicValue<'peers'>;
type Known = View['waiting'][number];

/** Only those that wait can be tried at once; a ban is lifted first. */
const canTry: Record<Known['state'], boolean> = {
  known: true,
  backoff: true,
  givenUp: true,
  dialing: false,
  handshaking: false,
  connected: false,
  banned: false,
};

function NextTry({ known }: { readonly known: Known }) {
  const now = useNodeNow();
  if (known.state === 'dialing' || known.state === 'handshaking') return <>{text.peers.known.now}</>;
  // What was given up rests; only our own address never comes back.
  if (known.nexttryms === undefined) return <span className="muted">{known.state === 'givenUp' ? text.peers.known.never : text.peers.unknown}</span>;
  if (known.state === 'givenUp' && known.nexttryms <= now) return <span className="muted">{text.peers.known.whenHeard}</span>;
  return <>{known.nexttryms <= now ? text.peers.known.now : text.common.inSpan(known.nexttryms - now)}</>;
}

/** Why it is known; what is asked for and heard of for the same reason is said once. */
function originOf({ role, source, country, anchor }: Known): string[] {
  const names = text.peers.known;
  return [
    ...(role === 'peer' ? [] : [names.roles[role]]),
    ...(role === source && role !== 'peer' ? [] : [names.sources[source]]),
    ...(country === undefined ? [] : [formatCountry(country)]),
    ...(anchor ? [names.anchor] : []),
  ];
}

function KnownRow({ known, action }: { readonly known: Known; readonly action: Action }) {
  const names = text.peers.known;
  return (
    <tr data-testid="known-row">
      <td>
        <span className="mono cut known-address" title={known.nodeid === undefined ? known.address : `${known.address}\n${known.nodeid}`}>
          {known.address}
        </span>
        <span className="small muted cut" title={known.anchor ? names.anchorMeans : undefined}>
          {originOf(known).join(' · ')}
        </span>
      </td>
      <td>
        {names.states[known.state]}
        {known.lastreason !== undefined && (
          <span className="small muted cut" title={known.lastreason}>
            {text.peers.reason(known.lastreason)}
          </span>
        )}
      </td>
      <td>
        <NextTry known={known} />
      </td>
      <td className="number">{formatCount(known.attempts)}</td>
      <td className="muted">{known.lastsuccessms === undefined ? names.never : <Ago atMs={known.lastsuccessms} />}</td>
      <td className="number">
        {canTry[known.state] && (
          <Button
            variant="default"
            size="compact-xs"
            disabled={action.state.kind === 'busy'}
            onClick={() => void action.run('addnode', { node: known.address, command: 'onetry' }, names.trying(known.address))}
          >
            {names.tryNow}
          </Button>
        )}
      </td>
    </tr>
  );
}

/** Addresses without a connection: what each waits for. */
export function KnownTab({ view }: { readonly view: View }) {
  const action = useAction();
  const [state, setState] = useState<Known['state'] | 'all'>('all');
  const names = text.peers.known;
  const states = (Object.keys(names.states) as Known['state'][]).filter((one) => one !== 'connected' && (view.states[one] ?? 0) > 0);
  const total = states.reduce((sum, one) => sum + (view.states[one] ?? 0), 0);
  const chosen = state === 'all' || states.includes(state) ? state : 'all';
  const rows = chosen === 'all' ? view.waiting : view.waiting.filter((one) => one.state === chosen);
  const ofChosen = chosen === 'all' ? total : (view.states[chosen] ?? 0);
  if (total === 0)
    return (
      <section className="card">
        <EmptyPanel advice={names.empty} />
      </section>
    );
  return (
    <section className="card table-card">
      <div className="tools">
        <Segments
          label={names.columns.state}
          value={chosen}
          onChange={setState}
          options={[
            { value: 'all', label: names.all, count: total },
            ...states.map((one) => ({ value: one, label: names.states[one], count: view.states[one] ?? 0 })),
          ]}
        />
      </div>
      <ActionOutcome state={action.state} />
      {rows.length === 0 ? (
        <EmptyPanel advice={{ what: names.more(ofChosen), next: '' }} />
      ) : (
        <TableScroll className="peer-scroll">
          <table className="table known-table">
            <colgroup>
              <col style={{ width: '36%' }} />
              <col style={{ width: '28%' }} />
              <col style={{ width: 84 }} />
              <col style={{ width: 72 }} />
              <col style={{ width: 128 }} />
              <col style={{ width: 84 }} />
            </colgroup>
            <thead>
              <tr>
                <th scope="col">{names.columns.address}</th>
                <th scope="col">{names.columns.state}</th>
                <th scope="col">{names.columns.next}</th>
                <th scope="col" className="number">
                  {names.columns.attempts}
                </th>
                <th scope="col">{names.columns.success}</th>
                <th scope="col">
                  <span className="unseen">{text.peers.panel.actions}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((known) => (
                <KnownRow key={known.address} known={known} action={action} />
              ))}
            </tbody>
          </table>
          {rows.length < ofChosen && <p className="muted small peers-more">{names.more(ofChosen - rows.length)}</p>}
        </TableScroll>
      )}
    </section>
  );
}
