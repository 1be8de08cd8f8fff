import { useTable } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type MouseEvent, useRef } from 'react';
import { text } from '../../text/text.ts';
import { Icon } from '../../ui/icon.tsx';
import { addressWidthPx, isShown, lookOf, type PeerRow, peerColumns, peerTableFeatures } from './peer-columns.tsx';
import { openPeer } from './peer-selection.ts';

const rowHeightPx = 36;
const ariaSort = { asc: 'ascending', desc: 'descending' } as const;

interface PeerTableProps {
  readonly rows: readonly PeerRow[];
  readonly windowWidthPx: number;
  /** Columns that a person chose, if one did. */
  readonly choice: readonly string[] | undefined;
}

/** Only the rows in sight are in the document, so hundreds of peers cost what a screenful does. */
export function PeerTable({ rows, windowWidthPx, choice }: PeerTableProps) {
  // A column of dashes says nothing, unless somebody wants it.
  const hasCountries = rows.some(({ peer }) => peer.country !== undefined);
  const columns = peerColumns.filter(({ id = '' }) => isShown(id, windowWidthPx, choice) && (id !== 'country' || hasCountries || choice !== undefined));
  const leastWidthPx = columns.reduce((sum, { id }) => sum + (lookOf(id).widthPx ?? addressWidthPx), 0);
  const table = useTable({
    features: peerTableFeatures,
    columns,
    data: rows,
    getRowId: ({ peer }) => String(peer.id),
    // Round trips and counters change by the second, and rows that change places with them cannot be read.
    initialState: { sorting: [{ id: 'connected', desc: false }] },
  });
  const scroller = useRef<HTMLDivElement>(null);
  const sorted = table.getRowModel().rows;
  const virtual = useVirtualizer({ count: sorted.length, estimateSize: () => rowHeightPx, getScrollElement: () => scroller.current, overscan: 8 });
  const items = virtual.getVirtualItems();
  const above = items[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <div className="table-scroll peer-scroll" ref={scroller}>
      <table className="table peer-table" style={{ minWidth: leastWidthPx }} aria-rowcount={sorted.length + 1}>
        <colgroup>
          {columns.map(({ id = '' }) => (
            <col key={id} style={{ width: lookOf(id).widthPx }} />
          ))}
        </colgroup>
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id}>
              {group.headers.map((header) => {
                const direction = header.column.getIsSorted();
                return (
                  <th
                    key={header.id}
                    scope="col"
                    className={lookOf(header.id).isNumber ? 'number' : ''}
                    aria-sort={direction === false ? 'none' : ariaSort[direction]}
                  >
                    <button type="button" className="sort" title={text.peers.columnMeans[header.id]} onClick={header.column.getToggleSortingHandler()}>
                      <table.FlexRender header={header} />
                      {direction !== false && <Icon name={direction === 'asc' ? 'up' : 'down'} />}
                    </button>
                  </th>
                );
              })}
            </tr>
          ))}
        </thead>
        <tbody>
          {above > 0 && (
            <tr className="spacer">
              <td colSpan={columns.length} style={{ height: above }} />
            </tr>
          )}
          {items.map((item) => {
            const row = sorted[item.index];
            return (
              row !== undefined && (
                <tr
                  key={row.id}
                  className="peer-row"
                  aria-rowindex={item.index + 2}
                  data-testid="peer-row"
                  onClick={(event) => openUnlessButton(event, row.original)}
                >
                  {row.getAllCells().map((cell) => (
                    <td key={cell.id} className={lookOf(cell.column.id).isNumber ? 'number' : ''}>
                      <table.FlexRender cell={cell} />
                    </td>
                  ))}
                </tr>
              )
            );
          })}
          {below > 0 && (
            <tr className="spacer">
              <td colSpan={columns.length} style={{ height: below }} />
            </tr>
          )}
        </tbody>
      </table>
    </div>
  );
}

/** The whole row opens its panel, but for what does something else in it. */
function openUnlessButton(event: MouseEvent<HTMLTableRowElement>, { peer }: PeerRow): void {
  if (event.target instanceof Element && event.target.closest('button') === null) openPeer(peer);
}
