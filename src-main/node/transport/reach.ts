import { connect, type Socket } from 'node:net';
import { isLocal, type NetworkAddress } from '../../core/net/network-address.ts';
import type { Endpoint } from '../config/config-keys.ts';
import { openTunnel, type Tunnel } from './proxy.ts';
import type { ConnectFailure } from './transport.ts';

/** Exactly one of them is called, once. */
export interface ReachEvents {
  /** It may still be connecting, and then it is called at once. */
  onSocket(socket: Socket, isProxied: boolean): void;
  /** Later, never at once. */
  onFailed(failure: ConnectFailure): void;
}

/** How this node reaches others: through the proxy where there is one, and else by itself. */
export class Reach {
  readonly #proxy: Endpoint | undefined;
  readonly #tunnelMs: number;
  /** Not open yet, with whom to tell; as many as there are dials and probes. */
  readonly #opening = new Map<Tunnel, ReachEvents>();

  constructor(proxy: Endpoint | undefined, tunnelMs: number) {
    this.#proxy = proxy;
    this.#tunnelMs = tunnelMs;
  }

  open(target: NetworkAddress, events: ReachEvents): void {
    // This machine and its own network are what a proxy elsewhere cannot know. Addresses come from peers: any other would show who dials it where
    // this network leads on to it. A name is the proxy's to resolve.
    if (this.#proxy === undefined || isLocal(target.host)) {
      events.onSocket(connect({ host: target.host, port: target.port }), false);
      return;
    }
    const tunnel = openTunnel({
      proxy: this.#proxy,
      target,
      timeoutMs: this.#tunnelMs,
      onOpen: (socket) => {
        this.#opening.delete(tunnel);
        events.onSocket(socket, true);
      },
      onFailed: (failure) => {
        this.#opening.delete(tunnel);
        events.onFailed(failure);
      },
    });
    this.#opening.set(tunnel, events);
  }

  /** Ends what is not open yet, which is told so within this turn of the loop. */
  stop(): void {
    for (const [tunnel, events] of this.#opening) {
      tunnel.cancel();
      setImmediate(() => events.onFailed({ code: 'stopped', detail: '' }));
    }
    this.#opening.clear();
  }
}
