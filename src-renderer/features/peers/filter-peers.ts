import type { TopicValue } from '../../../src-shared/api/topics.ts';
import { formatCountry } from '../../text/format.ts';

type Peer = TopicValue<'peers'>['peers'][number];

/** Those whose address, version, country, network or key has every word of the filter, in any case. */
export function filterPeers(peers: readonly Peer[], filter: string): readonly Peer[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return peers;
  return peers.filter(({ addr, subver, nodeid, country, networkgroup }) => {
    const searched = `${addr} ${subver} ${nodeid} ${country === undefined ? '' : formatCountry(country)} ${networkgroup}`.toLowerCase();
    return words.every((word) => searched.includes(word));
  });
}
