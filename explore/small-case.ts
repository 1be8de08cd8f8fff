import { type HashedBlock, hashBlock } from '../src-main/core/codec/block.ts';
import { type HashedTransaction, hashTransaction } from '../src-main/core/codec/transaction.ts';
import { type HashedVoteBundle, hashVoteBundle, type VoteChoice } from '../src-main/core/codec/vote-bundle.ts';
import type { Snapshot } from '../src-main/core/snapshot.ts';
import { type BlockHash, type Hash, type Lock, type NodeId, type Txid, zeroHash } from '../src-shared/domain/ids.ts';

/** What is explored, and how far. */
export interface Bounds {
  readonly heights: number;
  readonly rounds: number;
  /** By height: the blocks that may be proposed there, each what it holds (`X`, `Y`, or `-` for nothing), with `!` if it closes the epoch. */
  readonly blocks: readonly (readonly string[])[];
  /** Whether the transfers are voted on, or only decided by blocks: then this is Tendermint alone. */
  readonly voting: boolean;
}

/** `X,Y,-;X,-!` is X, Y and an empty block at height 1, X and an empty one that closes the epoch from height 2 on. */
export function boundsOf(heights: number, rounds: number, blocks: string, voting = true): Bounds {
  const byHeight = blocks.split(';').map((list) => list.split(','));
  for (const name of byHeight.flat()) if (!/^[XY-]!?$/.test(name)) throw new RangeError(`no block is called ${name}`);
  return { heights, rounds, blocks: Array.from({ length: heights }, (_, index) => byHeight[Math.min(index, byHeight.length - 1)] ?? []), voting };
}

/** The two transfers, which spend the same coin. */
export const transferNames = ['X', 'Y'] as const;
export type Transfer = 0 | 1;
export const transfers: readonly Transfer[] = [0, 1];

export interface SmallBlock {
  readonly name: string;
  readonly height: number;
  /** At its height. */
  readonly index: number;
  readonly holds: Transfer | undefined;
  readonly closesEpoch: boolean;
  readonly hashed: HashedBlock;
}

/** A vote that can be part of a quorum, as one bit of what a member has said. Nil can not: it only keeps its signer from voting otherwise. */
export type Vote =
  | { readonly kind: 'prevote' | 'precommit'; readonly height: number; readonly round: number; readonly block: number }
  | { readonly kind: 'accept' | 'commit'; readonly epoch: number; readonly transfer: Transfer };

export const honestMembers = 3;
const hex64 = (letter: string, index: number): string => letter + index.toString(16).padStart(63, '0');
const memberIds = Array.from({ length: honestMembers + 1 }, (_, index) => hex64('a', index) as NodeId);
/** Who acts. Honest members are alike. */
export const self = memberIds[0] as NodeId;
export const byzantine = memberIds[honestMembers] as NodeId;
/** Two honest members and the Byzantine one: who can be shown to have voted for anything that two honest ones voted for. */
export const quorum: readonly NodeId[] = [memberIds[1] as NodeId, memberIds[2] as NodeId, byzantine];
export const members = memberIds;

/** No signature is looked at behind the edge; here there is no edge. */
export const noSignature = new Uint8Array(64);
export const genesisTimeMs = 0;
export const slotMs = 10_000;
/** Every height is decided in a slot of its own. */
export const timeOf = (height: number): number => genesisTimeMs + height * slotMs + 1;

/** Names and numbers of a case's members, transfers, blocks and votes. */
export class SmallCase {
  readonly bounds: Bounds;
  readonly transfers: readonly HashedTransaction[];
  /** By height, from 1 on. */
  readonly #blocks: readonly (readonly SmallBlock[])[];
  readonly #byHash = new Map<BlockHash, SmallBlock>();
  readonly #snapshots: readonly Snapshot[];
  readonly #blocksPerHeight: number;
  /** 32-bit words that hold a bit for every vote. */
  readonly words: number;
  readonly #firstPrecommit: number;
  readonly #firstAccept: number;
  readonly #firstCommit: number;
  readonly #bundles = new Map<string, HashedVoteBundle>();

