import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import type { NetworkAddress } from '../../core/net/network-address.ts';
import type { Endpoint } from '../config/config-keys.ts';
import { SocksHandshake } from './socks-handshake.ts';
import type { ConnectFailure } from './transport.ts';

/** A way to a host and port that is being made. */
export interface Tunnel {
  /** Nothing is called after it. */
  cancel(): void;
}

export interface TunnelOptions {
  /** SOCKS 5, such as Tor’s. */
  readonly proxy: Endpoint;
  readonly target: NetworkAddress;
  readonly timeoutMs: number;
  /** The socket is paused; what is read from it is the other end's. */
  readonly onOpen: (socket: Socket) => void;
  readonly onFailed: (failure: ConnectFailure) => void;
}

/** Tor keeps apart what comes with different credentials: who serves one connection does not learn of another from the way it takes. */
const freshCredentials = () => ({ username: randomBytes(8).toString('hex'), password: randomBytes(8).toString('hex') });

/** Calls exactly one of onOpen and onFailed, and neither before it has returned. */
export function openTunnel({ proxy, target, timeoutMs, onOpen, onFailed }: TunnelOptions): Tunnel {
  const handshake = new SocksHandshake(target, freshCredentials());
  const socket = connect({ host: proxy.host, port: proxy.port });
  const leave = (): void => {
    clearTimeout(timer);
    socket.off('data', onData).off('close', onClose);
    socket.off('error', onError);
  };
  const end = (): void => {
    leave();
    // What it still says concerns nobody.
    socket.on('error', () => {});
    socket.destroy();
  };
  const fail = (failure: ConnectFailure): void => {
    end();
    onFailed(failure);
  };
  const onData = (chunk: Buffer): void => {
    const step = handshake.receive(chunk);
    if (step.kind === 'send') socket.write(step.bytes);
    else if (step.kind === 'failed') fail(step.failure);
    else if (step.kind === 'open') {
      socket.pause();
      leave();
      if (step.rest.length > 0) socket.unshift(step.rest);
      onOpen(socket);
    }
  };
  const onClose = (): void => fail({ code: 'proxy-failed', detail: 'proxy: it hung up' });
  const onError = (error: Error): void => fail({ code: 'proxy-failed', detail: `proxy: ${error.message}` });
  const timer = setTimeout(() => fail({ code: 'timeout', detail: 'proxy' }), timeoutMs);
  socket.on('data', onData).on('close', onClose).on('error', onError);
  socket.setNoDelay(true);
  socket.write(handshake.greeting());
  return { cancel: end };
}
