import type { Hash, NodeId } from '../../../src-shared/domain/ids.ts';
import type { Effect } from '../effects.ts';
import type { Stopwatch } from '../ports.ts';
import type { AddressOptions, AddressOutput } from './addresses.ts';
import type { Ban } from './ban.ts';
import type { Peer } from './peer-connection.ts';

export interface PeersOptions extends Omit<AddressOptions, 'banOf' | 'isOnline'> {
  readonly self: NodeId;
  /** Of `networks.ts`. */
  readonly networkId: number;
  readonly genesisHash: Hash;
  readonly userAgent: string;
  /** 0: does not listen. */
  readonly listenPort: number;
  readonly votes: boolean;
  /** Random per process. */
  readonly nonce: bigint;
  /** In the snapshot. */
  readonly isMember: (nodeId: NodeId) => boolean;
  /** `parseSubnet`'s form: never refused for a limit, evicted or banned by itself. */
  readonly whitelist: readonly string[];
  /** The country of an IP, where it is known. */
  readonly countryOf: (host: string) => string | undefined;
  /** As they were stored. */
  readonly bans: readonly Ban[];
  /** For round trips. */
  readonly stopwatch?: Stopwatch | undefined;
}

/**
 * What is to be done, and who came and went: between its `ready` and its `gone` a peer takes every message. `prove`: whether that node is
 * at that address is to be found out by a probe, and told to `proved`.
 */
export type PeersOutput = Effect | AddressOutput | { readonly kind: 'ready'; readonly peer: Peer } | { readonly kind: 'gone'; readonly peer: Peer };
