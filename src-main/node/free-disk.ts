import { statfs } from 'node:fs/promises';

/** Files grow by megabytes a minute at most, and whoever makes room is told soon that it is enough. */
const lookMs = 5_000;

/** How much room there is on a directory's disk for who is not root, looked at again and again without waiting for it. */
export class FreeDisk {
  readonly #directory: string;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #bytes: number | undefined;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Undefined where the system does not say. */
  get bytes(): number | undefined {
    return this.#bytes;
  }

  /** Resolves after the first look; the next one comes when the one before has an answer, however long a dead disk takes. */
  async start(): Promise<void> {
    try {
      const { bavail, bsize } = await statfs(this.#directory);
      this.#bytes = bavail * bsize;
    } catch {
      this.#bytes = undefined;
    }
    if (!this.#stopped) this.#timer = setTimeout(() => void this.start(), lookMs).unref();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }
}
