import type { OutpointKey } from '../../../src-shared/domain/ids.ts';
import type { Ballot } from './ballot.ts';

/** Which known transactions share an input. Its size is the mempool's, whose limits bound inputs, and rivals for one coin (`contested-limit`). */
export class ConflictIndex {
  readonly #spenders = new Map<OutpointKey, Ballot[]>();

  /** `inputs` has no outpoint twice (section 4, context-free rules). */
  add(ballot: Ballot, inputs: readonly OutpointKey[]): void {
    ballot.inputs = inputs;
    const shared = new Map<Ballot, number>();
    for (const key of inputs) {
      const spenders = this.#spenders.get(key);
      for (const other of spenders ?? []) shared.set(other, (shared.get(other) ?? 0) + 1);
      if (spenders === undefined) this.#spenders.set(key, [ballot]);
      else spenders.push(ballot);
    }
    for (const [other, count] of shared) {
      const sameCoins = count === inputs.length && count === other.inputs?.length;
      ballot.conflicts.push({ other, sameCoins });
      other.conflicts.push({ other: ballot, sameCoins });
      ballot.wasContested = true;
      other.wasContested = true;
    }
  }

  remove(ballot: Ballot): void {
    for (const key of ballot.inputs ?? []) {
      const spenders = this.#spenders.get(key) ?? [];
      if (spenders.length <= 1) this.#spenders.delete(key);
      else
        this.#spenders.set(
          key,
          spenders.filter((other) => other !== ballot),
        );
    }
    for (const { other } of ballot.conflicts) other.conflicts = other.conflicts.filter((conflict) => conflict.other !== ballot);
  }
}
