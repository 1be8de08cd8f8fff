import { createColumnHelper, createSortedRowModel, rowSortingFeature, sortFns, tableFeatures } from '@tanstack/react-table';
import type { TopicValue } from '../../../src-shared/api/topics.ts';
import { formatBytes, formatCount, formatDuration } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { Ago } from '../../ui/ago.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Sparkline } from '../../ui/sparkline.tsx';

/** With the height of this node beside it, to say how far behind a peer is. */
export interface PeerRow {
  readonly peer: TopicValue<'peers'>['peers'][number];
  readonly ownHeight: number;
}

export const peerTableFeatures = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel(), sortFns });
const helper = createColumnHelper<typeof peerTableFeatures, PeerRow>();
const names = text.peers.columns;

/** Seconds, as the contract has them, in words. */
const rtt = (seconds: number | undefined): string => (seconds === undefined ? text.peers.noRtt : formatDuration(seconds * 1_000));

function RttCell({ peer }: { readonly peer: PeerRow['peer'] }) {
  const { rtthistory } = peer;
  const label =
    rtthistory.length === 0
      ? text.peers.noRtt
      : text.peers.sparkline(rtthistory.length, formatDuration(Math.min(...rtthistory)), formatDuration(Math.max(...rtthistory)));
  return (
    <span className="line peer-rtt">
      <Sparkline values={rtthistory} label={label} />
      <span data-testid="peer-rtt" className={peer.pingtime === undefined ? 'muted' : ''}>
        {rtt(peer.pingtime)}
      </span>
      {peer.missedpings > 0 && (
        <span className="tag warning" title={text.peers.missedMeans(peer.missedpings)}>
          {text.peers.missed(peer.missedpings)}
        </span>
      )}
    </span>
  );
}

function HeightCell({ peer, ownHeight }: PeerRow) {
  const behind = ownHeight - peer.synced_blocks;
  return (
    <span title={behind > 1 ? text.peers.behind(behind) : undefined}>
      {formatCount(peer.synced_blocks)}
      {behind > 1 && <span className="warning"> −{formatCount(behind)}</span>}
    </span>
  );
}

export interface PeerColumnLook {
  /** Undefined: what is left. */
  readonly widthPx: number | undefined;
  readonly isNumber: boolean;
  /** Shown in windows of at least this width. */
  readonly fromPx: number;
}
const look = (widthPx: number | undefined, kind: 'word' | 'number' = 'word', fromPx = 0): PeerColumnLook => ({ widthPx, isNumber: kind === 'number', fromPx });

/** By column id. */
const looks: Readonly<Record<string, PeerColumnLook>> = {
  address: look(undefined),
  direction: look(84),
  masternode: look(104),
  rtt: look(204),
  minRtt: look(84, 'number', 1_340),
  height: look(92, 'number'),
  version: look(116, 'word', 1_460),
  connected: look(104),
  sent: look(76, 'number', 1_240),
  received: look(84, 'number', 1_240),
};
export const lookOf = (columnId: string | undefined): PeerColumnLook => looks[columnId ?? ''] ?? look(undefined);

export const peerColumns = helper.columns([
  helper.accessor((row) => row.peer.addr, {
    id: 'address',
    header: names.address,
    cell: ({ row: { original } }) => (
      <span className="line">
        <span className="mono cut" title={`${original.peer.addr}\n${original.peer.nodeid}`}>
          {original.peer.addr}
        </span>
        <CopyButton value={original.peer.addr} label={text.common.copyWhole(original.peer.addr)} />
      </span>
    ),
  }),
  helper.accessor((row) => (row.peer.inbound ? text.peers.inbound : text.peers.outbound), {
    id: 'direction',
    header: names.direction,
    cell: ({ row: { original }, getValue }) => (
      <span className="line">
        <Icon name={original.peer.inbound ? 'inbound' : 'outbound'} className="muted" />
        {getValue()}
      </span>
    ),
  }),
  helper.accessor((row) => (row.peer.masternode ? text.common.yes : text.common.no), {
    id: 'masternode',
    header: names.masternode,
    cell: ({ row: { original }, getValue }) => <span className={original.peer.masternode ? '' : 'muted'}>{getValue()}</span>,
  }),
  helper.accessor((row) => row.peer.pingtime, {
    id: 'rtt',
    header: names.rtt,
    sortUndefined: 'last',
    cell: ({ row: { original } }) => <RttCell peer={original.peer} />,
  }),
  helper.accessor((row) => row.peer.minping, { id: 'minRtt', header: names.minRtt, sortUndefined: 'last', cell: ({ getValue }) => rtt(getValue()) }),
  helper.accessor((row) => row.peer.synced_blocks, { id: 'height', header: names.height, cell: ({ row: { original } }) => <HeightCell {...original} /> }),
  helper.accessor((row) => row.peer.subver, {
    id: 'version',
    header: names.version,
    cell: ({ getValue }) => (
      <span className="cut" title={getValue()}>
        {getValue()}
      </span>
    ),
  }),
  helper.accessor((row) => row.peer.conntime, { id: 'connected', header: names.connected, cell: ({ getValue }) => <Ago atMs={getValue()} /> }),
  helper.accessor((row) => row.peer.bytessent, { id: 'sent', header: names.sent, cell: ({ getValue }) => formatBytes(getValue()) }),
  helper.accessor((row) => row.peer.bytesrecv, { id: 'received', header: names.received, cell: ({ getValue }) => formatBytes(getValue()) }),
]);
