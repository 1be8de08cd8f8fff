const windowMs = 60_000;

/** Lines of one kind in a minute: enough to see who and why, while a flood of them does not push everything else out of the log. */
export class LineLimit {
  readonly #maxLines: number;
  readonly #monotonicMs: () => number;
  #windowEndMs = Number.NEGATIVE_INFINITY;
  #lines = 0;
  #unsaid = 0;

  constructor(maxLines: number, monotonicMs: () => number) {
    this.#maxLines = maxLines;
    this.#monotonicMs = monotonicMs;
  }

  /** Whether a line may be written now, and how many were left out in the minute before, which is told once. Not `wanted`: one that is left out in any case. */
  take(wanted = true): { readonly allowed: boolean; readonly leftOut: number } {
    let leftOut = 0;
    if (this.#monotonicMs() >= this.#windowEndMs) {
      leftOut = this.#unsaid;
      this.#windowEndMs = this.#monotonicMs() + windowMs;
      this.#lines = this.#unsaid = 0;
    }
    const allowed = wanted && this.#lines++ < this.#maxLines;
    if (!allowed) this.#unsaid++;
    return { allowed, leftOut };
  }
}
