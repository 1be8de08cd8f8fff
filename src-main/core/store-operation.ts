import type { Contradiction } from '../../src-shared/domain/contradiction.ts';
import type { BlockHash, Hash, Lock, NodeId, Outpoint, OutpointKey, Txid } from '../../src-shared/domain/ids.ts';
import type { BlockVotePhase } from './codec/block-vote.ts';
import type { Coin } from './codec/coin.ts';
import type { AddressRecord } from './net/address-record.ts';
import type { Ban, BanSubject } from './net/ban.ts';

/**
 * Everything that core ever asks to be stored. All operations of a batch commit as one transaction, batches in order, and
 * each is durable (synchronous=FULL) before a message that relies on it leaves.
 */
export type StoreOperation =
  | ApplyBlock
  | RevertBlock
  /** A transaction that is pending here; survives a restart (protocol section 11). */
  | { readonly kind: 'put-transaction'; readonly txid: Txid; readonly encoded: Uint8Array; readonly receivedMs: number }
  | { readonly kind: 'remove-transactions'; readonly txids: readonly Txid[] }
  /** A pending transaction became final `finalAfterMs` after this node first saw it. Moves to the chain's record with its block. */
  | { readonly kind: 'mark-final'; readonly txid: Txid; readonly finalAfterMs: number }
  /** A verified vote bundle with votes of unsettled transactions. */
  | { readonly kind: 'put-bundle'; readonly hash: Hash; readonly encoded: Uint8Array }
  | { readonly kind: 'remove-bundles'; readonly hashes: readonly Hash[] }
  | { readonly kind: 'guard'; readonly record: GuardRecord }
  /** A proposed block that this node prevoted or is locked on, so that after a crash it knows what its votes conflict with and can propose it again. */
  | { readonly kind: 'put-proposed-block'; readonly height: number; readonly hash: BlockHash; readonly encoded: Uint8Array }
  /**
   * The quorum of prevotes that a valid value or lock stands on (`blockVotesCodec`), stored with it: who voted may show the votes to nobody
   * else, and without them the others cannot be brought to follow.
   */
  | { readonly kind: 'put-block-votes'; readonly height: number; readonly round: number; readonly encoded: Uint8Array }
  | { readonly kind: 'put-evidence'; readonly hash: Hash; readonly nodeId: NodeId; readonly contradiction: Contradiction; readonly encoded: Uint8Array }
  /**
   * This node has stopped signing (protocol section 8), and does not begin again by a restart. The first one stands until it is lifted. `encoded`: the
   * certificates that contradict each other (`certificatesCodec`).
   */
  | { readonly kind: 'put-halt'; readonly height: number; readonly reason: string; readonly sinceMs: number; readonly encoded: Uint8Array }
  /** The operator says that this block is not the chain; `liftsHalt`: which settles what this node stopped for. */
  | { readonly kind: 'mark-invalid'; readonly hash: BlockHash; readonly height: number; readonly liftsHalt: boolean }
  /** Takes that back, and what it lifted stands again. */
  | { readonly kind: 'unmark-invalid'; readonly hash: BlockHash }
  /** Each replaces what was known of its address. */
  | { readonly kind: 'put-addresses'; readonly records: readonly AddressRecord[] }
  | { readonly kind: 'remove-addresses'; readonly addresses: readonly string[] }
  /** Replaces the ban of the same subject. */
  | { readonly kind: 'put-ban'; readonly ban: Ban }
  | { readonly kind: 'remove-bans'; readonly subjects: readonly BanSubject[] };

export interface ApplyBlock {
  readonly kind: 'apply-block';
  readonly height: number;
  readonly hash: BlockHash;
  readonly time: number;
  readonly round: number;
  readonly proposer: NodeId;
  readonly encoded: Uint8Array;
  readonly certificate: Uint8Array | undefined;
  /** Encoded coins that it spent, to revert it. */
  readonly undo: Uint8Array;
  /** The encoded registry before it, where one is kept (`registryCheckpointBlocks`). */
  readonly registryBefore: Uint8Array | undefined;
  readonly added: readonly { readonly outpoint: Outpoint; readonly coin: Coin }[];
  readonly removed: readonly { readonly outpoint: Outpoint; readonly coin: Coin }[];
  /** The encoded MuHash state after it. */
  readonly setHashState: Uint8Array;
  /** The whole registry after it (`encodeRegistryState`). */
  readonly registry: Uint8Array;
  /** The epoch that it is of. */
  readonly epoch: number;
  /** It closes its epoch: what was voted on transactions in it binds nothing any more, and their bundles are of no use. */
  readonly closesEpoch: boolean;
  readonly utxoSetHash: Hash;
  /** In block order, with every lock an input or output of it touches: the index of history by address. */
  readonly transactions: readonly { readonly txid: Txid; readonly locks: readonly Lock[] }[];
  /** When this node decided it. */
  readonly decidedAtMs: number;
  /** Guard records, proposed blocks and block votes of this height and below are void now (protocol section 7, the guard). */
  readonly clearsConsensusThrough: number;
}

/**
 * Takes off the tip, exactly: what applying it did to coins, indices and registry is undone. The block is kept, for an operator who thinks better
 * of it, for as many blocks as undo data is. What was found final is not known to be any more, and vote bundles go: nothing of the reverted branch
 * decides in the other. The guard's records stay.
 */
export interface RevertBlock {
  readonly kind: 'revert-block';
  readonly height: number;
  readonly hash: BlockHash;
  readonly encoded: Uint8Array;
  readonly certificate: Uint8Array | undefined;
  /** The tip after it, and what was stored with that. */
  readonly previousHash: BlockHash;
  readonly utxoSetHash: Hash;
  readonly setHashState: Uint8Array;
  readonly registry: Uint8Array;
  readonly added: readonly { readonly outpoint: Outpoint; readonly coin: Coin }[];
  readonly removed: readonly { readonly outpoint: Outpoint; readonly coin: Coin }[];
  /** As they were applied. */
  readonly transactions: ApplyBlock['transactions'];
}

/**
 * What the durable guard remembers (protocol section 7). Loaded back in the order of writing. Records of a height are void once it is
 * decided; those of a transaction once it is settled or inapplicable.
 */
export type GuardRecord =
  | { readonly kind: 'block-vote'; readonly height: number; readonly round: number; readonly phase: BlockVotePhase; readonly blockHash: BlockHash | undefined }
  | { readonly kind: 'proposal'; readonly height: number; readonly round: number; readonly validRound: number | undefined; readonly blockHash: BlockHash }
  | { readonly kind: 'lock'; readonly height: number; readonly lockedRound: number; readonly lockedHash: BlockHash }
  | { readonly kind: 'valid'; readonly height: number; readonly validRound: number; readonly validHash: BlockHash }
  | { readonly kind: 'accept'; readonly epoch: number; readonly txid: Txid; readonly inputs: readonly OutpointKey[] }
  | { readonly kind: 'commit'; readonly epoch: number; readonly txid: Txid; readonly inputs: readonly OutpointKey[] }
  /** Blocks are reverted from this tip on: nothing is signed until a height and an epoch after these. */
  | { readonly kind: 'silence'; readonly throughHeight: number; readonly throughEpoch: number; readonly tipHash: BlockHash }
  /** This node is back at the tip that it left last: deletes the last silence. */
  | { readonly kind: 'end-silence' }
  /** Votes on these bind nothing any more; their accept and commit records may be deleted. */
  | { readonly kind: 'release'; readonly txids: readonly Txid[] };
