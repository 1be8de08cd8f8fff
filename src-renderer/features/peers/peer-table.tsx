import { text } from '../../text/text.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { isShown, type PeerRow, peerColumns } from './peer-columns.tsx';
import { openPeer } from './peer-selection.ts';

interface PeerTableProps {
  readonly rows: readonly PeerRow[];
  readonly windowWidthPx: number;
  /** Columns that a person chose, if one did. */
  readonly choice: readonly string[] | undefined;
}

export function PeerTable({ rows, windowWidthPx, choice }: PeerTableProps) {
  // A column of dashes says nothing, unless somebody wants it.
  const hasCountries = rows.some(({ peer }) => peer.country !== undefined);
  return (
    <DataTable
      label={text.peers.tabs.connected}
      columns={peerColumns.filter(({ id }) => isShown(id, windowWidthPx, choice) && (id !== 'country' || hasCountries || choice !== undefined))}
      rows={rows}
      rowKey={({ peer }) => String(peer.id)}
      // Round trips and counters change by the second, and rows that change places with them cannot be read.
      firstOrder={{ id: 'connected', descending: false }}
      onOpen={({ peer }) => openPeer(peer)}
      openLabel={({ peer }) => text.peers.open(peer.addr)}
      rowTestId="peer-row"
    />
  );
}
