import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useLayoutEffect, useRef } from 'react';
import type { LogLevel } from '../../../src-shared/domain/log-lines.ts';
import { formatClockSecond, formatExactTime } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { rowAfterKey } from '../../ui/row-keys.ts';
import { StatusWord, type Tone } from '../../ui/status-word.tsx';
import type { LogLine } from './kept-lines.ts';

export const levelTones: Record<LogLevel, Tone> = { error: 'bad', warn: 'warning', info: 'muted', debug: 'muted' };
/** The design's compact rows. */
const rowHeightPx = 28;

interface LogTableProps {
  readonly rows: readonly LogLine[];
  /** Changes when other lines are shown for another reason than that there are newer ones. */
  readonly filterKey: string;
  readonly follows: boolean;
  /** Scrolled to the end, or away from it. */
  readonly onFollow: (follows: boolean) => void;
  /** Number of the line that is shown whole. */
  readonly chosen: number | undefined;
  readonly onChoose: (line: LogLine) => void;
}

/** Lines as they come. The end stays in sight until somebody scrolls up; from then on what is looked at stays where it is. */
export function LogTable({ rows, filterKey, follows, onFollow, chosen, onChoose }: LogTableProps) {
  const scroller = useRef<HTMLElement>(null);
  const before = useRef({ rows, filterKey });
  const wanted = useRef<number>(undefined);
  const virtual = useVirtualizer({
    count: rows.length,
    estimateSize: () => rowHeightPx,
    getScrollElement: () => scroller.current,
    scrollPaddingEnd: rowHeightPx,
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const above = items[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);

  useLayoutEffect(() => {
    const { rows: old, filterKey: oldKey } = before.current;
    before.current = { rows, filterKey };
    const element = scroller.current;
    if (element === null) return;
    if (follows) element.scrollTop = element.scrollHeight;
    else if (filterKey === oldKey && rows[0] !== undefined) {
      // The oldest lines went: what is looked at stays where it is on the screen.
      const first = rows[0].number;
      const gone = old.findIndex(({ number }) => number >= first);
      if (gone > 0) element.scrollTop -= gone * rowHeightPx;
    }
  }, [rows, filterKey, follows]);
  useLayoutEffect(() => {
    // The line that is shown whole has taken room away.
    if (chosen !== undefined && follows) scroller.current?.scrollTo(0, scroller.current.scrollHeight);
  }, [chosen, follows]);
  useLayoutEffect(() => {
    const button = wanted.current === undefined ? undefined : scroller.current?.querySelector<HTMLElement>(`[data-number="${wanted.current}"] .row-open`);
    if (button === undefined || button === null) return;
    wanted.current = undefined;
    button.focus({ preventScroll: true });
  });

  const judgeScroll = (): void => {
    const element = scroller.current;
    if (element === null) return;
    const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < rowHeightPx;
    if (atEnd !== follows) onFollow(atEnd);
  };
  const goTo = (event: KeyboardEvent, index: number): void => {
    const target = rowAfterKey(event.key, index, rows.length);
    const row = target === undefined ? undefined : rows[target];
    if (target === undefined || row === undefined) return;
    event.preventDefault();
    wanted.current = row.number;
    onFollow(target === rows.length - 1);
    virtual.scrollToIndex(target);
    onChoose(row);
  };
  const reachable = items.some(({ index }) => rows[index]?.number === chosen) ? chosen : rows[items.at(-1)?.index ?? -1]?.number;

  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="table-scroll data-scroll log-scroll" ref={scroller} aria-label={text.logs.list} tabIndex={0} onScroll={judgeScroll}>
      <table className="table data-table log-table" aria-rowcount={rows.length + 1}>
        <colgroup>
          <col className="log-time" />
          <col className="log-level" />
          <col className="log-part" />
          <col />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">{text.logs.columns.time}</th>
            <th scope="col">{text.logs.columns.level}</th>
            <th scope="col">{text.logs.columns.part}</th>
            <th scope="col">{text.logs.columns.line}</th>
          </tr>
        </thead>
        <tbody>
          {above > 0 && (
            <tr className="spacer">
              <td colSpan={4} style={{ height: above }} />
            </tr>
          )}
          {items.map(({ index }) => {
            const line = rows[index];
            if (line === undefined) return null;
            return (
              <tr
                key={line.number}
                data-number={line.number}
                data-testid="log-line"
                className={`opens ${line.number === chosen ? 'chosen' : ''}`}
                aria-rowindex={index + 2}
                onClick={() => onChoose(line)}
              >
                <td title={formatExactTime(line.timems)}>{formatClockSecond(line.timems)}</td>
                <td>
                  {levelTones[line.level] === 'muted' ? (
                    <span className="muted">{text.logs.levels[line.level]}</span>
                  ) : (
                    <StatusWord tone={levelTones[line.level]}>{text.logs.levels[line.level]}</StatusWord>
                  )}
                </td>
                <td className="muted">{text.logs.parts[line.part]}</td>
                <td>
                  <button
                    type="button"
                    className="row-open cut"
                    tabIndex={line.number === reachable ? 0 : -1}
                    aria-pressed={line.number === chosen}
                    onKeyDown={(event) => goTo(event, index)}
                  >
                    {line.text}
                  </button>
                </td>
              </tr>
            );
          })}
          {below > 0 && (
            <tr className="spacer">
              <td colSpan={4} style={{ height: below }} />
            </tr>
          )}
        </tbody>
      </table>
    </section>
  );
}
