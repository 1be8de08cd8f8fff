import type { PeerInfo } from './peer-info.ts';

export interface Share {
  readonly name: string;
  readonly peers: number;
  readonly masternodes: number;
}

/** How many peers each has, most first, then by name; what is beyond `limit` is left out. */
export function sharesBy(
  peers: readonly PeerInfo[],
  nameOf: (peer: PeerInfo) => string,
  limit: number,
): { readonly shares: readonly Share[]; readonly more: number } {
  const byName = new Map<string, { peers: number; masternodes: number }>();
  for (const peer of peers) {
    const name = nameOf(peer);
    const share = byName.get(name) ?? { peers: 0, masternodes: 0 };
    byName.set(name, { peers: share.peers + 1, masternodes: share.masternodes + (peer.masternode ? 1 : 0) });
  }
  const all = [...byName].map(([name, share]) => ({ name, ...share })).sort((a, b) => b.peers - a.peers || (a.name < b.name ? -1 : 1));
  return { shares: all.slice(0, limit), more: Math.max(0, all.length - limit) };
}
