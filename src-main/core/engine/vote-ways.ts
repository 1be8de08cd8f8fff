import type { ConnectionId } from '../net/connection-id.ts';
import type { Peer } from '../net/peer-connection.ts';
import type { Random } from '../ports.ts';

/**
 * Where votes travel on among masternodes. If everybody passed every bundle on to each of fifty peers, each would get it twenty-five times: two hundred members at a
 * thousand transactions a second are 14 MB/s of votes before that. So each picks so many of its peers, and whoever picked it is a way of its own too:
 * what comes of it is a random graph in which each has about twice as many ways, all of them lossless, and which stays in one piece if a third of them are
 * silent (with six, one node in 40,000 has no honest way left; and it still hears a quarter of all directly).
 */
const pickedWays = 6;
/** With fewer members connected than this all are ways: so it is in every small network. */
const fewMembers = 2 * pickedWays;
/** Who passed something on to this node has picked it; for so long after the last time. */
const pickedByMs = 60_000;

interface WaysContext {
  readonly snapshot: { readonly byNode: { has(nodeId: Peer['nodeId']): boolean } };
  readonly options: { readonly random: Random };
  readonly nowMs: number;
}

/** A sparse part of the connections that is enough for everybody to get what others signed. What a node signs itself, it tells all its peers. */
export class VoteWays {
  readonly #context: WaysContext;
  /** Bounded by the peers, like the next: whoever is gone is left out with the next choice. */
  #picked: ReadonlySet<ConnectionId> = new Set();
  #pickedBy = new Map<ConnectionId, number>();

  constructor(context: WaysContext) {
    this.#context = context;
  }

  /** This peer passes on to this node what others signed. */
  heardFrom(connection: ConnectionId): void {
    this.#pickedBy.set(connection, this.#context.nowMs);
  }

  /** Of the ready peers, those to pass votes on to, in the same order. Who is no masternode has no votes to be told in return, and gets them all. */
  of(ready: readonly Peer[]): readonly Peer[] {
    const { snapshot, options, nowMs } = this.#context;
    const members = ready.filter(({ nodeId }) => snapshot.byNode.has(nodeId)).map(({ connection }) => connection);
    if (members.length <= fewMembers) return ready;
    const picked = new Set(members.filter((connection) => this.#picked.has(connection)));
    while (picked.size < pickedWays) picked.add(members[Math.floor(options.random() * members.length)] as ConnectionId);
    this.#picked = picked;
    this.#pickedBy = new Map([...this.#pickedBy].filter(([connection, atMs]) => nowMs - atMs < pickedByMs && members.includes(connection)));
    const isMember = new Set(members);
    return ready.filter(({ connection }) => !isMember.has(connection) || picked.has(connection) || this.#pickedBy.has(connection));
  }
}
