import type { BlockHash, OutpointKey, Txid } from '../../src-shared/domain/ids.ts';
import { holds } from './broken-invariant.ts';

/** Safety always: what honest nodes decide and call final, through all their restarts, never contradicts itself. */
export class AgreementChecker {
  readonly #inputsOf: (txid: Txid) => readonly OutpointKey[] | undefined;
  readonly #contradiction: (what: string) => void;
  readonly #decided = new Map<number, { readonly hash: BlockHash; readonly by: string }>();
  /** Final by votes, or in a block. */
  readonly #final = new Set<Txid>();
  readonly #spender = new Map<OutpointKey, Txid>();

  /** `contradiction`: told of what must never be; ends the simulation unless it is what is looked for. */
  constructor(inputsOf: (txid: Txid) => readonly OutpointKey[] | undefined, contradiction: (what: string) => void) {
    this.#inputsOf = inputsOf;
    this.#contradiction = contradiction;
  }

  /** All that was ever final anywhere. */
  get final(): ReadonlySet<Txid> {
    return this.#final;
  }
  /** Of all honest nodes. */
  get highest(): number {
    return Math.max(0, ...this.#decided.keys());
  }

  decided(by: string, height: number, hash: BlockHash): void {
    const known = this.#decided.get(height);
    if (known !== undefined && known.hash !== hash) this.#contradiction(`${by} decides ${hash} at height ${height}, ${known.by} had decided ${known.hash}`);
    if (known === undefined) this.#decided.set(height, { hash, by });
  }

  becameFinal(by: string, txid: Txid): void {
    if (this.#final.has(txid)) return;
    const inputs = this.#inputsOf(txid);
    holds(inputs !== undefined, () => `${by} calls ${txid} final, which nobody made`);
    this.#final.add(txid);
    for (const key of inputs) {
      const other = this.#spender.get(key);
      if (other !== undefined) this.#contradiction(`${by} calls ${txid} final, and ${other} was, which spends the same ${key}`);
      this.#spender.set(key, txid);
    }
  }
}
