import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type MouseEvent, type ReactNode, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { collator } from '../text/format.ts';
import { type ColumnWidth, fittingColumns, leastWidthOf } from './fitting-columns.ts';
import { Icon } from './icon.tsx';
import { rowAfterKey } from './row-keys.ts';
import { orderAfterClick, type SortOrder, type SortValue, sortRows } from './sort-rows.ts';
import { useInnerWidth, useMoreAside } from './table-scroll.tsx';
import './data-table.css';

export interface Column<Row> extends ColumnWidth {
  readonly id: string;
  readonly header: string;
  /** What it means, on hover of its header. */
  readonly means?: string | undefined;
  readonly isNumber?: boolean;
  readonly cell: (row: Row) => ReactNode;
  /** What rows are sorted by; a column without it cannot be sorted by. */
  readonly value?: (row: Row) => SortValue;
  /** Of the first column of a table whose rows open: what stands beside the button that opens. */
  readonly beside?: (row: Row) => ReactNode;
}

interface DataTableProps<Row> {
  /** What is listed, for who cannot see it. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly firstOrder: SortOrder;
  /** Where set, a row can be opened: by click, or by Enter in its first cell, which the arrow keys move between. */
  readonly onOpen?: (row: Row) => void;
  readonly openLabel?: (row: Row) => string;
  readonly rowTestId?: string;
}

const rowHeightPx = 36;
const ariaSort = { true: 'descending', false: 'ascending' } as const;

/** Only the rows in sight are in the document, so thousands cost what a screenful does. */
export function DataTable<Row>({ label, columns: all, rows, rowKey, firstOrder, onOpen, openLabel, rowTestId }: DataTableProps<Row>) {
  const [order, setOrder] = useState(firstOrder);
  const [current, setCurrent] = useState(0);
  const scroller = useRef<HTMLElement>(null);
  const wanted = useRef<number>(undefined);
  useMoreAside(scroller);
  const columns = fittingColumns(all, useInnerWidth(scroller));
  const sortedBy = all.find(({ id }) => id === order.id)?.value;
  const sorted = useMemo(() => (sortedBy === undefined ? rows : sortRows(rows, sortedBy, order.descending, collator)), [rows, sortedBy, order.descending]);
  const virtual = useVirtualizer({
    count: sorted.length,
    estimateSize: () => rowHeightPx,
    getScrollElement: () => scroller.current,
    // The head stays in sight above the rows.
    scrollPaddingEnd: rowHeightPx,
    overscan: 8,
  });
  const items = virtual.getVirtualItems();
  const above = items[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  // The row that a key led to may have to be scrolled to before it is there to take the focus.
  useLayoutEffect(() => {
    const button = wanted.current === undefined ? undefined : scroller.current?.querySelector<HTMLElement>(`[data-index="${wanted.current}"] .row-open`);
    if (button === undefined || button === null) return;
    wanted.current = undefined;
    button.focus({ preventScroll: true });
  });
  const goTo = (event: KeyboardEvent, index: number): void => {
    const target = rowAfterKey(event.key, index, sorted.length);
    if (target === undefined) return;
    event.preventDefault();
    wanted.current = target;
    setCurrent(target);
    virtual.scrollToIndex(target);
  };
  const reachable = items.some(({ index }) => index === current) ? current : items[0]?.index;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="table-scroll data-scroll" ref={scroller} aria-label={label} tabIndex={0}>
      <table className="table data-table" style={{ minWidth: leastWidthOf(columns) }} aria-rowcount={sorted.length + 1}>
        <colgroup>
          {columns.map(({ id, widthPx }) => (
            <col key={id} style={{ width: widthPx }} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {columns.map(({ id, header, means, isNumber = false, value }) => (
              <th
                key={id}
                scope="col"
                className={isNumber ? 'number' : ''}
                aria-sort={value === undefined ? undefined : id === order.id ? ariaSort[`${order.descending}`] : 'none'}
              >
                {value === undefined ? (
                  <span title={means}>{header}</span>
                ) : (
                  <button type="button" className="sort" title={means} onClick={() => setOrder(orderAfterClick(order, id))}>
                    {header}
                    {id === order.id && <Icon name={order.descending ? 'down' : 'up'} />}
                  </button>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {above > 0 && <Spacer columns={columns.length} heightPx={above} />}
          {items.map(({ index }) => {
            const row = sorted[index];
            if (row === undefined) return null;
            return (
              <tr
                key={rowKey(row)}
                data-index={index}
                className={onOpen === undefined ? '' : 'opens'}
                aria-rowindex={index + 2}
                data-testid={rowTestId}
                onClick={onOpen === undefined ? undefined : (event) => !hitsControl(event) && onOpen(row)}
              >
                {columns.map((column, i) => (
                  <td key={column.id} className={column.isNumber === true ? 'number' : ''}>
                    {i === 0 && onOpen !== undefined ? (
                      <span className="line">
                        <button
                          type="button"
                          className="row-open cut"
                          tabIndex={index === reachable ? 0 : -1}
                          aria-label={openLabel?.(row)}
                          onClick={() => onOpen(row)}
                          onFocus={() => setCurrent(index)}
                          onKeyDown={(event) => goTo(event, index)}
                        >
                          {column.cell(row)}
                        </button>
                        {column.beside?.(row)}
                      </span>
                    ) : (
                      column.cell(row)
                    )}
                  </td>
                ))}
              </tr>
            );
          })}
          {below > 0 && <Spacer columns={columns.length} heightPx={below} />}
        </tbody>
      </table>
    </section>
  );
}

function Spacer({ columns, heightPx }: { readonly columns: number; readonly heightPx: number }) {
  return (
    <tr className="spacer">
      <td colSpan={columns} style={{ height: heightPx }} />
    </tr>
  );
}

/** The whole row opens, but for what does something else in it. */
const hitsControl = (event: MouseEvent): boolean => event.target instanceof Element && event.target.closest('button, a, input') !== null;
