import { formatCountry } from '../../text/format.ts';
import type { PeerInfo } from './peer-info.ts';

/** Those whose address, version, country, network or key has every word of the filter, in any case. */
export function filterPeers(peers: readonly PeerInfo[], filter: string): readonly PeerInfo[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return peers;
  return peers.filter(({ addr, subver, nodeid, country, networkgroup }) => {
    const searched = `${addr} ${subver} ${nodeid} ${country === undefined ? '' : formatCountry(country)} ${networkgroup}`.toLowerCase();
    return words.every((word) => searched.includes(word));
  });
}
