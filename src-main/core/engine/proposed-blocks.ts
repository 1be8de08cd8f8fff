import type { BlockHash, OutpointKey, Txid } from '../../../src-shared/domain/ids.ts';
import type { HashedBlock } from '../codec/block.ts';
import type { HashedTransaction } from '../codec/transaction.ts';
import { type BlockContents, blockConflictsWith } from '../finality/conflict.ts';
import type { AppliedBlock } from '../ledger/apply-block.ts';
import type { Registry } from '../masternodes/registry.ts';
import type { Mempool } from '../mempool/mempool.ts';
import { isCertified } from '../mempool/mempool-entry.ts';
import type { Rejection } from '../rejection.ts';

/** A block that is valid on the present tip, with what applying it gives. */
export interface CheckedBlock {
  readonly block: HashedBlock;
  readonly applied: AppliedBlock;
  /** Encoded MuHash of the coin set after it. */
  readonly setHashState: Uint8Array;
  /** After it. */
  readonly registry: Registry;
}
export type BlockValidity =
  | { readonly kind: 'checking' }
  | { readonly kind: 'valid'; readonly checked: CheckedBlock }
  | { readonly kind: 'invalid'; readonly rejection: Rejection };

interface Entry {
  readonly block: HashedBlock;
  validity: BlockValidity;
  /** Made when first asked for. */
  contents: BlockContents | undefined;
}

/**
 * Each round has one proposer, and a proposer that signs two blocks for a round is faulty; so honest rounds need one block each.
 * Blocks are up to 2 MB: this bounds what a height takes in memory.
 */
const maxBlocksPerHeight = 32;

/** The blocks proposed at the height being decided. */
export class ProposedBlocks {
  readonly #mempool: Pick<Mempool, 'get' | 'inAdmissionOrder'>;
  readonly #inputsOfPending = (txid: Txid): readonly OutpointKey[] | undefined => this.#mempool.get(txid)?.hashed.inputKeys;
  #entries = new Map<BlockHash, Entry>();

  constructor(mempool: Pick<Mempool, 'get' | 'inAdmissionOrder'>) {
    this.#mempool = mempool;
  }
  /**
   * Where there is no room, the oldest block that is not needed goes; what was prevoted and is gone counts as conflicting with everything. Not
   * kept, and so not voted for, if all are needed.
   */
  add(
    block: HashedBlock,
    validity: BlockValidity,
    isNeeded: (hash: BlockHash) => boolean,
  ): { readonly kept: boolean; readonly dropped: BlockHash | undefined } {
    if (this.#entries.has(block.hash)) return { kept: true, dropped: undefined };
    const isFull = this.#entries.size >= maxBlocksPerHeight;
    const dropped = isFull ? [...this.#entries.keys()].find((hash) => !isNeeded(hash)) : undefined;
    if (isFull && dropped === undefined) return { kept: false, dropped };
    if (dropped !== undefined) this.#entries.delete(dropped);
    this.#entries.set(block.hash, { block, validity, contents: undefined });
    return { kept: true, dropped };
  }
  block(hash: BlockHash): HashedBlock | undefined {
    return this.#entries.get(hash)?.block;
  }
  validity(hash: BlockHash): BlockValidity | undefined {
    return this.#entries.get(hash)?.validity;
  }
  /** In the order in which they became known. */
  validBlocks(): BlockHash[] {
    return [...this.#entries].filter(([, { validity }]) => validity.kind === 'valid').map(([hash]) => hash);
  }
  /** Whether it is not known yet what a block of an earlier round is worth. Others need not be waited for: they are nothing to be proposed in this one. */
  isCheckingBefore(round: number): boolean {
    return [...this.#entries.values()].some(({ block, validity }) => validity.kind === 'checking' && block.header.round < round);
  }
  setValidity(hash: BlockHash, validity: BlockValidity): void {
    const entry = this.#entries.get(hash);
    if (entry !== undefined) entry.validity = validity;
  }
  clear(): void {
    this.#entries = new Map();
  }

  /** Whether this block conflicts with a transaction (protocol section 6, Conflict); undefined if the block is not here. */
  conflictsWith(hash: BlockHash, hashed: HashedTransaction): boolean | undefined {
    const contents = this.#contents(hash);
    return contents && blockConflictsWith({ txid: hashed.txid, inputs: hashed.inputKeys }, contents, this.#inputsOfPending);
  }
  holds(hash: BlockHash, txid: Txid): boolean {
    return this.#contents(hash)?.contains(txid) === true;
  }
  #contents(hash: BlockHash): BlockContents | undefined {
    const entry = this.#entries.get(hash);
    if (entry !== undefined) entry.contents ??= contentsOf(entry.block);
    return entry?.contents;
  }

  /** The valid ones that conflict with a certificate which is known by now. All of what is certified is asked of each of them. */
  overtaken(): ReadonlySet<BlockHash> {
    const certified = this.#mempool.inAdmissionOrder().filter(({ status }) => isCertified(status));
    return new Set(this.validBlocks().filter((hash) => certified.some(({ hashed }) => this.conflictsWith(hash, hashed) === true)));
  }
  /**
   * Whether a certificate became known after a block of an earlier round was made that conflicts with it. By chance that is rare; who prepares it may have more of the kind, so what comes after it
   * in the height gives no occasion (docs/consensus.md, Liveness). What is invalid, or of a round to come, has cost no round: it can be made for nothing, at every height.
   */
  wereOvertakenBefore(round: number, overtaken = this.overtaken()): boolean {
    return [...overtaken].some((hash) => (this.#entries.get(hash)?.block.header.round ?? round) < round);
  }
}

function contentsOf({ transactions, header }: HashedBlock): BlockContents {
  const txids = new Set<Txid>();
  const spenders = new Map<OutpointKey, Txid>();
  for (const { txid, claimKeys } of transactions) {
    txids.add(txid);
    for (const key of claimKeys) spenders.set(key, txid);
  }
  return { contains: (txid) => txids.has(txid), spenderOf: (key) => spenders.get(key), closesEpoch: header.closesEpoch, answers: new Map() };
}
