import { mutateBytes } from './mutate.ts';
import { FuzzRandom } from './random.ts';
import { expect, maxInputBytes, type Target } from './target.ts';

/** What one input is given, also on a machine that does much else: most take a thousandth of that, the longest a tenth. */
const maxInputMs = 5_000;
/** Kept beside the seeds; a newer one takes the place of any other. */
const maxKept = 4_000;
/** Ways to go that are told apart: more would only be values that got into the words. */
const maxOutcomes = 50_000;

export interface Failure {
  readonly target: string;
  readonly input: Uint8Array;
  readonly error: string;
}

/** One target, its corpus and its chance. */
export class Fuzzer {
  readonly target: Target;
  readonly #random: FuzzRandom;
  readonly #kept: Uint8Array[] = [];
  readonly #outcomes = new Set<string>();
  #corpus: readonly Uint8Array[];
  #tried = 0;

  constructor(target: Target, seed: number) {
    this.target = target;
    target.prepare?.();
    for (const input of target.seeds) expect(input.length <= maxInputBytes, `a seed of ${target.name} has ${input.length} bytes`);
    this.#corpus = target.seeds;
    this.#random = new FuzzRandom(seed);
  }

  /** Ways in which inputs have gone. */
  get outcomes(): number {
    return this.#outcomes.size;
  }

  /** The seeds as they are, and then mutations of what has been kept. */
  next(): Uint8Array {
    const { seeds, mutate } = this.target;
    const seed = seeds[this.#tried++];
    if (seed !== undefined) return seed;
    // One in two from the latest: what is new is worth looking at more closely.
    const latest = this.#kept.length > 0 && this.#random.below(2) === 0;
    const from = latest
      ? (this.#kept[this.#kept.length - 1 - this.#random.below(Math.min(50, this.#kept.length))] as Uint8Array)
      : this.#random.pick(this.#corpus);
    return (mutate ?? mutateBytes)(from, this.#corpus, this.#random);
  }

  /** Answers what the input must not have caused; undefined if all went as documented. */
  async tryOne(input: Uint8Array): Promise<Failure | undefined> {
    const startMs = performance.now();
    try {
      const running = this.target.run(input);
      this.#note(typeof running === 'string' ? running : await running, input);
    } catch (error) {
      return { target: this.target.name, input, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
    const tookMs = performance.now() - startMs;
    return tookMs < maxInputMs ? undefined : { target: this.target.name, input, error: `took ${Math.round(tookMs)} ms` };
  }

  #note(outcome: string, input: Uint8Array): void {
    if (this.#outcomes.has(outcome) || this.#outcomes.size >= maxOutcomes) return;
    this.#outcomes.add(outcome);
    if (this.#tried <= this.target.seeds.length) return;
    if (this.#kept.length >= maxKept) this.#kept.splice(this.#random.below(maxKept), 1);
    this.#kept.push(input);
    if (this.#kept.length % 32 === 1) this.#corpus = [...this.target.seeds, ...this.#kept];
  }
}

/** As long a run of each target as its weight says. */
export function shareOf(targets: readonly Target[], inputs: number): { readonly target: Target; readonly inputs: number }[] {
  const weights = targets.reduce((sum, { weight }) => sum + weight, 0);
  return targets.map((target) => ({ target, inputs: Math.max(target.seeds.length, Math.ceil((inputs * target.weight) / weights)) }));
}
