import { Drawer } from '@mantine/core';
import type { ReactNode } from 'react';
import type { TopicValue } from '../../../src-shared/api/topics.ts';
import { useOverview } from '../../stores/topics.ts';
import { usePoll } from '../../stores/use-poll.ts';
import { formatBytes, formatCount, formatCountry, formatExactTime } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { Ago } from '../../ui/ago.tsx';
import { Hash } from '../../ui/hash.tsx';
import { Notice } from '../../ui/state-panel.tsx';
import { TableScroll } from '../../ui/table-scroll.tsx';
import { HistoryTable } from './history-list.tsx';
import { PeerActions } from './peer-actions.tsx';
import { rttWords } from './peer-columns.tsx';
import type { PeerInfo } from './peer-info.ts';
import { closePeer, useSelectedPeer } from './peer-selection.ts';

const names = text.peers.panel;

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="panel-section">
      <h3 className="card-label">{title}</h3>
      {children}
    </section>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Identity({ peer }: { readonly peer: PeerInfo }) {
  const claims = peer.servicesnames.includes('MASTERNODE') && !peer.masternode;
  return (
    <Section title={names.identity}>
      <dl className="peer-facts">
        <Fact name={names.key}>
          <Hash value={peer.nodeid} head={12} />
        </Fact>
        <Fact name={names.type}>
          {names.types[peer.connection_type]} {peer.phase !== undefined && <span className="tag">{peer.phase}</span>}
        </Fact>
        <Fact name={names.since}>
          <Ago atMs={peer.conntime} /> <span className="muted">{formatExactTime(peer.conntime)}</span>
        </Fact>
        <Fact name={names.masternode}>
          {peer.masternode ? text.common.yes : text.common.no} {claims && <span className="muted">{names.claims}</span>}
        </Fact>
        <Fact name={names.network}>
          {peer.networkgroup}
          {peer.country !== undefined && <span className="muted"> · {formatCountry(peer.country)}</span>}
        </Fact>
        <Fact name={names.software}>
          {peer.subver} <span className="muted">{names.protocol(peer.version)}</span>
        </Fact>
        <Fact name={names.observed}>
          <span className="mono whole">{peer.addrlocal}</span>
        </Fact>
      </dl>
    </Section>
  );
}

function Health({ peer }: { readonly peer: PeerInfo }) {
  const ownHeight = useOverview()?.height ?? 0;
  const behind = ownHeight - peer.synced_blocks;
  const moment = (atMs: number | undefined) => (atMs === undefined ? text.peers.noRtt : <Ago atMs={atMs} />);
  return (
    <Section title={names.health}>
      <dl className="peer-facts">
        <Fact name={names.score}>
          {formatCount(peer.score)} <span className="muted">{names.of100}</span>
        </Fact>
        <Fact name={names.rtt}>
          {peer.pingtime === undefined ? (
            <span className="muted">{text.peers.noRtt}</span>
          ) : (
            names.rttParts(rttWords(peer.pingtime), rttWords(peer.minping), rttWords(peer.smoothedping), rttWords(peer.jitter))
          )}
        </Fact>
        <Fact name={names.pings}>
          <span className={peer.missedpings > 0 ? 'warning' : ''}>{names.pingParts(peer.pongsreceived, peer.pingssent, peer.missedpings)}</span>
        </Fact>
        <Fact name={names.clock}>{peer.timeoffset === undefined ? <span className="muted">{text.peers.noRtt}</span> : names.clockParts(peer.timeoffset)}</Fact>
        <Fact name={names.height}>
          {formatCount(peer.synced_blocks)} {behind > 1 && <span className="warning">{text.peers.behind(behind)}</span>}
        </Fact>
        <Fact name={names.lastSent}>{moment(peer.lastsend)}</Fact>
        <Fact name={names.lastReceived}>{moment(peer.lastrecv)}</Fact>
      </dl>
    </Section>
  );
}

