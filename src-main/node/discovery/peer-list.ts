import { type NodeId, parseHex32 } from '../../../src-shared/domain/ids.ts';
import type { SharedAddress } from '../../core/codec/message.ts';
import { formatNetworkAddress, parseNetworkAddress } from '../../core/net/network-address.ts';

/** From one list: more than a node remembers at first, and nobody's list is long because it is good. */
export const maxListedAddresses = 1_000;

/** A list as it was read: what of it are addresses, each once, and how many entries were none or too many. */
export interface PeerList {
  readonly found: readonly SharedAddress[];
  readonly skipped: number;
}

/**
 * Reads a list of peers (docs/peer-lists.md): JSON, which is an array or `{ "peers": [...] }` of `"host:port"` or
 * `{ "address": "host:port", "nodeId": "hex" }`; or text with one address a line. An entry that is none is left out; a text of another form throws an
 * Error that says what was expected.
 */
export function parsePeerList(text: string): PeerList {
  const trimmed = text.trim();
  return /^[[{]/.test(trimmed) ? parseJsonList(trimmed) : collect(linesOf(trimmed), lineAddress);
}

function parseJsonList(text: string): PeerList {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`the list is no JSON: ${error instanceof Error ? error.message : error}`);
  }
  const peers = Array.isArray(value) ? value : (value as { readonly peers?: unknown }).peers;
  if (!Array.isArray(peers)) throw new Error('expected a list of addresses, or an object with "peers"');
  return collect(peers, jsonAddress);
}

function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/).map((line) => line.replace(/#.*/, '').trim());
  const entries = lines.filter((line) => line !== '');
  // A page that says "not found", or that somebody must log in, is text too.
  if (entries.length > 0 && !entries.some((line) => lineAddress(line) !== undefined)) throw new Error('expected JSON, or lines of host:port');
  return entries;
}

function collect<T>(entries: readonly T[], read: (entry: T) => SharedAddress | undefined): PeerList {
  const found = new Map<string, SharedAddress>();
  for (const entry of entries) {
    const address = found.size < maxListedAddresses ? read(entry) : undefined;
    if (address !== undefined && !found.has(address.address)) found.set(address.address, address);
  }
  return { found: [...found.values()], skipped: entries.length - found.size };
}

function lineAddress(line: string): SharedAddress | undefined {
  const [address = '', nodeId, ...rest] = line.split(/\s+/);
  return rest.length > 0 ? undefined : sharedAddress(address, nodeId);
}

function jsonAddress(entry: unknown): SharedAddress | undefined {
  if (typeof entry === 'string') return sharedAddress(entry, undefined);
  if (typeof entry !== 'object' || entry === null) return undefined;
  const { address, nodeId } = entry as { readonly address?: unknown; readonly nodeId?: unknown };
  return typeof address === 'string' ? sharedAddress(address, nodeId ?? undefined) : undefined;
}

function sharedAddress(text: string, key: unknown): SharedAddress | undefined {
  const address = parseNetworkAddress(text);
  const nodeId = typeof key === 'string' ? parseHex32<NodeId>(key) : undefined;
  if (address === undefined || (key !== undefined && nodeId === undefined)) return undefined;
  return { address: formatNetworkAddress(address.host, address.port), nodeId };
}
