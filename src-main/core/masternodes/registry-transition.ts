import type { OutpointKey } from '../../../src-shared/domain/ids.ts';
import type { MasternodePayload } from '../codec/masternode-payload.ts';
import type { HashedTransaction } from '../codec/transaction.ts';
import { maxMasternodeTransactionsPerBlock } from '../constants.ts';
import { invariant } from '../invariant.ts';
import type { CoinSource } from '../ports.ts';
import { accept, type Checked, reject } from '../rejection.ts';
import { checkMasternode, checkMasternodePayload, masternodePayloadOf, releasedCollateral, signersOf } from './check-masternode.ts';
import type { Registry } from './registry.ts';

/** Beside the inputs' owners. The same shape as the ledger's `TransactionTerms`. */
type Terms = { readonly signers: ReturnType<typeof signersOf>; readonly releases: OutpointKey | undefined; readonly isFree: boolean };
const transfer: Terms = { signers: [], releases: undefined, isFree: false };

/** What one block's masternode transactions do to the registry, one after another: for a block that is checked, one that is made, and a single transaction. */
export class RegistryTransition {
  readonly #height: number;
  /** With the operations so far, and nothing else of the block. */
  #working: Registry;
  readonly #operations: MasternodePayload[] = [];

  constructor(registry: Registry, height: number) {
    this.#working = registry;
    this.#height = height;
  }

  /** In block order. */
  get operations(): readonly MasternodePayload[] {
    return this.#operations;
  }
  isCollateral(key: OutpointKey): boolean {
    return this.#working.isCollateral(key);
  }

  termsOf(hashed: HashedTransaction, coins: CoinSource, coinbaseMaturity: number): Checked<Terms> {
    const malformed = checkMasternodePayload(hashed);
    if (malformed !== undefined) return { ok: false, rejection: malformed };
    const payload = masternodePayloadOf(hashed);
    if (payload === undefined) return accept(transfer);
    if (this.#operations.length >= maxMasternodeTransactionsPerBlock)
      return reject('too-large', `more than ${maxMasternodeTransactionsPerBlock} masternode transactions in a block`);
    const rejection = checkMasternode(hashed, payload, { registry: this.#working, coins, height: this.#height, coinbaseMaturity });
    if (rejection !== undefined) return { ok: false, rejection };
    return accept({
      signers: signersOf(payload, this.#working),
      releases: releasedCollateral(payload, this.#working),
      isFree: payload.kind === 'masternode-revive',
    });
  }

  add(hashed: HashedTransaction): void {
    const payload = masternodePayloadOf(hashed);
    if (payload === undefined) return;
    invariant(this.#operations.length < maxMasternodeTransactionsPerBlock, 'its terms were asked for');
    this.#operations.push(payload);
    this.#working = this.#working.with(payload, this.#height);
  }
}
