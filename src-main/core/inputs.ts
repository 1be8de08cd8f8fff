import type { BlockHash, NodeId } from '../../src-shared/domain/ids.ts';
import type { SharedAddress } from './codec/message.ts';
import type { Effect, JobId, TimerName } from './effects.ts';
import type { BanSubject } from './net/ban.ts';
import type { ConnectionId } from './net/connection-id.ts';

/** Everything that can happen to a node. `step(input, nowMs)` is the only way in. */
export type Input =
  /** Once, after construction. */
  | { readonly kind: 'start' }
  | {
      readonly kind: 'connected';
      readonly connection: ConnectionId;
      readonly direction: 'inbound' | 'outbound';
      /** Proved by Noise. */
      readonly remoteKey: NodeId;
      readonly remoteAddress: string;
      /** Since it was dialled or came in: what connecting and encryption took of the handshake's time. Nothing where left out. */
      readonly tookMs?: number;
      /** The address that was dialled, of an outbound connection. */
      readonly dialed: string | undefined;
    }
  | { readonly kind: 'dial-failed'; readonly address: string; readonly reason: string }
  /** `offence`: it ended because the peer's bytes were no frames of the transport. */
  | { readonly kind: 'closed'; readonly connection: ConnectionId; readonly reason: string; readonly offence: boolean }
  | { readonly kind: 'discovered'; readonly found: readonly SharedAddress[]; readonly source: 'dns' | 'http' }
  | { readonly kind: 'probed'; readonly request: number; readonly reached: boolean }
  /** The router maps this port of its own to ours, or no longer does. `host`: its address on the Internet, where it says so. */
  | { readonly kind: 'port-mapped'; readonly external: { readonly host: string | undefined; readonly port: number } | undefined }
  | { readonly kind: 'message'; readonly connection: ConnectionId; readonly bytes: Uint8Array }
  | { readonly kind: 'timer'; readonly timer: TimerName }
  | { readonly kind: 'verified'; readonly job: JobId; readonly valid: readonly boolean[] }
  | { readonly kind: 'set-hash'; readonly job: JobId; readonly state: Uint8Array; readonly utxoSetHash: string }
  | { readonly kind: 'continued'; readonly job: JobId }
  /** From a person or an RPC client; answered by `answer`. */
  | { readonly kind: 'submit-transaction'; readonly request: number; readonly encoded: Uint8Array }
  /** From an operator: this block is not the chain (protocol section 8). `foundAt`: its height, where it is in this node's. Answered by `answer-branch`. */
  | {
      readonly kind: 'invalidate-block';
      readonly request: number;
      readonly hash: BlockHash;
      readonly foundAt: number | undefined;
      readonly isConfirmed: boolean;
    }
  | { readonly kind: 'reconsider-block'; readonly request: number; readonly hash: BlockHash }
  | { readonly kind: 'add-node'; readonly address: string }
  | { readonly kind: 'remove-node'; readonly address: string }
  /** Tried now, and kept connected no more than it was. */
  | { readonly kind: 'try-node'; readonly address: string }
  | { readonly kind: 'disconnect-node'; readonly connection: ConnectionId }
  /** From an operator. `untilMs` undefined: until it is lifted. */
  | { readonly kind: 'set-ban'; readonly subject: BanSubject; readonly untilMs: number | undefined; readonly reason: string }
  | { readonly kind: 'clear-ban'; readonly subject: BanSubject }
  | { readonly kind: 'clear-bans' }
  /** Asks peers now whether this node can be dialled. */
  | { readonly kind: 'check-reachability' };

/** The pure node, as whoever drives it sees it: the event loop, the simulator. */
export interface StepEngine {
  /** One input at a time, each with the time at which it is handled: whole milliseconds since 1970. Throws only InvariantError. */
  step(input: Input, nowMs: number): readonly Effect[];
}
