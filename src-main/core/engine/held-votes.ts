import type { DriverOutput } from '../consensus/driver.ts';

type Spoken = Extract<DriverOutput, { readonly kind: 'propose' | 'prevote' | 'precommit' }>;

const isSpoken = (output: DriverOutput): output is Spoken => output.kind === 'propose' || output.kind === 'prevote' || output.kind === 'precommit';

/** What a node that listens would say in the round that it is in, one of each kind: said when it may sign, if the round is still the same. */
export class HeldVotes {
  #outputs: Spoken[] = [];

  /** False: it is not one of those, and is carried out at once. */
  hold(output: DriverOutput): boolean {
    if (!isSpoken(output)) return false;
    this.#outputs = [...this.#outputs.filter(({ round }) => round === output.round), output];
    return true;
  }
  /** In their order. */
  take(round: number): readonly Spoken[] {
    const held = this.#outputs.filter((output) => output.round === round);
    this.#outputs = [];
    return held;
  }
  clear(): void {
    this.#outputs = [];
  }
}
