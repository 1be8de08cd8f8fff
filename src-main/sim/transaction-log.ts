import { type OutpointKey, outpointKey, type Txid } from '../../src-shared/domain/ids.ts';
import type { HashedTransaction } from '../core/codec/transaction.ts';

/** Every transaction that anybody in the simulation ever made. */
export class TransactionLog {
  readonly #all = new Map<Txid, readonly OutpointKey[]>();

  add(hashed: HashedTransaction): void {
    this.note(hashed.txid, hashed.transaction.inputs.map(outpointKey));
  }
  note(txid: Txid, inputs: readonly OutpointKey[]): void {
    this.#all.set(txid, inputs);
  }
  readonly inputsOf = (txid: Txid): readonly OutpointKey[] | undefined => this.#all.get(txid);
}
