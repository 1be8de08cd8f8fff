import type { Bridge } from '../../src-shared/api/bridge.ts';
import { Client } from './client.ts';
import { failed } from './client-error.ts';
import type { ConnectionStatus } from './connection-status.ts';
import { takePageToken } from './page-token.ts';
import { SocketBridge, type SocketBridgeWorld } from './socket-bridge.ts';

declare global {
  interface Window {
    /** Put there by the preload; absent in a browser. */
    readonly api?: Bridge;
  }
}

export interface ConnectionEvents {
  onStatus(status: ConnectionStatus): void;
  onMisunderstood(what: string): void;
}

export interface Connection {
  readonly client: Client;
  /** Tries again now, where there is something to try. */
  retry(): void;
}

/** Subprotocols carry the key because a page cannot set headers on a WebSocket, and an address would end up in logs. */
const socketWorld = (token: string, onMisunderstood: (what: string) => void): SocketBridgeWorld => ({
  open: (listener) => {
    const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`, ['time.v1', `token.${token}`]);
    socket.onopen = () => listener.onOpen();
    socket.onmessage = ({ data }) => listener.onMessage(data);
    socket.onclose = () => listener.onClose();
    return {
      // While it closes nothing leaves any more, and whoever waits for an answer is told with the end.
      send: (text) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(text);
      },
      close: () => socket.close(),
    };
  },
  probe: () =>
    fetch('/', { method: 'HEAD', cache: 'no-store' }).then(
      () => true,
      () => false,
    ),
  nowMs: () => Date.now(),
  random: () => Math.random(),
  setTimer: (run, delayMs) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
  onRefusedFrame: onMisunderstood,
});

/** The way to the node that this page has: the preload's bridge in Electron, a WebSocket in a browser. */
export function connect({ onStatus, onMisunderstood }: ConnectionEvents): Connection {
  if (window.api !== undefined) {
    onStatus({ kind: 'open' });
    return { client: new Client(window.api, onMisunderstood), retry: () => undefined };
  }
  const token = takePageToken(location, sessionStorage, (url) => history.replaceState(null, '', url));
  if (token === undefined) {
    onStatus({ kind: 'no-key' });
    const nothing = { invoke: async () => failed('disconnected', 'this page has no key'), subscribe: () => () => undefined };
    return { client: new Client(nothing, onMisunderstood), retry: () => undefined };
  }
  const bridge = new SocketBridge(socketWorld(token, onMisunderstood), onStatus);
  return { client: new Client(bridge, onMisunderstood), retry: () => bridge.retry() };
}
