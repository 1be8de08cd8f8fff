import { formatBytes, formatCount, formatCountry, formatDuration, formatShare } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { Ago } from '../../ui/ago.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import type { Column } from '../../ui/data-table.tsx';
import { Icon } from '../../ui/icon.tsx';
import type { SortValue } from '../../ui/sort-rows.ts';
import { Sparkline } from '../../ui/sparkline.tsx';
import type { PeerInfo } from './peer-info.ts';

/** With the height of this node beside it, to say how far behind a peer is. */
export interface PeerRow {
  readonly peer: PeerInfo;
  readonly ownHeight: number;
}

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

interface PeerColumnLook {
  /** Undefined: what is left. */
  readonly widthPx: number | undefined;
  readonly isNumber: boolean;
  /** Shown in windows of at least this width, unless a person chose otherwise. */
  readonly fromPx: number;
}
const look = (widthPx: number | undefined, kind: 'word' | 'number' = 'word', fromPx = 0): PeerColumnLook => ({ widthPx, isNumber: kind === 'number', fromPx });
/** In no window, unless a person chose it. */
const onDemand = Number.POSITIVE_INFINITY;

/** Navigation, padding and card take 290 px of a window, 145 px of one below 1,000; each column comes where the table with it fits beside them. */
const looks = {
  address: look(undefined),
  country: look(112, 'word', 1_264),
  direction: look(72, 'word', 650),
  masternode: look(100, 'word', 830),
  rtt: look(156),
  minRtt: look(84, 'number', 1_512),
  jitter: look(72, 'number', 1_584),
  height: look(92, 'number'),
  version: look(116, 'word', 1_704),
  score: look(64, 'number', 1_152),
  pings: look(84, 'number', 730),
  violations: look(88, 'number', onDemand),
  clock: look(84, 'number', onDemand),
  connected: look(112, 'word', 1_092),
  sent: look(80, 'number', 1_432),
  received: look(84, 'number', 1_432),
} as const satisfies Record<string, PeerColumnLook>;
export type PeerColumnId = keyof typeof looks;
export const peerColumnIds = Object.keys(looks) as PeerColumnId[];

/** Those that the window has room for, or the person's own choice. The address is always there: without it a row says nothing. */
export const isShown = (id: PeerColumnId, windowWidthPx: number, choice: readonly string[] | undefined): boolean =>
  id === 'address' || (choice === undefined ? looks[id].fromPx <= windowWidthPx : choice.includes(id));

const optional = (words: string | undefined) => <span className={words === undefined ? 'muted' : ''}>{words ?? text.peers.unknown}</span>;
const cut = (words: string | undefined) => (
  <span className="cut" title={words}>
    {optional(words)}
  </span>
);
const countryOf = ({ peer }: PeerRow): string | undefined => (peer.country === undefined ? undefined : formatCountry(peer.country));
const directionOf = ({ peer }: PeerRow): string => (peer.inbound ? text.peers.inbound : text.peers.outbound);
const masternodeOf = ({ peer }: PeerRow): string => (peer.masternode ? text.common.yes : text.common.no);

const cells: { readonly [Id in PeerColumnId]: Pick<Column<PeerRow>, 'cell' | 'beside'> & { readonly value: (row: PeerRow) => SortValue } } = {
  address: {
    value: ({ peer }) => peer.addr,
    cell: ({ peer }) => (
      <span className="mono" title={`${peer.addr}\n${peer.nodeid}`}>
        {peer.addr}
      </span>
    ),
    beside: ({ peer }) => <CopyButton value={peer.addr} label={text.common.copyWhole(peer.addr)} />,
  },
  country: { value: countryOf, cell: (row) => cut(countryOf(row)) },
  direction: {
    value: directionOf,
    cell: (row) => (
      <span className="line">
        <Icon name={row.peer.inbound ? 'inbound' : 'outbound'} className="muted" />
        {directionOf(row)}
      </span>
    ),
  },
  masternode: { value: masternodeOf, cell: (row) => <span className={row.peer.masternode ? '' : 'muted'}>{masternodeOf(row)}</span> },
  rtt: { value: ({ peer }) => peer.pingtime, cell: (row) => <RttCell peer={row.peer} /> },
  minRtt: { value: ({ peer }) => peer.minping, cell: ({ peer }) => rttWords(peer.minping) },
  jitter: { value: ({ peer }) => peer.jitter, cell: ({ peer }) => optional(peer.jitter === undefined ? undefined : rttWords(peer.jitter)) },
  height: { value: ({ peer }) => peer.synced_blocks, cell: (row) => <HeightCell {...row} /> },
  version: { value: ({ peer }) => peer.subver, cell: ({ peer }) => cut(peer.subver) },
  score: { value: ({ peer }) => peer.score, cell: ({ peer }) => formatCount(peer.score) },
  pings: { value: ({ peer }) => (peer.pingssent === 0 ? 1 : peer.pongsreceived / peer.pingssent), cell: ({ peer }) => <PingsCell peer={peer} /> },
  violations: {
    value: ({ peer }) => peer.violations,
    cell: ({ peer }) => <span className={peer.violations === 0 ? 'muted' : 'warning'}>{formatCount(peer.violations)}</span>,
  },
  clock: { value: ({ peer }) => peer.timeoffset, cell: ({ peer }) => optional(peer.timeoffset === undefined ? undefined : text.peers.offset(peer.timeoffset)) },
  connected: { value: ({ peer }) => peer.conntime, cell: ({ peer }) => <Ago atMs={peer.conntime} /> },
  sent: { value: ({ peer }) => peer.bytessent, cell: ({ peer }) => formatBytes(peer.bytessent) },
  received: { value: ({ peer }) => peer.bytesrecv, cell: ({ peer }) => formatBytes(peer.bytesrecv) },
};

export const peerColumns: readonly (Column<PeerRow> & { readonly id: PeerColumnId })[] = peerColumnIds.map((id) => ({
  id,
  header: text.peers.columns[id],
  means: text.peers.columnMeans[id],
  widthPx: looks[id].widthPx,
  isNumber: looks[id].isNumber,
  ...cells[id],
}));
