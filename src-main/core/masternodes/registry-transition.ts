import { type NodeId, type OutpointKey, outpointKey } from '../../../src-shared/domain/ids.ts';
import type { MasternodePayload } from '../codec/masternode-payload.ts';
import type { EpochProgress, RegistryMember } from '../codec/registry.ts';
import type { HashedTransaction } from '../codec/transaction.ts';
import { maxMasternodeTransactionsPerBlock } from '../constants.ts';
import { invariant } from '../invariant.ts';
import type { CoinSource } from '../ports.ts';
import { accept, type Checked, reject } from '../rejection.ts';
import { checkMasternode, checkMasternodePayload, masternodePayloadOf, releasedCollateral, signersOf } from './check-masternode.ts';
import { changedBy, type Registry, type RegistryView } from './registry.ts';

/** Beside the inputs' owners. The same shape as the ledger's `TransactionTerms`. */
type Terms = { readonly signers: ReturnType<typeof signersOf>; readonly releases: OutpointKey | undefined; readonly isFree: boolean };
const transfer: Terms = { signers: [], releases: undefined, isFree: false };

/**
 * What one block's masternode transactions do to the registry, one after another: for a block that is checked, one that is made, and a single transaction.
 * It notes what changes beside the registry that it begins from, since that may be long.
 */
export class RegistryTransition implements RegistryView {
  readonly #before: Registry;
  readonly #height: number;
  readonly #operations: MasternodePayload[] = [];
  /** At most as many as there are operations, as the following two. Undefined: it has left. */
  readonly #changed = new Map<NodeId, RegistryMember | undefined>();
  readonly #registered = new Set<OutpointKey>();
  readonly #released = new Set<OutpointKey>();
  #size: number;
  #freeMembers: number | undefined;

  constructor(registry: Registry, height: number) {
    this.#before = registry;
    this.#height = height;
    this.#size = registry.size;
  }

  /** In block order. */
  get operations(): readonly MasternodePayload[] {
    return this.#operations;
  }
  get progress(): EpochProgress {
    return this.#before.progress;
  }
  get size(): number {
    return this.#size;
  }
  get freeMembers(): number {
    return this.#freeMembers ?? this.#before.freeMembers;
  }
  member(nodeId: NodeId): RegistryMember | undefined {
    return this.#changed.has(nodeId) ? this.#changed.get(nodeId) : this.#before.member(nodeId);
  }
  isCollateral(key: OutpointKey): boolean {
    return this.#registered.has(key) || (this.#before.isCollateral(key) && !this.#released.has(key));
  }

  termsOf(hashed: HashedTransaction, coins: CoinSource, coinbaseMaturity: number): Checked<Terms> {
    const malformed = checkMasternodePayload(hashed);
    if (malformed !== undefined) return { ok: false, rejection: malformed };
    const payload = masternodePayloadOf(hashed);
    if (payload === undefined) return accept(transfer);
    if (this.#operations.length >= maxMasternodeTransactionsPerBlock)
      return reject('too-large', `more than ${maxMasternodeTransactionsPerBlock} masternode transactions in a block`);
    const rejection = checkMasternode(hashed, payload, { registry: this, coins, height: this.#height, coinbaseMaturity });
    if (rejection !== undefined) return { ok: false, rejection };
    return accept({
      signers: signersOf(payload, this),
      releases: releasedCollateral(payload, this),
      isFree: payload.kind === 'masternode-revive',
    });
  }

  add(hashed: HashedTransaction): void {
    const payload = masternodePayloadOf(hashed);
    if (payload === undefined) return;
    invariant(this.#operations.length < maxMasternodeTransactionsPerBlock, 'its terms were asked for');
    this.#operations.push(payload);
    const before = this.member(payload.nodeId);
    const after = changedBy(before, payload, this.#height);
    this.#changed.set(payload.nodeId, after);
    if (before === undefined && after !== undefined) this.#enters(after);
    else if (before !== undefined && after === undefined) this.#leaves(before);
  }

  #enters({ collateral }: RegistryMember): void {
    this.#size++;
    if (collateral === undefined) this.#freeMembers = this.freeMembers + 1;
    else this.#registered.add(outpointKey(collateral));
  }
  #leaves({ collateral }: RegistryMember): void {
    this.#size--;
    if (collateral === undefined) this.#freeMembers = this.freeMembers - 1;
    else if (!this.#registered.delete(outpointKey(collateral))) this.#released.add(outpointKey(collateral));
  }
}
