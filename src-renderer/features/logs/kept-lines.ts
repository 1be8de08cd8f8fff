import type { Response } from '../../../src-shared/api/contract.ts';
import type { TopicValue } from '../../../src-shared/api/topics.ts';

export type LogReply = Response<'getlogs'>;
export type LogLine = LogReply['lines'][number];

/** As many as the node has at hand. */
export const maxKeptLines = 4_000;

/** Lines of one run of the node without a gap between them, oldest first. */
export interface KeptLines {
  /** Which run; 0 before the first answer. */
  readonly startedMs: number;
  readonly lines: readonly LogLine[];
}
export const noLines: KeptLines = { startedMs: 0, lines: [] };

/** Number of the newest; 0 if there is none. */
export const lastNumber = ({ lines }: KeptLines): number => lines.at(-1)?.number ?? 0;

/** After which line the node is to be asked for more; undefined: nothing is missing. */
export function askAfter(kept: KeptLines, position: TopicValue<'log'>): number | undefined {
  const after = kept.startedMs === position.startedms ? lastNumber(kept) : 0;
  return after < position.last ? after : undefined;
}

/** What is kept once an answer is there: the same where it has nothing new. Lines of an earlier run go, and so do those before a gap: it would look as if nothing had happened in it. */
export function keep(kept: KeptLines, { startedms, lines }: Pick<LogReply, 'startedms' | 'lines'>): KeptLines {
  const same = kept.startedMs === startedms;
  const last = lastNumber(kept);
  const added = same ? lines.filter(({ number }) => number > last) : lines;
  if (same && added.length === 0) return kept;
  const joins = same && added[0]?.number === last + 1;
  return { startedMs: startedms, lines: [...(joins ? kept.lines : []), ...added].slice(-maxKeptLines) };
}
