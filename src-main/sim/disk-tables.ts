import type { BlockHash, Hash, NodeId, OutpointKey, Txid } from '../../src-shared/domain/ids.ts';
import { outpointKey } from '../../src-shared/domain/ids.ts';
import { certificateCodec } from '../core/codec/block.ts';
import type { Coin } from '../core/codec/coin.ts';
import type { SignedThrough } from '../core/consensus/own-key-watch.ts';
import { registryCheckpointBlocks, undoDepthBlocks } from '../core/constants.ts';
import type { RestoredState } from '../core/engine/context.ts';
import { invariant, unreachable } from '../core/invariant.ts';
import type { AddressRecord } from '../core/net/address-record.ts';
import { type Ban, banKey } from '../core/net/ban.ts';
import type { ChainSource, StoredBlock, StoredUndo } from '../core/ports.ts';
import type { ApplyBlock, RevertBlock, StoreOperation } from '../core/store-operation.ts';
import { GuardTable } from './guard-table.ts';

interface PendingRow {
  readonly encoded: Uint8Array;
  readonly receivedMs: number;
  readonly finalAfterMs: number | undefined;
}

/** A block as it is stored, and what a checker of the chain asks of it. */
export interface BlockRow extends StoredBlock {
  readonly time: number;
  readonly utxoSetHash: Hash;
  readonly setHashState: Uint8Array;
  readonly registry: Uint8Array;
  /** That it is of. */
  readonly epoch: number;
}
interface RevertedRow extends StoredBlock {
  readonly height: number;
  readonly previousHash: BlockHash;
}

/** What the tables of storage hold, and what each operation does to them: the same as storage's own writer, without a file. */
export class DiskTables implements ChainSource {
  readonly coins = new Map<OutpointKey, Coin>();
  /** By height. */
  readonly blocks: BlockRow[] = [];
  readonly #heights = new Map<Txid, number>();
  readonly #pending = new Map<Txid, PendingRow>();
  readonly #bundles = new Map<Hash, Uint8Array>();
  #guard = new GuardTable();
  #proposed: RestoredState['proposedBlocks'] = [];
  #blockVotes: RestoredState['blockVotes'] = [];
  #halts: RestoredState['halts'] = [];
  readonly #invalid = new Map<BlockHash, number>();
  /** Of the blocks that were ever here. */
  highest = 0;
  readonly #undo = new Map<number, StoredUndo>();
  readonly #reverted = new Map<BlockHash, RevertedRow>();
  readonly #addresses = new Map<string, AddressRecord>();
  readonly #bans = new Map<string, Ban>();
  readonly evidence = new Map<Hash, NodeId>();

  /** Of the block after the tip. */
  epoch = 0;
  /** What a guard that is kept apart says of the chain that it was of. */
  #signedThrough: SignedThrough | undefined;

