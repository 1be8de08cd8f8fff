import { type LogLevel, type LogPart, logLevels } from '../../../src-shared/domain/log-lines.ts';
import type { LogLine } from './kept-lines.ts';

export interface LogFilter {
  /** This and what is graver. */
  readonly level: LogLevel;
  /** Undefined: all. */
  readonly part: LogPart | undefined;
  /** Every word of it is in the line, in any case. */
  readonly words: string;
}
export const noFilter: LogFilter = { level: 'debug', part: undefined, words: '' };

export function filterLines(lines: readonly LogLine[], { level, part, words }: LogFilter): readonly LogLine[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const worst = logLevels.indexOf(level);
  return lines.filter(
    (line) =>
      logLevels.indexOf(line.level) <= worst &&
      (part === undefined || line.part === part) &&
      (wanted.length === 0 || wanted.every((word) => line.text.toLowerCase().includes(word))),
  );
}
