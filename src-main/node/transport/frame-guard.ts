/** An empty message: cipher overhead only. Its bytes count as nothing in streamx's queue, so a flood of them is never held back. */
export const emptyFrameBytes = 17;
/** Before each frame: its size, 3 bytes, little-endian. */
export const framePrefixBytes = 3;
/** What a message costs on the wire besides itself. */
export const overheadBytes = framePrefixBytes + emptyFrameBytes;

/**
 * Reads the plain length prefixes that secret-stream puts before every message, and says when a peer announces more than it
 * may. secret-stream itself allows 16 MiB per frame, before any key is known, and allocates all of it at the first byte; so
 * this must see each chunk before secret-stream does.
 */
export class FrameGuard {
  readonly #handshake: readonly number[];
  readonly #maxFrameBytes: number;
  #begun = 0;
  #prefix = 0;
  #prefixBytes = 0;
  #missing = 0;

  /** The handshake's frames have exact sizes; the limit is for those after. They may share a chunk, so it counts frames. */
  constructor(handshake: readonly number[], maxFrameBytes: number) {
    this.#handshake = handshake;
    this.#maxFrameBytes = maxFrameBytes;
  }

  /** Frames whose size has been read. */
  get begun(): number {
    return this.#begun;
  }

  /** True while a frame is begun and not whole. */
  get midFrame(): boolean {
    return this.#missing > 0 || this.#prefixBytes > 0;
  }

  /** Answers the first announced size that is not allowed, or undefined. Not to be called again after a refusal. */
  scan(chunk: Uint8Array): number | undefined {
    let at = 0;
    while (at < chunk.length) {
      if (this.#missing > 0) {
        const taken = Math.min(this.#missing, chunk.length - at);
        this.#missing -= taken;
        at += taken;
        continue;
      }
      this.#prefix += (chunk[at++] ?? 0) * 256 ** this.#prefixBytes++;
      if (this.#prefixBytes < framePrefixBytes) continue;
      const size = this.#prefix;
      this.#prefix = this.#prefixBytes = 0;
      const exact = this.#handshake[this.#begun++];
      if (exact !== undefined ? size !== exact : size <= emptyFrameBytes || size > this.#maxFrameBytes) return size;
      this.#missing = size;
    }
    return undefined;
  }
}
