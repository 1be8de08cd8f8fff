/** What a benchmark tells a node's process. */
export type NodeCommand =
  | { readonly kind: 'stop' }
  /** Answered when it has so many, and does not listen any more before it votes. */
  | { readonly kind: 'await-peers'; readonly count: number }
  | { readonly kind: 'await-height'; readonly height: number }
  /** Answered when so many transactions are pending or were settled. */
  | { readonly kind: 'await-admitted'; readonly count: number }
  /** Submits them one after another, evenly, at this rate; answered when all are final here. */
  | { readonly kind: 'pay'; readonly encoded: readonly Uint8Array[]; readonly perSecond: number }
  /** Begins to measure anew. Measuring the event loop's delay wakes it 200 times a second, which an idle node must not be charged with. */
  | { readonly kind: 'reset'; readonly loopDelay: boolean }
  | { readonly kind: 'measure' };

export type NodeReport =
  | { readonly kind: 'ready' }
  | { readonly kind: 'peers' }
  | { readonly kind: 'height'; readonly atMs: number }
  | { readonly kind: 'admitted'; readonly atMs: number }
  /** From submission to final, of each; `refused` were answered with a rejection. */
  | { readonly kind: 'paid'; readonly latenciesMs: readonly number[]; readonly refused: number; readonly firstRefusal: string }
  | ({ readonly kind: 'measured' } & Measured);

export interface Measured {
  /** Lateness of a 5 ms timer. */
  readonly loopDelayP50Ms: number;
  readonly loopDelayP99Ms: number;
  readonly loopDelayMaxMs: number;
  readonly residentBytes: number;
  /** Of all threads, since the reset. */
  readonly cpuMs: number;
  readonly elapsedMs: number;
  readonly height: number;
  readonly transactionsInBlocks: number;
}
export type ReportOf<K extends NodeReport['kind']> = Extract<NodeReport, { kind: K }>;
