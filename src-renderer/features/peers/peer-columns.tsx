import { createColumnHelper, createSortedRowModel, rowSortingFeature, sortFns, tableFeatures } from '@tanstack/react-table';
import { formatBytes, formatCount, formatCountry, formatDuration, formatShare } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { Ago } from '../../ui/ago.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Sparkline } from '../../ui/sparkline.tsx';
import type { PeerInfo } from './peer-info.ts';
import { openPeer } from './peer-selection.ts';

/** With the height of this node beside it, to say how far behind a peer is. */
export interface PeerRow {
  readonly peer: PeerInfo;
  readonly ownHeight: number;
}

export const peerTableFeatures = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel(), sortFns });
const helper = createColumnHelper<typeof peerTableFeatures, PeerRow>();
const names = text.peers.columns;

/** Seconds, as the contract has them, in words. */
export const rttWords = (seconds: number | undefined): string => (seconds === undefined ? text.peers.noRtt : formatDuration(seconds * 1_000));

function RttCell({ peer }: { readonly peer: PeerInfo }) {
  const { rtthistory } = peer;
  const label =
    rtthistory.length === 0
      ? text.peers.noRtt
      : text.peers.sparkline(rtthistory.length, formatDuration(Math.min(...rtthistory)), formatDuration(Math.max(...rtthistory)));
  return (
    <span className="line peer-rtt">
      <Sparkline values={rtthistory} label={label} />
      <span data-testid="peer-rtt" className={peer.pingtime === undefined ? 'muted' : ''}>
        {rttWords(peer.pingtime)}
      </span>
    </span>
  );
}

function PingsCell({ peer }: { readonly peer: PeerInfo }) {
  const { pingssent, pongsreceived, missedpings } = peer;
  const means = text.peers.panel.pingParts(pongsreceived, pingssent, missedpings);
  if (missedpings > 0)
    return (
      <span className="tag warning" title={`${text.peers.missedMeans(missedpings)}\n${means}`}>
        {text.peers.missed(missedpings)}
      </span>
    );
  return (
    <span className={pingssent === 0 ? 'muted' : ''} title={means}>
      {pingssent === 0 ? text.peers.unknown : formatShare(pongsreceived, pingssent)}
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
  /** Shown in windows of at least this width, unless a person chose otherwise. */
  readonly fromPx: number;
}
const look = (widthPx: number | undefined, kind: 'word' | 'number' = 'word', fromPx = 0): PeerColumnLook => ({ widthPx, isNumber: kind === 'number', fromPx });
/** In no window, unless a person chose it. */
const onDemand = Number.POSITIVE_INFINITY;

/** What a table needs for the column without a width of its own. */
export const addressWidthPx = 180;

/** Navigation, padding and card take 290 px of a window; each column comes where the table with it fits beside them. */
const looks = {
  address: look(undefined),
  country: look(112, 'word', 1_250),
  direction: look(72),
  masternode: look(100),
  rtt: look(156),
  minRtt: look(84, 'number', 1_500),
  jitter: look(72, 'number', 1_570),
  height: look(92, 'number'),
  version: look(116, 'word', 1_690),
  score: look(64, 'number', 1_140),
  pings: look(84, 'number'),
  violations: look(88, 'number', onDemand),
  clock: look(84, 'number', onDemand),
  connected: look(100, 'word', 1_080),
  sent: look(80, 'number', 1_420),
  received: look(84, 'number', 1_420),
} as const satisfies Record<string, PeerColumnLook>;
export type PeerColumnId = keyof typeof looks;
export const peerColumnIds = Object.keys(looks) as PeerColumnId[];
export const lookOf = (columnId: string | undefined): PeerColumnLook =>
  columnId !== undefined && Object.hasOwn(looks, columnId) ? looks[columnId as PeerColumnId] : look(undefined);

/** Those that the window has room for, or the person's own choice. The address is always there: without it a row says nothing. */
export const isShown = (id: string, windowWidthPx: number, choice: readonly string[] | undefined): boolean =>
  id === 'address' || (choice === undefined ? lookOf(id).fromPx <= windowWidthPx : choice.includes(id));

const optional = (words: string | undefined) => <span className={words === undefined ? 'muted' : ''}>{words ?? text.peers.unknown}</span>;

export const peerColumns = helper.columns([
  helper.accessor((row) => row.peer.addr, {
    id: 'address',
    header: names.address,
    cell: ({ row: { original } }) => (
      <span className="line">
        <button
          type="button"
          className="peer-open mono cut"
          title={`${original.peer.addr}\n${original.peer.nodeid}`}
          aria-label={text.peers.open(original.peer.addr)}
          onClick={() => openPeer(original.peer)}
        >
          {original.peer.addr}
        </button>
        <CopyButton value={original.peer.addr} label={text.common.copyWhole(original.peer.addr)} />
      </span>
    ),
  }),
  helper.accessor((row) => (row.peer.country === undefined ? undefined : formatCountry(row.peer.country)), {
    id: 'country',
    header: names.country,
    sortUndefined: 'last',
    cell: ({ getValue }) => (
      <span className="cut" title={getValue()}>
        {optional(getValue())}
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
  helper.accessor((row) => row.peer.minping, { id: 'minRtt', header: names.minRtt, sortUndefined: 'last', cell: ({ getValue }) => rttWords(getValue()) }),
  helper.accessor((row) => row.peer.jitter, {
    id: 'jitter',
    header: names.jitter,
    sortUndefined: 'last',
    cell: ({ getValue }) => optional(getValue() === undefined ? undefined : rttWords(getValue())),
  }),
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
  helper.accessor((row) => row.peer.score, { id: 'score', header: names.score, cell: ({ getValue }) => formatCount(getValue()) }),
  helper.accessor((row) => (row.peer.pingssent === 0 ? 1 : row.peer.pongsreceived / row.peer.pingssent), {
    id: 'pings',
    header: names.pings,
    cell: ({ row: { original } }) => <PingsCell peer={original.peer} />,
  }),
  helper.accessor((row) => row.peer.violations, {
    id: 'violations',
    header: names.violations,
    cell: ({ getValue }) => <span className={getValue() === 0 ? 'muted' : 'warning'}>{formatCount(getValue())}</span>,
  }),
  helper.accessor((row) => row.peer.timeoffset, {
    id: 'clock',
    header: names.clock,
    sortUndefined: 'last',
    cell: ({ getValue }) => {
      const seconds = getValue();
      return optional(seconds === undefined ? undefined : text.peers.offset(seconds));
    },
  }),
  helper.accessor((row) => row.peer.conntime, { id: 'connected', header: names.connected, cell: ({ getValue }) => <Ago atMs={getValue()} /> }),
  helper.accessor((row) => row.peer.bytessent, { id: 'sent', header: names.sent, cell: ({ getValue }) => formatBytes(getValue()) }),
  helper.accessor((row) => row.peer.bytesrecv, { id: 'received', header: names.received, cell: ({ getValue }) => formatBytes(getValue()) }),
]);
