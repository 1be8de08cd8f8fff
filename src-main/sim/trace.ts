import { createHash } from 'node:crypto';

/** Lines kept for who has to find out what happened. */
const keptLines = 4_000;
/** Hashed in pieces of about this many characters. */
const pieceLength = 64 * 1_024;

/** Words that are only put together where somebody reads them: most lines of most runs nobody ever sees. */
export type Words = string | (() => string);

interface Line {
  readonly atMs: number;
  readonly who: string;
  readonly what: Words;
}

/** Everything that happened, in order: the last lines to read, and a hash of all of them, which two runs of one seed must share. */
export class Trace {
  readonly #hash = createHash('sha256');
  #piece = '';
  #lines: Line[] = [];
  #reader: ((line: string) => void) | undefined;

  /** `mark` stands for it in the hash, where `what` is not a string: two things that differ have different marks, as good as always. */
  add(atMs: number, who: string, what: Words, mark: string | number = typeof what === 'string' ? what : ''): void {
    const line = { atMs, who, what };
    this.#piece += `${atMs} ${who} ${mark}\n`;
    if (this.#piece.length > pieceLength) this.#flush();
    this.#reader?.(textOf(line));
    this.#lines.push(line);
    if (this.#lines.length > 2 * keptLines) this.#lines = this.#lines.slice(-keptLines);
  }
  /** What only who reads all of it wants to know: it is in no hash, so a run is the same whoever reads. */
  aside(atMs: number, who: string, what: () => string): void {
    this.#reader?.(textOf({ atMs, who, what }));
  }
  /** From now on every line goes there as it happens. */
  readBy(reader: (line: string) => void): void {
    this.#reader = reader;
  }
  /** The last `count` lines, oldest first. */
  last(count: number): readonly string[] {
    return this.#lines.slice(-count).map(textOf);
  }
  /** Of all lines so far. */
  digest(): string {
    this.#flush();
    return this.#hash.copy().digest('hex');
  }

  #flush(): void {
    this.#hash.update(this.#piece);
    this.#piece = '';
  }
}

function textOf({ atMs, who, what }: Line): string {
  return `${(atMs / 1_000).toFixed(3).padStart(9)} s  ${who.padEnd(4)} ${typeof what === 'string' ? what : what()}`;
}
