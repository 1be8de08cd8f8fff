import { ipv4Octets, isIp, type NetworkAddress } from '../../core/net/network-address.ts';
import type { ConnectFailure, ConnectFailureCode } from './transport.ts';

/** RFC 1929; 1..255 bytes each. */
export interface SocksCredentials {
  readonly username: string;
  readonly password: string;
}

/** What a piece of the proxy's answers leads to. */
export type SocksStep =
  | { readonly kind: 'wait' }
  | { readonly kind: 'send'; readonly bytes: Uint8Array }
  /** From here on the bytes are the other end's; `rest`: those that came with the last answer. */
  | { readonly kind: 'open'; readonly rest: Uint8Array }
  | { readonly kind: 'failed'; readonly failure: ConnectFailure };

const version = 5;
const noCredentials = 0;
const byPassword = 2;
/** Of RFC 1929's own negotiation. */
const passwordVersion = 1;
const connectCommand = 1;
const addressTypes = { v4: 1, name: 3, v6: 4 } as const;

/** RFC 1928 section 6. What the proxy found out about the other end counts as if this machine had; what it will not do does not speak against that end. */
const meanings = new Map<number, { readonly code: ConnectFailureCode; readonly words: string }>([
  [1, { code: 'proxy-failed', words: 'general failure' }],
  [2, { code: 'proxy-failed', words: 'not allowed' }],
  [3, { code: 'unreachable', words: 'network unreachable' }],
  [4, { code: 'unreachable', words: 'host unreachable' }],
  [5, { code: 'refused', words: 'connection refused' }],
  [6, { code: 'timeout', words: 'TTL expired' }],
  [7, { code: 'proxy-failed', words: 'command not supported' }],
  [8, { code: 'proxy-failed', words: 'address type not supported' }],
]);

const failed = (code: ConnectFailureCode, detail: string): SocksStep => ({ kind: 'failed', failure: { code, detail: `proxy: ${detail}` } });

/**
 * The client's side of SOCKS 5 (RFC 1928) as far as CONNECT goes, without a socket. Names are the proxy's to resolve, so that nobody on this side of it learns
 * which ones are asked for.
 */
export class SocksHandshake {
  readonly #target: NetworkAddress;
  readonly #credentials: SocksCredentials;
  #expects: 'method' | 'password' | 'reply' = 'method';
  /** Of an answer that is not whole yet; the longest has 262 bytes. */
  #held = new Uint8Array();

  /** The credentials are offered, and the proxy says whether it wants them. */
  constructor(target: NetworkAddress, credentials: SocksCredentials) {
    this.#target = target;
    this.#credentials = credentials;
  }

  /** What is sent first. */
  greeting(): Uint8Array {
    return Uint8Array.of(version, 2, noCredentials, byPassword);
  }

  receive(chunk: Uint8Array): SocksStep {
    const bytes = new Uint8Array(this.#held.length + chunk.length);
    bytes.set(this.#held);
    bytes.set(chunk, this.#held.length);
    this.#held = bytes;
    if (bytes.length < 2) return { kind: 'wait' };
    switch (this.#expects) {
      case 'method':
        return this.#onMethod(bytes);
      case 'password':
        return this.#onPassword(bytes);
      case 'reply':
        return this.#onReply(bytes);
    }
  }

  #onMethod(bytes: Uint8Array): SocksStep {
    if (bytes[0] !== version || bytes.length > 2) return failed('proxy-failed', 'not SOCKS 5');
    if (bytes[1] === noCredentials) return this.#ask('reply', this.#request());
    if (bytes[1] === byPassword) return this.#ask('password', this.#password());
    return failed('proxy-failed', 'it wants another kind of authentication');
  }

  #onPassword(bytes: Uint8Array): SocksStep {
    if (bytes[0] !== passwordVersion || bytes.length > 2) return failed('proxy-failed', 'not SOCKS 5');
    return bytes[1] === 0 ? this.#ask('reply', this.#request()) : failed('proxy-failed', 'authentication refused');
  }

  #onReply(bytes: Uint8Array): SocksStep {
    const [said, code = 0, , type, nameLength] = bytes;
    if (said !== version) return failed('proxy-failed', 'not SOCKS 5');
    if (code !== 0) {
      const { code: meaning, words } = meanings.get(code) ?? { code: 'proxy-failed' as const, words: `reply ${code}` };
      return failed(meaning, words);
    }
    const addressBytes = type === addressTypes.v4 ? 4 : type === addressTypes.v6 ? 16 : type === addressTypes.name ? 1 + (nameLength ?? 0) : undefined;
    if (bytes.length < 5) return { kind: 'wait' };
    if (addressBytes === undefined) return failed('proxy-failed', 'not SOCKS 5');
    // Where it connects from is of no use to anybody here.
    const whole = 4 + addressBytes + 2;
    return bytes.length < whole ? { kind: 'wait' } : { kind: 'open', rest: bytes.subarray(whole) };
  }

  #ask(expects: 'password' | 'reply', bytes: Uint8Array): SocksStep {
    this.#expects = expects;
    this.#held = new Uint8Array();
    return { kind: 'send', bytes };
  }

  #password(): Uint8Array {
    const [username, password] = [this.#credentials.username, this.#credentials.password].map((text) => new TextEncoder().encode(text));
    return Uint8Array.of(passwordVersion, username?.length ?? 0, ...(username ?? []), password?.length ?? 0, ...(password ?? []));
  }

  #request(): Uint8Array {
    const { host, port } = this.#target;
    return Uint8Array.of(version, connectCommand, 0, ...addressOf(host), port >> 8, port & 255);
  }
}

/** Type and bytes, as the request has them. Takes a normalised host. */
function addressOf(host: string): readonly number[] {
  const octets = ipv4Octets(host);
  if (octets !== undefined) return [addressTypes.v4, ...octets];
  if (isIp(host)) return [addressTypes.v6, ...v6Bytes(host)];
  const name = new TextEncoder().encode(host);
  return [addressTypes.name, name.length, ...name];
}

/** Of a normalised IPv6 host, without its zone, which means nothing elsewhere. */
function v6Bytes(host: string): readonly number[] {
  const [bare = ''] = host.split('%');
  const [head = '', tail] = bare.split('::');
  const groupsOf = (half: string): number[] => (half === '' ? [] : half.split(':').map((group) => Number.parseInt(group, 16)));
  const [first, last] = [groupsOf(head), groupsOf(tail ?? '')];
  const groups = [...first, ...Array<number>(8 - first.length - last.length).fill(0), ...last];
  return groups.flatMap((group) => [group >> 8, group & 255]);
}