function Messages({ id }: { readonly id: number }) {
  const [info] = usePoll('getpeerinfo', { id }) ?? [];
  if (info === undefined) return null;
  const bytesOf = (type: string): number => (info.bytessent_per_msg[type] ?? 0) + (info.bytesrecv_per_msg[type] ?? 0);
  const types = [...new Set([...Object.keys(info.bytessent_per_msg), ...Object.keys(info.bytesrecv_per_msg)])].sort((a, b) => bytesOf(b) - bytesOf(a));
  const leftOut = Object.values(info.leftout_per_msg).reduce((sum, count) => sum + count, 0);
  return (
    <Section title={names.traffic}>
      {types.length === 0 ? (
        <p className="muted">{names.noTraffic}</p>
      ) : (
        <table className="table panel-table">
          <thead>
            <tr>
              <th scope="col">{names.trafficColumns.type}</th>
              <th scope="col" className="number">
                {names.trafficColumns.sent}
              </th>
              <th scope="col" className="number">
                {names.trafficColumns.received}
              </th>
              <th scope="col" className="number">
                {names.trafficColumns.bytes}
              </th>
            </tr>
          </thead>
          <tbody>
            {types.map((type) => (
              <tr key={type}>
                <td>{type}</td>
                <td className="number">{formatCount(info.messagessent_per_msg[type] ?? 0)}</td>
                <td className="number">{formatCount(info.messagesrecv_per_msg[type] ?? 0)}</td>
                <td className="number">{formatBytes(bytesOf(type))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {Object.entries(info.ratelimited).map(([limit, count]) => (
        <p key={limit} className="warning small">
          {names.rateLimited(count, limit)}
        </p>
      ))}
      {leftOut > 0 && <p className="warning small">{names.leftOut(leftOut)}</p>}
    </Section>
  );
}

/** Asked of the node when the panel is open; the newest, which is all that the node keeps of one peer for long. */
const historyRows = 20;

function Past({ peer }: { readonly peer: PeerInfo }) {
  // An inbound peer's port is another one each time, and its address says nothing about other connections of it.
  const of = peer.inbound ? { nodeid: peer.nodeid } : { nodeid: peer.nodeid, address: peer.addr };
  const history = usePoll('getconnectionhistory', { count: historyRows, ...of });
  const violations = usePoll('getviolations', { count: historyRows, nodeid: peer.nodeid });
  return (
    <>
      <Section title={names.violations}>
        {violations?.length === 0 && <p className="muted">{names.noViolations}</p>}
        <ul className="panel-list">
          {violations?.map((one) => (
            <li key={`${one.atms} ${one.code} ${one.detail}`} className="line">
              <span className="muted">
                <Ago atMs={one.atms} />
              </span>
              <span>{text.peers.reason(one.detail === '' ? one.code : `${one.code}: ${one.detail}`)}</span>
            </li>
          ))}
        </ul>
      </Section>
      <Section title={names.history}>
        {history?.length === 0 && <p className="muted">{names.noHistory}</p>}
        {history !== undefined && history.length > 0 && (
          <TableScroll>
            <HistoryTable entries={history} withAddress={false} />
          </TableScroll>
        )}
      </Section>
    </>
  );
}

/** All about one peer, beside the table. It stays when the peer goes, and says so. */
export function PeerPanel({ view }: { readonly view: TopicValue<'peers'> }) {
  const selected = useSelectedPeer((state) => state.peer);
  const live = selected && view.peers.find(({ id }) => id === selected.id);
  const peer = live ?? selected;
  return (
    <Drawer
      opened={peer !== undefined}
      onClose={closePeer}
      position="right"
      size={460}
      lockScroll={false}
      transitionProps={{ duration: 120 }}
      title={peer === undefined ? '' : names.title(peer.addr)}
      classNames={{ title: 'panel-title' }}
      closeButtonProps={{ 'aria-label': names.close }}
      data-testid="peer-panel"
    >
      {peer !== undefined && (
        <div className="peer-panel">
          {live === undefined ? <Notice tone="muted" advice={names.gone} /> : <PeerActions key={peer.id} peer={peer} />}
          <Identity peer={peer} />
          <Health peer={peer} />
          {live !== undefined && <Messages id={peer.id} />}
          <Past peer={peer} />
        </div>
      )}
    </Drawer>
  );
}