  constructor(bounds: Bounds) {
    this.bounds = bounds;
    this.transfers = transfers.map((index) => transferOf(index));
    this.#blocks = bounds.blocks.map((names, index) => names.map((name, at) => this.#blockOf(name, index + 1, at)));
    for (const block of this.#blocks.flat()) this.#byHash.set(block.hashed.hash, block);
    this.#blocksPerHeight = Math.max(...bounds.blocks.map(({ length }) => length));
    this.#firstPrecommit = bounds.heights * bounds.rounds * this.#blocksPerHeight;
    this.#firstAccept = 2 * this.#firstPrecommit;
    this.#firstCommit = this.#firstAccept + this.epochs * transfers.length;
    this.words = Math.ceil((this.#firstCommit + this.epochs * transfers.length) / 32);
    this.#snapshots = Array.from({ length: this.epochs }, (_, epoch) => snapshotOf(epoch));
  }

  /** As many as can begin. */
  get epochs(): number {
    return 1 + this.bounds.blocks.filter((names) => names.some((name) => name.endsWith('!'))).length;
  }
  snapshot(epoch: number): Snapshot {
    return this.#snapshots[epoch] as Snapshot;
  }
  blocksAt(height: number): readonly SmallBlock[] {
    return this.#blocks[height - 1] ?? [];
  }
  block(hash: BlockHash): SmallBlock {
    return this.#byHash.get(hash) as SmallBlock;
  }

  bitOf(vote: Vote): number {
    switch (vote.kind) {
      case 'prevote':
      case 'precommit':
        return (
          (vote.kind === 'prevote' ? 0 : this.#firstPrecommit) + ((vote.height - 1) * this.bounds.rounds + vote.round) * this.#blocksPerHeight + vote.block
        );
      case 'accept':
      case 'commit':
        return (vote.kind === 'accept' ? this.#firstAccept : this.#firstCommit) + vote.epoch * transfers.length + vote.transfer;
    }
  }

  bundle(member: NodeId, epoch: number, transfer: Transfer, choice: VoteChoice): HashedVoteBundle {
    const key = `${member} ${epoch} ${transfer} ${choice}`;
    let bundle = this.#bundles.get(key);
    if (bundle === undefined) {
      const { txid } = this.transfers[transfer] as HashedTransaction;
      bundle = hashVoteBundle({ nodeId: member, epoch, votes: [{ txid, choice, code: 'none' }], signature: noSignature });
      this.#bundles.set(key, bundle);
    }
    return bundle;
  }

  /** The parent is not in it: should two be decided at one height, the exploration ends there. */
  #blockOf(name: string, height: number, index: number): SmallBlock {
    const holds = transfers.find((transfer) => name.startsWith(transferNames[transfer]));
    const closesEpoch = name.endsWith('!');
    const header = {
      version: 1,
      height,
      previousHash: zeroHash as BlockHash,
      time: timeOf(height),
      round: 0,
      proposer: byzantine,
      closesEpoch,
      transactionsRoot: hex64('e', holds === undefined ? 0 : 1 + holds) as Hash,
      utxoSetHash: zeroHash as Hash,
      registryHash: zeroHash as Hash,
      snapshotHash: zeroHash as Hash,
      previousCertificateHash: zeroHash as Hash,
    };
    const hashed = hashBlock(header, undefined, holds === undefined ? [] : [this.transfers[holds] as HashedTransaction]);
    return { name, height, index, holds, closesEpoch, hashed };
  }
}

const lockOf = (index: number): Lock => index.toString(16).padStart(40, '0') as Lock;

const transferOf = (transfer: Transfer): HashedTransaction =>
  hashTransaction({
    version: 1,
    kind: 'transfer',
    inputs: [{ txid: hex64('c', 0) as Txid, vout: 0 }],
    outputs: [{ amount: 1_000n, lock: lockOf(transfer + 1) }],
    timestamp: 0,
    payload: new Uint8Array(0),
    witnesses: [],
  });

function snapshotOf(epoch: number): Snapshot {
  const list = members.map((nodeId, index) => ({ nodeId, tier: 'bronze' as const, weight: 10, rewardLock: lockOf(index), serviceAddress: '' }));
  return {
    epoch,
    hash: hex64('f', epoch) as Hash,
    members: list,
    totalWeight: list.reduce((sum, { weight }) => sum + weight, 0),
    byNode: new Map(list.map((member) => [member.nodeId, member])),
  };
}
