import type { MemberStatus } from '../../core/codec/registry.ts';
import type { FileDamage } from '../audit/audit-service.ts';

/** What health is judged by: one look at the node. Plain values, so that a test can say anything. */
export interface HealthFacts {
  /** The network has masternodes. */
  readonly launched: boolean;
  /** This node is the only masternode there is, and needs nobody. */
  readonly alone: boolean;
  /** Connected. */
  readonly peers: number;
  /** None is, and who answers is connected with another process that has this node's key. */
  readonly keyElsewhere: boolean;
  /** Connected peers and this node itself have two thirds of the voting weight. */
  readonly quorum: boolean;
  readonly behindBlocks: number;
  /** Since the tip's slot. */
  readonly sinceBlockMs: number;
  /** Beyond the start of the slot that is waited for; negative before it. */
  readonly overdueMs: number;
  readonly blockIntervalMs: number;
  /** It follows the chain no more since this height; `blocks`: two of it that are certified. */
  readonly halted: { readonly height: number; readonly blocks: readonly string[]; readonly faulty: number } | undefined;
  /** Blocks were taken off, and it signs nothing through these. */
  readonly silentThrough: { readonly height: number; readonly epoch: number } | undefined;
  readonly signing: 'off' | 'listening' | 'signing' | 'restored-old-copy' | 'own-key-elsewhere' | 'after-revert';
  /** This node's registration; undefined where it has none, or was not started to sign. */
  readonly masternode: { readonly status: MemberStatus; readonly signed: number; readonly counted: number; readonly neededPercent: number } | undefined;
  /** It was started to sign. */
  readonly isMasternode: boolean;
  readonly reachability: 'unknown' | 'checking' | 'reachable' | 'unreachable' | 'not-listening';
  /** Its own, as others see it; empty where that is not known. */
  readonly address: string;
  readonly clock: 'unknown' | 'good' | 'warning' | 'stopped';
  readonly clockOffsetSeconds: number | undefined;
  /** Waiting to be stored. */
  readonly backlogBytes: number;
  /** How long the oldest of it has waited; 0 where nothing waits. */
  readonly oldestWriteMs: number;
  /** What was last found wrong with a file of this node while it runs, and what no later look has taken back. */
  readonly damage: FileDamage | undefined;
  /** The host can start it anew. */
  readonly canRestart: boolean;
  /** Of the data directory's disk; undefined where the system does not say. */
  readonly freeDiskBytes: number | undefined;
  /** The least version that most peers have and that is later than this node's, and how many have it. */
  readonly later: { readonly version: string; readonly peers: number } | undefined;
}

/** With what the watch knows by itself. */
export interface WatchedFacts extends HealthFacts {
  /** Since it was started, or this machine woke. */
  readonly settledMs: number;
  /** The last time that this machine slept; undefined where it has not since the start. */
  readonly slept: { readonly forMs: number; readonly agoMs: number } | undefined;
}
