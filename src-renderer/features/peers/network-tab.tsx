import type { ReactNode } from 'react';
import type { TopicValue } from '../../../src-shared/api/topics.ts';
import { formatCount, formatCountry, formatShare } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { Ago } from '../../ui/ago.tsx';
import { useNodeNow } from '../../ui/clock.ts';
import { Section } from '../../ui/section.tsx';
import { StatusWord, type Tone } from '../../ui/status-word.tsx';
import { type Share, sharesBy } from './diversity.ts';
import { PortCheck } from './port-check.tsx';
import { portTones } from './port-tones.ts';

type Network = TopicValue<'network'>;
const names = text.peers.network;

/** As many as fit beside one another without scrolling; a crowd in one network is among the first. */
const barsShown = 8;

const mappingTones: Record<Network['portmapping']['state'], Tone> = { off: 'muted', searching: 'muted', mapped: 'good', failed: 'warning' };
const clockTones: Record<Network['clock']['state'], Tone> = { unknown: 'muted', good: 'good', warning: 'warning', stopped: 'bad' };

interface FactProps {
  readonly name: string;
  readonly tone: Tone;
  readonly words: string;
  readonly children?: ReactNode;
}

function Fact({ name, tone, words, children }: FactProps) {
  return (
    <div className="network-fact">
      <h2 className="card-label">{name}</h2>
      <StatusWord tone={tone}>{words}</StatusWord>
      <div className="muted small">{children}</div>
    </div>
  );
}

function Port({ network }: { readonly network: Network }) {
  const { reachability, listening, practice } = network;
  const { state, address = listening, checkedms } = reachability;
  if (practice && state === 'unknown')
    return (
      <Fact name={names.reachability} tone="muted" words={names.practice.what}>
        <p>{names.practice.next}</p>
      </Fact>
    );
  return (
    <Fact name={names.reachability} tone={portTones[state]} words={names.reachabilityStates[state]}>
      {address !== '' && <p className="mono whole">{address}</p>}
      {checkedms !== undefined && (
        <p>
          {names.checked} <Ago atMs={checkedms} />
        </p>
      )}
      <PortCheck network={network} unknownNext={names.unknownNext} />
    </Fact>
  );
}

function Router({ network: { portmapping } }: { readonly network: Network }) {
  const now = useNodeNow();
  const { state, off, method, port, error, nexttryms } = portmapping;
  return (
    <Fact name={names.mapping} tone={mappingTones[state]} words={names.mappings[state]}>
      {off !== undefined && <p>{names.mappingOff[off]}</p>}
      {method !== undefined && port !== undefined && <p>{names.mappedBy(method, port)}</p>}
      {error !== undefined && <p>{error}</p>}
      {state === 'failed' && <p>{names.mappingFailedNext}</p>}
      {nexttryms !== undefined && nexttryms > now && <p>{names.nextTry(nexttryms - now)}</p>}
    </Fact>
  );
}

function Clock({ network: { clock } }: { readonly network: Network }) {
  const { state, timeoffset, members } = clock;
  return (
    <Fact name={names.clock} tone={clockTones[state]} words={names.clocks[state]}>
      {timeoffset !== undefined && <p>{names.clockParts(timeoffset, members)}</p>}
      {(state === 'warning' || state === 'stopped') && <p>{names.clockNext}</p>}
      {state === 'unknown' && <p>{names.clockUnknownNext}</p>}
    </Fact>
  );
}

function Observed({ network: { observed } }: { readonly network: Network }) {
  return (
    <div className="network-fact">
      <h2 className="card-label">{names.observed}</h2>
      {observed.length === 0 && <p className="muted">{names.notObserved}</p>}
      {observed.slice(0, 3).map(({ address, score }) => (
        <p key={address}>
          <span className="mono whole">{address}</span> <span className="muted small">{names.observedBy(score)}</span>
        </p>
      ))}
    </div>
  );
}

interface BarsProps {
  readonly title: string;
  readonly means: string | undefined;
  readonly shares: readonly Share[];
  readonly more: number;
  readonly total: number;
  readonly children?: ReactNode;
}

/** Each as long as its share of all peers, with the number beside it. */
function Bars({ title, means, shares, more, total, children }: BarsProps) {
  return (
    <Section title={title} means={means} aside={children}>
      {shares.length === 0 ? (
        <p className="muted">{names.none}</p>
      ) : (
        <ul className="share-list">
          {shares.map(({ name, peers }) => (
            <li key={name} className="share">
              <span className="cut" title={name}>
                {name}
              </span>
              <span className="share-track">
                <span className="share-fill" style={{ width: `${(peers * 100) / total}%` }} />
              </span>
              <span className="number">
                {formatCount(peers)} <span className="muted">· {formatShare(peers, total)}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
      {more > 0 && <p className="muted small">{names.more(more)}</p>}
    </Section>
  );
}

export function NetworkTab({ network, peers }: { readonly network: Network; readonly peers: TopicValue<'peers'> }) {
  const all = peers.peers;
  const groups = sharesBy(all, ({ networkgroup }) => networkgroup, barsShown);
  const countries = sharesBy(all, ({ country }) => (country === undefined ? names.noCountry : formatCountry(country)), barsShown);
  return (
    <>
      <section className="card">
        <div className="network-facts">
          <Port network={network} />
          <Router network={network} />
          <Clock network={network} />
          <Observed network={network} />
        </div>
      </section>
      <div className="network-bars">
        <Bars title={names.groups} means={names.groupsMean} total={all.length} {...groups} />
        <Bars title={names.countries} means={undefined} total={all.length} {...countries}>
          {all.some(({ country }) => country !== undefined) && <span className="muted small">{names.attribution}</span>}
        </Bars>
      </div>
    </>
  );
}
