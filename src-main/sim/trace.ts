import { createHash } from 'node:crypto';

/** Lines kept for who has to find out what happened. */
const keptLines = 4_000;
/** Hashed in pieces of about this many characters. */
const pieceLength = 64 * 1_024;

/** Everything that happened, in order: the last lines to read, and a hash of all of them, which two runs of one seed must share. */
export class Trace {
  readonly #hash = createHash('sha256');
  #piece = '';
  #lines: string[] = [];

  add(atMs: number, who: string, what: string): void {
    const line = `${(atMs / 1_000).toFixed(3).padStart(9)} s  ${who.padEnd(4)} ${what}`;
    this.#piece += `${line}\n`;
    if (this.#piece.length > pieceLength) this.#flush();
    this.#lines.push(line);
    if (this.#lines.length > 2 * keptLines) this.#lines = this.#lines.slice(-keptLines);
  }
  /** The last `count` lines, oldest first. */
  last(count: number): readonly string[] {
    return this.#lines.slice(-count);
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
