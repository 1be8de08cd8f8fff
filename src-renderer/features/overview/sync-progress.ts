/** What the overview said at a moment. */
export interface SyncSample {
  readonly atMs: number;
  readonly height: number;
}

export interface SyncProgress {
  /** Of all blocks that there are, 0 … 1. */
  readonly share: number;
  /** Undefined until blocks have come for a while. */
  readonly pace: { readonly blocksPerSecond: number; readonly leftMs: number } | undefined;
}

/** Long enough to even out what comes in batches, short enough to follow a line that gets slower. */
export const paceWindowMs = 30_000;
/** A shorter time says nothing yet. */
const leastMs = 2_000;

/** The samples of the window that ends with `next`. A height that fell, since blocks were taken off, begins anew. */
export function addSample(samples: readonly SyncSample[], next: SyncSample): readonly SyncSample[] {
  const last = samples.at(-1);
  if (last !== undefined && next.height < last.height) return [next];
  return [...samples.filter(({ atMs }) => atMs > next.atMs - paceWindowMs && atMs < next.atMs), next];
}

/** `behind`: blocks that peers have and this node has not. The time left is for these, at the pace of the samples. */
export function syncProgress(samples: readonly SyncSample[], behind: number): SyncProgress {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined) return { share: 0, pace: undefined };
  const share = last.height / Math.max(1, last.height + behind);
  const [blocks, ms] = [last.height - first.height, last.atMs - first.atMs];
  if (blocks === 0 || ms < leastMs) return { share, pace: undefined };
  return { share, pace: { blocksPerSecond: (blocks * 1_000) / ms, leftMs: (behind * ms) / blocks } };
}
