/** What a worker is started with. */
export interface FuzzJob {
  readonly seed: number;
  readonly inputs: number;
  readonly targets: readonly string[];
  /** The input that is being tried: for the one that never ends. */
  readonly current: SharedArrayBuffer;
}

export interface TargetReport {
  readonly name: string;
  readonly inputs: number;
  readonly ms: number;
  readonly outcomes: number;
}

export type FuzzReport =
  | { readonly kind: 'progress'; readonly inputs: number }
  | { readonly kind: 'failure'; readonly target: string; readonly input: Uint8Array; readonly error: string }
  | { readonly kind: 'done'; readonly targets: readonly TargetReport[] };

/** In `current`: how many inputs were begun, the number of the target, the length, and then the bytes. */
export const currentHeaderWords = 3;
