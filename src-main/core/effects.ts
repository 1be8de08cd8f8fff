import type { NodeId, Outpoint, Txid } from '../../src-shared/domain/ids.ts';
import type { BranchAnswer } from './branch-answer.ts';
import type { Coin } from './codec/coin.ts';
import type { DisconnectCode, Message, MessageType } from './codec/message.ts';
import type { EngineEvent } from './events.ts';
import type { ConnectionId } from './net/connection-id.ts';
import type { Rejection } from './rejection.ts';
import type { StoreOperation } from './store-operation.ts';

/** One signature to check: lengths are 32, any, 64. */
export interface SignatureItem {
  readonly publicKey: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}
export type JobId = number;

/**
 * What core asks of the world. Order matters: the runner carries effects out in the order given, with one rule of its own:
 * a `send` whose type `waitsForDisk` leaves only when every `persist` before it is durable (protocol section 13).
 */
export type Effect =
  /** Durable: answered by nothing; later sends wait for it. Operations of one turn commit together. */
  | { readonly kind: 'persist'; readonly operations: readonly StoreOperation[] }
  /** To each connection that is still open; encoded once. */
  | { readonly kind: 'send'; readonly to: readonly ConnectionId[]; readonly message: Message }
  /** Answered by `verified` with one boolean each. `urgent`: votes, which must not queue behind a block's transactions. */
  | { readonly kind: 'verify'; readonly job: JobId; readonly urgent: boolean; readonly items: readonly SignatureItem[] }
  /** Answered by `set-hash`. `state` is the set's encoded MuHash before, the answer has it after. */
  | {
      readonly kind: 'compute-set-hash';
      readonly job: JobId;
      readonly state: Uint8Array;
      readonly added: readonly { readonly outpoint: Outpoint; readonly coin: Coin }[];
      readonly removed: readonly { readonly outpoint: Outpoint; readonly coin: Coin }[];
    }
  /** Answered by `continued`, in a later turn of the event loop: work that is long goes on then, and what gathers meanwhile leaves together. */
  | { readonly kind: 'continue'; readonly job: JobId }
  /** Answered by `timer` at that time. Setting a name again replaces it; undefined cancels it. */
  | { readonly kind: 'set-timer'; readonly timer: TimerName; readonly atMs: number | undefined }
  /** Answered by `connected` or `dial-failed`. */
  | { readonly kind: 'dial'; readonly address: string }
  /** Asks the DNS seeds and lists of the configuration for addresses. Answered by `discovered`. */
  | { readonly kind: 'discover' }
  /** Finds out whether a node with this key answers at this address, without becoming its peer. Answered by `probed`. */
  | { readonly kind: 'probe'; readonly request: number; readonly address: string; readonly nodeId: NodeId }
  /** What was sent before still leaves. Answered by `closed`. */
  | { readonly kind: 'disconnect'; readonly connection: ConnectionId; readonly code: DisconnectCode; readonly detail: string }
  /** Answers the `submit-transaction` input of that number. */
  | { readonly kind: 'answer'; readonly request: number; readonly result: { readonly txid: Txid } | Rejection }
  /** Answers the `invalidate-block` or `reconsider-block` input of that number, when it is done. */
  | { readonly kind: 'answer-branch'; readonly request: number; readonly result: BranchAnswer }
  | { readonly kind: 'publish'; readonly event: EngineEvent };

export type TimerName =
  | 'consensus'
  | 'slot'
  | 'epoch-close'
  | 'vote-flush'
  | 'vote-resend'
  | 'pending-exchange'
  | 'relay'
  | 'peers'
  | 'sync'
  | 'mempool'
  | 'subscriptions'
  | 'transaction-fetch'
  | 'reachability'
  | 'listening'
  | 'heartbeat';

/** Which messages rely on something stored. Those that do not (pings above all) never wait for a disk. */
export const waitsForDisk: Record<MessageType, boolean> = {
  Hello: false,
  HelloAck: false,
  Ping: false,
  Pong: false,
  Disconnect: false,
  GetPeers: false,
  Peers: false,
  DialBackRequest: false,
  DialBackResult: false,
  GetBlockHeight: false,
  BlockHeight: true,
  BlockAnnouncement: true,
  GetBlocks: false,
  Blocks: true,
  BlockProposal: true,
  BlockVote: true,
  GetBlockVotes: false,
  BlockVotes: true,
  Listening: false,
  ListeningReport: false,
  TransactionBroadcast: false,
  TransactionAnnouncement: false,
  GetTransactions: false,
  GetPendingTransactions: false,
  PendingTransactions: true,
  TransactionVotes: true,
  /** It tells a height. */
  Heartbeat: true,
  UtxoStateQuery: false,
  UtxoStates: true,
  Subscribe: false,
  Unsubscribe: false,
  UtxoStateNotification: true,
};
