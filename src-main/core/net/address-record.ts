import type { NodeId } from '../../../src-shared/domain/ids.ts';

/** Where this node heard of an address first. */
export const addressSources = ['configured', 'masternode', 'dns', 'http', 'peer', 'inbound'] as const;
export type AddressSource = (typeof addressSources)[number];

/** What is remembered of an address, in memory and on the disk. */
export interface AddressRecord {
  /** host:port, normalised. */
  readonly address: string;
  /** Who answered there last, as Noise proved it; before that, who is said to. Undefined: nobody knows. */
  readonly nodeId: NodeId | undefined;
  readonly source: AddressSource;
  readonly firstSeenMs: number;
  /** When a connection to it was last ready. */
  readonly lastSuccessMs: number | undefined;
  readonly lastTryMs: number | undefined;
  /** In a row. */
  readonly failures: number;
  /** An outbound connection that held: dialled first after a restart, so that nobody can fill a fresh node's places with strangers. */
  readonly anchor: boolean;
}
