import { OperationalError } from '../operational-error.ts';
import type { CloseCode, ConnectFailureCode } from './transport.ts';

interface Meaning {
  readonly connecting: ConnectFailureCode;
  readonly open: CloseCode;
}

/** What the operating system's errors mean, before a connection is open and after. Those not listed are 'network-error'. */
const meanings = new Map<string, Meaning>([
  ['ECONNREFUSED', { connecting: 'refused', open: 'connection-reset' }],
  ['ECONNRESET', { connecting: 'closed-by-peer', open: 'connection-reset' }],
  ['ECONNABORTED', { connecting: 'closed-by-peer', open: 'connection-reset' }],
  ['EPIPE', { connecting: 'closed-by-peer', open: 'connection-reset' }],
  ['ETIMEDOUT', { connecting: 'timeout', open: 'connection-lost' }],
  ['EHOSTUNREACH', { connecting: 'unreachable', open: 'connection-lost' }],
  ['EHOSTDOWN', { connecting: 'unreachable', open: 'connection-lost' }],
  ['ENETUNREACH', { connecting: 'unreachable', open: 'connection-lost' }],
  ['ENETDOWN', { connecting: 'unreachable', open: 'connection-lost' }],
  ['EADDRNOTAVAIL', { connecting: 'unreachable', open: 'connection-lost' }],
  ['ENOTFOUND', { connecting: 'name-not-found', open: 'network-error' }],
  ['EAI_AGAIN', { connecting: 'name-not-found', open: 'network-error' }],
]);
const other: Meaning = { connecting: 'network-error', open: 'network-error' };

/** Several attempts (IPv4 and IPv6) fail together as one AggregateError with the first one's code. */
export function errnoOf(error: Error): string | undefined {
  const code = (error as NodeJS.ErrnoException).code;
  return typeof code === 'string' ? code : undefined;
}

export const meaningOf = (errno: string): Meaning => meanings.get(errno) ?? other;

/** The system does not let us listen there. `setting`: what says where. */
export const listenError = (setting: 'listen' | 'rpc' | 'web', error: Error): OperationalError =>
  new OperationalError(errnoOf(error) === 'EADDRINUSE' ? 'address-in-use' : 'address-unusable', `${setting}: ${error.message}`, { cause: error });
