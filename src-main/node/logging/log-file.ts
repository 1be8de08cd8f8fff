import { appendFileSync, statSync } from 'node:fs';
import { appendFile, rename, rm } from 'node:fs/promises';

interface LogFileOptions {
  readonly path: string;
  /** A file that has as much gives way to a new one. */
  readonly maxBytes: number;
  /** With the one that is written. */
  readonly kept: number;
  /** Once: the disk does not take it. Lines go on being tried. */
  readonly onError: (error: Error) => void;
  /** What is written where so many lines are missing, with its end. */
  readonly missing: (lines: number) => string;
}

/** For a disk that does not answer: hours of an ordinary node’s lines. What comes after them is left out of the file, which says so. */
const maxWaitingChars = 1_000_000;

/** What is being written for so long may be for ever. */
const hungMs = 100;
/** A process that ends waits no longer for its last lines. */
const patienceMs = 500;

/** Those with lines that are in no file yet, for the end of the process. */
const unwritten = new Set<LogFile>();
process.on('exit', () => {
  for (const file of unwritten) file.writeRest();
});

/**
 * Lines, written one after another in the order in which they come. Nobody waits for them: a disk that stands still must not stop the node, which is to say so.
 */
export class LogFile {
  readonly #options: LogFileOptions;
  #bytes: number;
  #waiting: string[] = [];
  #waitingChars = 0;
  /** Lines that the disk refused, before those that wait. */
  #refused = 0;
  /** Lines for which there was no room, after those that wait. */
  #dropped = 0;
  #draining: Promise<void> | undefined;
  #writingSinceMs: number | undefined;
  #failed = false;

  constructor(options: LogFileOptions) {
    this.#options = options;
    this.#bytes = sizeOf(options.path);
  }

  /** `line` with its end. */
  write(line: string): void {
    if (this.#dropped > 0 || (this.#waitingChars + line.length > maxWaitingChars && this.#waiting.length > 0)) {
      this.#dropped++;
      return;
    }
    this.#waiting.push(line);
    this.#waitingChars += line.length;
    unwritten.add(this);
    this.#draining ??= this.#drain();
  }

  /** Resolves when every line is in the file, or was refused; and soon, whatever the disk does. */
  async written(): Promise<void> {
    if (this.#draining === undefined) return;
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, patienceMs);
    await Promise.race([this.#draining, late]);
    clearTimeout(timer);
  }

  /** For a process that ends at once: what no write has begun with, unless the disk does not answer. */
  writeRest(): void {
    const isHung = this.#writingSinceMs !== undefined && performance.now() - this.#writingSinceMs > hungMs;
    if (this.#waiting.length === 0 || isHung) return;
    try {
      appendFileSync(this.#options.path, this.#taken().text);
    } catch (error) {
      this.#tell(error);
    }
  }

  async #drain(): Promise<void> {
    // What is said in one go is one write.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const { text, lines } = this.#taken();
      this.#writingSinceMs = performance.now();
      try {
        if (this.#bytes >= this.#options.maxBytes) await this.#rotate();
        await appendFile(this.#options.path, text);
        this.#bytes += Buffer.byteLength(text);
      } catch (error) {
        this.#refused += lines;
        this.#tell(error);
      }
    }
    unwritten.delete(this);
    this.#writingSinceMs = undefined;
    this.#draining = undefined;
  }

  /** What waits, with a mark wherever lines are missing, and how many it speaks of. */
  #taken(): { readonly text: string; readonly lines: number } {
    const mark = (lines: number): string => (lines === 0 ? '' : this.#options.missing(lines));
    const text = mark(this.#refused) + this.#waiting.join('') + mark(this.#dropped);
    const lines = this.#refused + this.#waiting.length + this.#dropped;
    this.#waiting = [];
    this.#waitingChars = this.#refused = this.#dropped = 0;
    return { text, lines };
  }

  /** node.log becomes node.1.log, and so on; the oldest goes. */
  async #rotate(): Promise<void> {
    const { path, kept } = this.#options;
    const numbered = (number: number): string => path.replace(/\.log$/, `.${number}.log`);
    // Out of the way first: where that is refused, the older ones stay, instead of one more going with each line.
    if (await isMoved(path, numbered(0))) {
      await rm(numbered(kept - 1), { force: true });
      for (let number = kept - 2; number >= 0; number--) await isMoved(numbered(number), numbered(number + 1));
    }
    this.#bytes = sizeOf(path);
  }

  #tell(error: unknown): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#options.onError(error instanceof Error ? error : new Error(String(error)));
  }
}

/** 0 where it cannot be told: the first line says that it cannot be written. */
function sizeOf(path: string): number {
  try {
    return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  } catch {
    return 0;
  }
}

/** False where there is nothing, or a viewer holds it open on Windows. */
async function isMoved(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch {
    return false;
  }
}
