export type MappingMethod = 'pcp' | 'nat-pmp' | 'upnp';

/** What the router forwards to us, if it does. For people. */
export type PortMappingView =
  /** `loopback`: it listens where nobody else comes anyway. */
  | { readonly state: 'off'; readonly reason: 'configured' | 'not-listening' | 'loopback' }
  | { readonly state: 'searching' }
  | {
      readonly state: 'mapped';
      readonly method: MappingMethod;
      /** The router's address in the local network. */
      readonly gateway: string;
      /** `host` undefined: the router does not say, or has no address on the Internet itself. */
      readonly external: ExternalAddress;
      /** When the router forgets it, unless it is renewed, which it is long before. Milliseconds since 1970. */
      readonly untilMs: number;
      /** Why it could not be renewed lately. */
      readonly lastError: string | undefined;
    }
  | { readonly state: 'failed'; readonly lastError: string; readonly nextTryMs: number };

/** Where the Internet reaches this node. */
export interface ExternalAddress {
  readonly host: string | undefined;
  readonly port: number;
}
