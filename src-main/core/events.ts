import type { Address } from '../../src-shared/domain/address.ts';
import type { Contradiction } from '../../src-shared/domain/contradiction.ts';
import type { BlockHash, NodeId, Txid } from '../../src-shared/domain/ids.ts';
import type { TransactionReason } from '../../src-shared/domain/rejection-code.ts';
import type { DisconnectCode } from './codec/message.ts';
import type { HeartbeatState } from './masternodes/heartbeats.ts';
import type { AddressSource } from './net/address-record.ts';
import type { Ban, BanSubject } from './net/ban.ts';
import type { ConnectionId } from './net/connection-id.ts';
import type { ClockState } from './net/network-state.ts';
import type { Rejection } from './rejection.ts';
import type { Tier } from './snapshot.ts';

/** What the engine tells the world about itself, for logs, metrics and views. Nothing decides by it. */
export type EngineEvent =
  | {
      readonly kind: 'peer-ready';
      readonly connection: ConnectionId;
      readonly nodeId: NodeId;
      readonly address: string;
      readonly direction: 'inbound' | 'outbound';
    }
  | { readonly kind: 'peer-refused'; readonly address: string; readonly nodeId: NodeId | undefined; readonly code: DisconnectCode; readonly by: 'us' | 'peer' }
  /** An inbound connection with a key ended before anybody said why: what the transport found, or the peer left. */
  | { readonly kind: 'handshake-ended'; readonly address: string; readonly nodeId: NodeId; readonly reason: string }
  | { readonly kind: 'peer-gone'; readonly connection: ConnectionId; readonly nodeId: NodeId; readonly address: string; readonly reason: string }
  | { readonly kind: 'dialing'; readonly address: string; readonly phase: string }
  /** `nextTryMs`: at the earliest, where it was given up. Undefined: it is this node's own, or need not or must not be tried. */
  | { readonly kind: 'dial-failed'; readonly address: string; readonly reason: string; readonly nextTryMs: number | undefined }
  | { readonly kind: 'peer-violation'; readonly connection: ConnectionId; readonly nodeId: NodeId | undefined; readonly rejection: Rejection }
  | { readonly kind: 'banned'; readonly ban: Ban }
  /** By an operator, because its time is over, or because newer bans needed its room. */
  | { readonly kind: 'ban-ended'; readonly subject: BanSubject; readonly by: 'operator' | 'time' | 'room' }
  /** Messages of a peer were dropped because there were too many of them; told once a minute at most. */
  | { readonly kind: 'rate-limited'; readonly connection: ConnectionId; readonly nodeId: NodeId; readonly limit: string; readonly dropped: number }
  | { readonly kind: 'addresses-found'; readonly source: AddressSource; readonly found: number; readonly added: number }
  | { readonly kind: 'reachability'; readonly reachable: boolean; readonly address: string }
  /** The offset to the masternodes' clocks crossed a limit, either way. */
  | { readonly kind: 'clock'; readonly state: ClockState; readonly offsetMs: number }
  | { readonly kind: 'transaction-pending'; readonly txid: Txid }
  | { readonly kind: 'transaction-certified'; readonly txid: Txid }
  | { readonly kind: 'transaction-final'; readonly txid: Txid; readonly finalAfterMs: number }
  | { readonly kind: 'transaction-rejected'; readonly txid: Txid; readonly reason: TransactionReason }
  | { readonly kind: 'transaction-dropped'; readonly txid: Txid; readonly reason: 'expired' | 'evicted' | 'inapplicable' }
  | { readonly kind: 'transaction-confirmed'; readonly txid: Txid; readonly height: number }
  | { readonly kind: 'round-started'; readonly height: number; readonly round: number; readonly proposer: NodeId }
  | {
      readonly kind: 'block-decided';
      readonly height: number;
      readonly hash: BlockHash;
      readonly round: number;
      readonly proposer: NodeId;
      readonly transactions: number;
    }
  | { readonly kind: 'epoch-began'; readonly epoch: number; readonly members: number; readonly totalWeight: number }
  | {
      readonly kind: 'masternode-registered';
      readonly nodeId: NodeId;
      readonly tier: Tier;
      readonly rewardAddress: Address;
      /** Registrations with it. */
      readonly total: number;
      /** It is a member from this epoch on, whose first block is of this height if no early block comes before. */
      readonly activeEpoch: number;
      readonly activeHeight: number;
    }
  /** `awayMs`: since it became inactive, by the times of blocks; undefined for a new one, and where that was before this node started. */
  | { readonly kind: 'masternode-active'; readonly nodeId: NodeId; readonly tier: Tier; readonly awayMs: number | undefined }
  /** It signed so many of the epoch's counted blocks. */
  | { readonly kind: 'masternode-inactive'; readonly nodeId: NodeId; readonly tier: Tier; readonly signed: number; readonly counted: number }
  | { readonly kind: 'masternode-left'; readonly nodeId: NodeId; readonly tier: Tier; readonly total: number }
  /** What is heard of a masternode is another than before. */
  | { readonly kind: 'heartbeat'; readonly nodeId: NodeId; readonly state: HeartbeatState }
  /** This node's own is inactive and asks to be back from the next epoch on. */
  | { readonly kind: 'reviving'; readonly txid: Txid; readonly epoch: number }
  /** This masternode listens before it signs, for so long once a peer is connected. */
  | { readonly kind: 'listening'; readonly forMs: number }
  | { readonly kind: 'signing' }
  /** Its key has signed what its records do not have, so they were restored from an old copy: it signs nothing until the next epoch. */
  | { readonly kind: 'restored-old-copy'; readonly what: string }
  /** Another process that uses its key has answered: it signs nothing any more. */
  | { readonly kind: 'own-key-elsewhere' }
  | { readonly kind: 'evidence'; readonly nodeId: NodeId; readonly contradiction: Contradiction }
  | { readonly kind: 'vote-refused'; readonly what: string; readonly reason: string }
  /**
   * Two blocks of one height are certified, or one that this node finds invalid: it stops following the chain and says so (protocol section 8).
   * `signers`: who signed both in one round, and so is faulty; none where that is not proven.
   */
  | { readonly kind: 'halted'; readonly height: number; readonly reason: string; readonly signers: readonly NodeId[] }
  /** By the operator. So many blocks go now. */
  | { readonly kind: 'block-invalidated'; readonly hash: BlockHash; readonly height: number; readonly blocks: number }
  | { readonly kind: 'block-reconsidered'; readonly hash: BlockHash; readonly height: number }
  | { readonly kind: 'block-reverted'; readonly height: number; readonly hash: BlockHash; readonly transactions: number }
  /** They are gone; the tip is this one, until peers bring others. */
  | { readonly kind: 'branch-left'; readonly blocks: number; readonly height: number; readonly hash: BlockHash }
  | { readonly kind: 'behind'; readonly height: number; readonly best: number }
  | { readonly kind: 'in-sync'; readonly height: number };