  coin(key: OutpointKey): Coin | undefined {
    return this.coins.get(key);
  }
  block(height: number): BlockRow | undefined {
    return this.blocks[height];
  }
  undo(height: number): StoredUndo | undefined {
    return this.#undo.get(height);
  }
  revertedAfter(parent: BlockHash): readonly StoredBlock[] {
    return [...this.#reverted.values()].filter(({ previousHash }) => previousHash === parent).sort((a, b) => (a.hash < b.hash ? -1 : 1));
  }
  transactionHeight(txid: Txid): number | undefined {
    return this.#heights.get(txid);
  }

  apply(operation: StoreOperation): void {
    switch (operation.kind) {
      case 'apply-block':
        this.#applyBlock(operation);
        return;
      case 'revert-block':
        this.#revertBlock(operation);
        return;
      case 'put-transaction':
        if (!this.#pending.has(operation.txid))
          this.#pending.set(operation.txid, { encoded: operation.encoded, receivedMs: operation.receivedMs, finalAfterMs: undefined });
        return;
      case 'remove-transactions':
        for (const txid of operation.txids) this.#pending.delete(txid);
        return;
      case 'mark-final': {
        const row = this.#pending.get(operation.txid);
        if (row !== undefined) this.#pending.set(operation.txid, { ...row, finalAfterMs: operation.finalAfterMs });
        return;
      }
      case 'put-bundle':
        if (!this.#bundles.has(operation.hash)) this.#bundles.set(operation.hash, operation.encoded);
        return;
      case 'remove-bundles':
        for (const hash of operation.hashes) this.#bundles.delete(hash);
        return;
      case 'guard':
        this.#guard.put(operation.record);
        return;
      case 'put-proposed-block':
        if (!this.#proposed.some(({ height, hash }) => height === operation.height && hash === operation.hash))
          this.#proposed = [...this.#proposed, { height: operation.height, hash: operation.hash, encoded: operation.encoded }];
        return;
      case 'put-block-votes':
        if (!this.#blockVotes.some(({ height, round }) => height === operation.height && round === operation.round))
          this.#blockVotes = [...this.#blockVotes, { height: operation.height, round: operation.round, encoded: operation.encoded }];
        return;
      case 'put-evidence':
        this.evidence.set(operation.hash, operation.nodeId);
        return;
      case 'put-halt':
        if (this.#halts.some(({ liftedBy }) => liftedBy === undefined)) return;
        this.#halts = [
          ...this.#halts,
          { height: operation.height, reason: operation.reason, sinceMs: operation.sinceMs, encoded: operation.encoded, liftedBy: undefined },
        ];
        return;
      case 'mark-invalid':
        if (!this.#invalid.has(operation.hash)) this.#invalid.set(operation.hash, operation.height);
        if (operation.liftsHalt) this.#halts = this.#halts.map((halt) => ({ ...halt, liftedBy: halt.liftedBy ?? operation.hash }));
        return;
      case 'unmark-invalid':
        this.#invalid.delete(operation.hash);
        this.#halts = this.#halts.map((halt) => ({ ...halt, liftedBy: halt.liftedBy === operation.hash ? undefined : halt.liftedBy }));
        return;
      case 'put-addresses':
        for (const record of operation.records) this.#addresses.set(record.address, record);
        return;
      case 'remove-addresses':
        for (const address of operation.addresses) this.#addresses.delete(address);
        return;
      case 'put-ban':
        this.#bans.set(banKey(operation.ban.subject), operation.ban);
        return;
      case 'remove-bans':
        for (const subject of operation.subjects) this.#bans.delete(banKey(subject));
        return;
      default:
        unreachable(operation);
    }
  }

  /** Undefined before the genesis. */
  restored(): RestoredState | undefined {
    const tip = this.blocks.at(-1);
    if (tip === undefined) return undefined;
    const { hash, time, utxoSetHash, setHashState, registry } = tip;
    return {
      tip: { height: this.blocks.length - 1, hash, timeMs: time, utxoSetHash, setHashState },
      registry,
      pending: [...this.#pending.values()],
      bundles: [...this.#bundles.values()],
      guardRecords: this.#guard.records(),
      proposedBlocks: this.#proposed,
      blockVotes: this.#blockVotes,
      halts: this.#halts,
      ...(this.#signedThrough === undefined ? {} : { signedThrough: this.#signedThrough }),
      invalid: this.#marks(),
      addresses: [...this.#addresses.values()].sort((a, b) => (a.address < b.address ? -1 : 1)),
      bans: [...this.#bans.values()].sort((a, b) => a.createdMs - b.createdMs || (banKey(a.subject) < banKey(b.subject) ? -1 : 1)),
    };
  }

  /** Blocks that the operator says are not the chain, the lowest first. */
  get marked(): readonly BlockHash[] {
    return this.#marks().map(({ hash }) => hash);
  }
  #marks(): RestoredState['invalid'] {
    return [...this.#invalid].map(([hash, height]) => ({ hash, height })).sort((a, b) => a.height - b.height || (a.hash < b.hash ? -1 : 1));
  }
  get guard(): Pick<GuardTable, 'hasVote' | 'hasOfHeight' | 'isSilent'> {
    return this.#guard;
  }

  /** Rows, to hold against bounds. */
  sizes(): {
    readonly pending: number;
    readonly bundles: number;
    readonly guard: number;
    readonly proposed: number;
    readonly addresses: number;
    readonly bans: number;
  } {
    return {
      pending: this.#pending.size,
      bundles: this.#bundles.size,
      guard: this.#guard.size,
      proposed: this.#proposed.length,
      addresses: this.#addresses.size,
      bans: this.#bans.size,
    };
  }

  /**
   * These, with the guard's records of others: of one whose guard is kept apart from the rest. Of what is decided it has no records, so it says how far it went, as
   * a repair does (node/storage/repair.ts).
   */
  withGuardOf(others: DiskTables): DiskTables {
    const mixed = this.clone();
    mixed.#guard = others.#guard.clone();
    const { epoch, height } = others.#signedThrough ?? { epoch: 0, height: 0 };
    mixed.#signedThrough = { epoch: Math.max(epoch, others.epoch), height: Math.max(height, others.blocks.length) };
    return mixed;
  }
  clone(): DiskTables {
    const copy = new DiskTables();
    for (const [key, coin] of this.coins) copy.coins.set(key, coin);
    copy.blocks.push(...this.blocks);
    for (const [txid, height] of this.#heights) copy.#heights.set(txid, height);
    for (const [txid, row] of this.#pending) copy.#pending.set(txid, row);
    for (const [hash, bytes] of this.#bundles) copy.#bundles.set(hash, bytes);
    copy.#guard = this.#guard.clone();
    copy.#proposed = this.#proposed;
    copy.#blockVotes = this.#blockVotes;
    copy.#halts = this.#halts;
    for (const [hash, height] of this.#invalid) copy.#invalid.set(hash, height);
    for (const [height, undo] of this.#undo) copy.#undo.set(height, undo);
    for (const [hash, row] of this.#reverted) copy.#reverted.set(hash, row);
    copy.epoch = this.epoch;
    copy.highest = this.highest;
    copy.#signedThrough = this.#signedThrough;
    for (const [address, record] of this.#addresses) copy.#addresses.set(address, record);
    for (const [key, ban] of this.#bans) copy.#bans.set(key, ban);
    for (const [hash, nodeId] of this.evidence) copy.evidence.set(hash, nodeId);
    return copy;
  }

  #applyBlock(block: ApplyBlock): void {
    invariant(block.height === this.blocks.length, `block ${block.height} does not follow the stored tip ${this.blocks.length - 1}`);
    const certificate = block.certificate === undefined ? undefined : certificateCodec.decode(block.certificate);
    const { hash, encoded, time, utxoSetHash, setHashState, registry } = block;
    this.highest = Math.max(this.highest, this.blocks.length);
    this.blocks.push({ hash: hash as BlockHash, encoded, certificate, time, utxoSetHash, setHashState, registry, epoch: this.epoch });
    this.#undo.set(block.height, { encoded: block.undo, registry: block.registryBefore });
    this.#undo.delete(block.height - undoDepthBlocks - registryCheckpointBlocks);
    this.#reverted.delete(block.hash);
    for (const row of this.#reverted.values()) if (row.height <= block.height - undoDepthBlocks) this.#reverted.delete(row.hash);
    if (block.closesEpoch) {
      this.epoch++;
      this.#guard.endEpoch(block.epoch);
      this.#bundles.clear();
    }
    for (const { outpoint, coin } of block.added) this.coins.set(outpointKey(outpoint), coin);
    for (const { outpoint } of block.removed)
      invariant(this.coins.delete(outpointKey(outpoint)), `block ${block.height} spends ${outpointKey(outpoint)}, which is not in the table`);
    for (const { txid } of block.transactions) {
      this.#heights.set(txid, block.height);
      this.#pending.delete(txid);
    }
    this.#guard.endHeights(block.clearsConsensusThrough);
    this.#proposed = this.#proposed.filter(({ height }) => height > block.clearsConsensusThrough);
    this.#blockVotes = this.#blockVotes.filter(({ height }) => height > block.clearsConsensusThrough);
  }

  #revertBlock(block: RevertBlock): void {
    const row = this.blocks.pop();
    invariant(row?.hash === block.hash && this.blocks.length === block.height, `block ${block.height} is not the stored tip`);
    invariant(this.blocks.at(-1)?.hash === block.previousHash, `block ${block.height} follows the one before`);
    const { hash, encoded, certificate, epoch } = row;
    this.#reverted.set(hash, { hash, encoded, certificate, height: block.height, previousHash: block.previousHash });
    this.#undo.delete(block.height);
    for (const { outpoint, coin } of block.added) this.coins.set(outpointKey(outpoint), coin);
    for (const { outpoint } of block.removed) invariant(this.coins.delete(outpointKey(outpoint)), `${outpointKey(outpoint)} is not in the table`);
    for (const { txid } of block.transactions) this.#heights.delete(txid);
    for (const [txid, pending] of this.#pending) this.#pending.set(txid, { ...pending, finalAfterMs: undefined });
    this.#bundles.clear();
    this.epoch = epoch;
  }
}
