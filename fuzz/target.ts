import type { FuzzRandom } from './random.ts';

/** Larger ones say nothing that these do not, and cost speed. A message of the network may have 2,100,000. Seeds may be larger. */
export const maxMutatedBytes = 16_384;
/** Of a seed. */
export const maxInputBytes = 262_144;

/** A part of the program that reads what strangers send or people write. */
export interface Target {
  readonly name: string;
  /** Its part of all inputs, beside the others'. */
  readonly weight: number;
  /** What the mutations begin with: valid inputs. */
  readonly seeds: readonly Uint8Array[];
  /** What takes long once: done before the first input, whose time is limited. */
  readonly prepare?: () => void;
  /** Undefined: bytes are mutated as they are. */
  readonly mutate?: (input: Uint8Array, corpus: readonly Uint8Array[], random: FuzzRandom) => Uint8Array;
  /**
   * Answers how the input went, in words without its values: one that goes as none went before is kept, and mutated on. Throws whatever an
   * input must never cause; what the part may throw by its documentation is caught here.
   */
  readonly run: (input: Uint8Array) => string | Promise<string>;
}

/** What an input brought to light. */
export class Finding extends Error {
  override readonly name = 'Finding';
}

export function expect(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Finding(message);
}

/** Words of an outcome: numbers and ids differ from input to input and would make each a new one. */
export const withoutValues = (text: string): string => text.replace(/[0-9a-f]{8,}|[0-9]+/g, '#').slice(0, 200);
