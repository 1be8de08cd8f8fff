import type { NodeId } from '../../../src-shared/domain/ids.ts';
import type { Peer } from '../net/peer-connection.ts';

/**
 * Where votes travel on among masternodes. If everybody passed every bundle on to each of fifty peers, each would get it twenty-five times and more: two hundred
 * members at a thousand transactions a second are 14 MB/s of votes before that. So each connection between two members is a way or is none by lot, and
 * each member has about so many ways. What comes of it is a random graph that stays in one piece if a third of the members pass nothing on:
 * one in some thousands has then no way left for an epoch, and it still hears its peers' own votes directly.
 */
const meanWays = 12;
/** However the lot falls. */
const minWays = 6;

interface WaysContext {
  readonly options: { readonly self: NodeId };
  readonly epoch: number;
  readonly snapshot: { readonly byNode: { has(nodeId: NodeId): boolean } };
}

/** A sparse part of the connections that is enough for everybody to get what others signed. What a node signs itself, it tells all its peers. */
export class VoteWays {
  readonly #context: WaysContext;

  constructor(context: WaysContext) {
    this.#context = context;
  }

  /** Of the ready peers, those to pass on to, in the same order. Who is no masternode passes nothing on in return, and gets everything. */
  of(ready: readonly Peer[]): readonly Peer[] {
    const { snapshot, options, epoch } = this.#context;
    const members = ready.filter(({ nodeId }) => snapshot.byNode.has(nodeId));
    if (members.length <= meanWays) return ready;
    const lots = new Map(members.map(({ nodeId }) => [nodeId, lotOf(options.self, nodeId, epoch)] as const));
    const least = [...lots.values()].sort((a, b) => a - b)[minWays - 1] ?? 0;
    const limit = Math.max(least, (meanWays / members.length) * lotCount);
    return ready.filter(({ nodeId }) => (lots.get(nodeId) ?? 0) <= limit);
  }
}

const lotCount = 2 ** 32;

/**
 * The lot of a pair, the same for both and for every epoch another, in [0, 2^32): MurmurHash3's mixing of the keys' first 32 bits. Who looks for a key with small lots
 * gets more copies than others, and takes nobody else's ways.
 */
function lotOf(a: NodeId, b: NodeId, epoch: number): number {
  const [low, high] = a < b ? [a, b] : [b, a];
  return mixed(mixed(mixed(epoch) ^ wordOf(low)) ^ wordOf(high));
}
const wordOf = (nodeId: NodeId): number => Number.parseInt(nodeId.slice(0, 8), 16);
function mixed(word: number): number {
  let hash = word ^ (word >>> 16);
  hash = Math.imul(hash, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
