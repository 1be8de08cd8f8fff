import type { NodeId } from '../../../src-shared/domain/ids.ts';
import type { AddressSource } from './address-record.ts';
import type { ConnectionId } from './connection-id.ts';
import type { DialState } from './dial-state.ts';

/** Why an address is dialled. What an operator asked for is tried for ever. */
export type AddressRole = 'configured' | 'masternode' | 'peer';

/** Everything that is known of one address, for people. */
export interface AddressState {
  readonly address: string;
  readonly nodeId: NodeId | undefined;
  readonly role: AddressRole;
  readonly source: AddressSource;
  readonly state: DialState['kind'];
  /** At the earliest, where it was given up. Undefined while it is connected, being tried or banned, and for this node's own address, which never is. */
  readonly nextTryMs: number | undefined;
  /** Failures in a row. */
  readonly attempts: number;
  readonly lastReason: string | undefined;
  readonly lastSuccessMs: number | undefined;
  readonly lastTryMs: number | undefined;
  readonly anchor: boolean;
}

/** `unknown`: too few masternodes have been heard. `stopped`: so far off that this node proposes no blocks. */
export type ClockState = 'unknown' | 'good' | 'warning' | 'stopped';
export interface ClockView {
  readonly state: ClockState;
  /** Ours minus theirs, the median by weight; undefined while unknown. */
  readonly offsetMs: number | undefined;
  /** Members it was measured against. */
  readonly members: number;
}

/** Whether others can dial this node. */
export interface ReachabilityView {
  readonly state: 'unknown' | 'checking' | 'reachable' | 'unreachable' | 'not-listening';
  /** host:port that was dialled, or the one to be. */
  readonly address: string | undefined;
  readonly checkedAtMs: number | undefined;
  /** What peers see this node as, and how many of them, most first. */
  readonly observed: readonly { readonly host: string; readonly peers: number }[];
  /** What the router maps to us, if it does. */
  readonly mapped: { readonly host: string | undefined; readonly port: number } | undefined;
}

/** What a peer did against the rules, or too much of. */
export interface ViolationRecord {
  readonly atMs: number;
  readonly connection: ConnectionId;
  readonly nodeId: NodeId;
  readonly code: string;
  readonly detail: string;
}
