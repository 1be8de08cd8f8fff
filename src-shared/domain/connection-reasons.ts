import { reasonWords } from './reason-words.ts';
import type { TransactionReason } from './rejection-code.ts';

/**
 * Why a connection was refused, failed or ended: each code that a reason begins with, for people, as the end of a sentence such as "Refused: …". `us` is what
 * is said where this node decided, `peer` where the other one did.
 */
interface Words {
  readonly us: string;
  readonly peer: string;
}
const both = (words: string): Words => ({ us: words, peer: words });

/** The one English table, for the window and answers to people; the window has others for other languages. */
export const connectionWords = {
  // What one side tells the other (DisconnectCode)
  'wrong-magic': both('it speaks another protocol'),
  'wrong-version': both('the two speak different versions of the protocol'),
  'wrong-network': both('it is on another network'),
  'wrong-genesis': both('its chain begins with another block'),
  self: both('it is this node itself'),
  duplicate: both('there is a connection with this node already'),
  banned: { us: 'it is banned here', peer: 'it has banned this node' },
  full: { us: 'no place is free', peer: 'it has no place free' },
  violation: { us: 'it broke the rules', peer: 'it says that this node broke the rules' },
  unresponsive: { us: 'it did not answer pings', peer: 'it says that this node did not answer pings' },
  'handshake-timeout': both('introductions took too long'),
  stopping: { us: 'this node stopped', peer: 'it stopped' },
  requested: { us: 'you asked for it', peer: 'its operator asked for it' },
  // How an open connection ended (CloseCode)
  'closed-locally': both('this node closed it'),
  'closed-by-peer': both('the other side closed it'),
  'connection-reset': both('the other side broke it off'),
  'connection-lost': both('packets no longer got through'),
  'frame-size': both('it sent a message of a size that is not allowed'),
  'frame-timeout': both('it began a message and did not finish it'),
  'frame-forged': both('it sent bytes that its key did not sign'),
  idle: both('nothing came for too long'),
  'send-queue-full': both('it read more slowly than it was sent to'),
  stopped: both('this node stopped'),
  'network-error': both('the network failed'),
  // Why a connection never opened (ConnectFailureCode)
  'bad-address': both('the address cannot be read'),
  'name-not-found': both('no machine has this name'),
  refused: both('nothing listens there'),
  unreachable: both('the network knows no way there'),
  timeout: both('it took too long to answer'),
  'handshake-failed': both('encryption could not be agreed on'),
  'proxy-failed': both('the proxy made no connection'),
  'too-many-connections': both('too many connections were open'),
} as const satisfies Record<string, Words>;
export type ConnectionCode = keyof typeof connectionWords;

/** What a reason begins with where the peer gave it. */
const peerSaid = 'the peer said ';

export interface ConnectionReason {
  readonly by: 'us' | 'peer';
  readonly code: string;
  /** What is known beyond the code, or empty. */
  readonly detail: string;
}

/** Takes a reason apart: `code`, `code: detail`, either after `the peer said `. */
export function parseConnectionReason(reason: string): ConnectionReason {
  const by = reason.startsWith(peerSaid) ? 'peer' : 'us';
  const said = by === 'peer' ? reason.slice(peerSaid.length) : reason;
  const colon = said.indexOf(':');
  return colon < 0 ? { by, code: said, detail: '' } : { by, code: said.slice(0, colon), detail: said.slice(colon + 1).trim() };
}

const isConnectionCode = (code: string): code is ConnectionCode => Object.hasOwn(connectionWords, code);

const isReason = (code: string): code is TransactionReason => Object.hasOwn(reasonWords, code);
const withDetail = (words: string, detail: string): string => (detail === '' ? words : `${words} (${detail})`);

/** Their detail is the operating system's own words for the same thing, or who it is about, which is said beside it. */
const sayAll: ReadonlySet<ConnectionCode> = new Set<ConnectionCode>([
  'refused',
  'unreachable',
  'timeout',
  'name-not-found',
  'connection-reset',
  'connection-lost',
  'closed-by-peer',
  'banned',
]);

export interface ReasonTables {
  readonly connection: Readonly<Record<ConnectionCode, Words>>;
  readonly rules: Readonly<Record<TransactionReason, string>>;
}
const english: ReasonTables = { connection: connectionWords, rules: reasonWords };

/** In words, what a code does not say in brackets. A code that has no words is shown as it is. */
export function wordConnectionReason(reason: string, tables: ReasonTables = english): string {
  const { by, code, detail } = parseConnectionReason(reason);
  // Of what was broken: a ban's reason, and what follows `violation`.
  if (isReason(code)) return withDetail(tables.rules[code], detail);
  if (!isConnectionCode(code)) return reason;
  const words = tables.connection[code][by];
  if (sayAll.has(code)) return words;
  return code === 'violation' && detail !== '' ? `${words}: ${wordConnectionReason(detail, tables)}` : withDetail(words, detail);
}
