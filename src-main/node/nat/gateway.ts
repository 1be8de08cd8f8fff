import type { MappingMethod } from './port-mapping-view.ts';

export interface Mapping {
  /** The router's address towards the Internet; undefined where it does not say. It may be a private one. */
  readonly externalHost: string | undefined;
  /** Chosen by the router, where what was suggested is taken. */
  readonly externalPort: number;
  /** The router forgets it after that. */
  readonly lifetimeMs: number;
}

export interface MappingRequest {
  /** TCP; of this machine. */
  readonly internalPort: number;
  readonly suggestedPort: number;
}

/** One router, spoken to in one way. Methods reject with an Error whose message says why in a few words, and at once when `signal` aborts. */
export interface Gateway {
  readonly method: MappingMethod;
  /** IPv4, in the local network. */
  readonly host: string;
  /** Asking again for what is there renews it. */
  map(request: MappingRequest, signal: AbortSignal): Promise<Mapping>;
  unmap(mapping: MappingRequest & Mapping, signal: AbortSignal): Promise<void>;
}

/** What is asked for: as a router that restarts forgets everything, it is renewed after a third of this at the latest. */
export const leaseSeconds = 3_600;
