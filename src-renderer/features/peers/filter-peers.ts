import type { TopicValue } from '../../../src-shared/api/topics.ts';

type Peer = TopicValue<'peers'>['peers'][number];

/** Those whose address, version or key has every word of the filter, in any case. */
export function filterPeers(peers: readonly Peer[], filter: string): readonly Peer[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return peers;
  return peers.filter(({ addr, subver, nodeid }) => {
    const searched = `${addr} ${subver} ${nodeid}`.toLowerCase();
    return words.every((word) => searched.includes(word));
  });
}
