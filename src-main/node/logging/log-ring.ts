import type { LogLevel, LogLine } from '../../../src-shared/domain/log-lines.ts';

/** Hours of a quiet node and minutes of a busy one; about a megabyte, and never more than sixteen. The files have more. */
export const keptLogLines = 4_000;
/** A stack is cut here, and told so; the file has it whole. */
export const maxLogTextLength = 2_000;

/** The last lines that were written, for who looks at them through a door. A line's number tells whether those before it are known. */
export class LogRing {
  /** Graver lines and these are written. */
  readonly level: LogLevel;
  /** Tells one run's numbers from another's. Milliseconds since 1970. */
  readonly startedMs: number;
  /** By number, modulo `keptLogLines`. */
  readonly #lines: LogLine[] = [];
  #written = 0;

  constructor(level: LogLevel, startedMs: number) {
    this.level = level;
    this.startedMs = startedMs;
  }

  /** Number of the oldest line that is still here; one more than the newest's while there is none. */
  get first(): number {
    return Math.max(1, this.#written - keptLogLines + 1);
  }
  /** Number of the newest line; 0 before the first. */
  get last(): number {
    return this.#written;
  }

  add(line: Omit<LogLine, 'number'>): void {
    const text = line.text.length > maxLogTextLength ? `${line.text.slice(0, maxLogTextLength - 1)}…` : line.text;
    this.#lines[this.#written % keptLogLines] = { ...line, text, number: ++this.#written };
  }

  /** The oldest `count` of those after `after` that `wanted` takes, oldest first. */
  after(after: number, count: number, wanted: (line: LogLine) => boolean): LogLine[] {
    const found: LogLine[] = [];
    for (let number = Math.max(this.first, after + 1); number <= this.#written && found.length < count; number++) {
      const line = this.#at(number);
      if (wanted(line)) found.push(line);
    }
    return found;
  }

  /** The newest `count` that `wanted` takes, oldest first. */
  newest(count: number, wanted: (line: LogLine) => boolean): LogLine[] {
    const found: LogLine[] = [];
    for (let number = this.#written; number >= this.first && found.length < count; number--) {
      const line = this.#at(number);
      if (wanted(line)) found.push(line);
    }
    return found.reverse();
  }

  #at(number: number): LogLine {
    return this.#lines[(number - 1) % keptLogLines] as LogLine;
  }
}
