import type { Hash } from '../../../src-shared/domain/ids.ts';
import type { HashedVoteBundle } from '../codec/vote-bundle.ts';
import type { ConnectionId } from '../net/connection-id.ts';
import type { EngineContext } from './context.ts';

/** What a large network signs within the moment by which others may be ahead; what is more is sent again when it stalls. */
const maxEarlyBundles = 1_000;

/** They are not verified yet, so one peer does not get all the room. */
const maxPerPeer = 100;

interface Early {
  readonly connection: ConnectionId;
  readonly encoded: Uint8Array;
}

/** Bundles of the epoch to come, from peers that have seen this one close already. Not verified: its members are not known yet. */
export class EarlyBundles {
  readonly #context: EngineContext;
  /** By what bundles are deduplicated by, in order of arrival. */
  #kept = new Map<Hash, Early>();
  #countOf = new Map<ConnectionId, number>();

  constructor(context: EngineContext) {
    this.#context = context;
  }

  /** False: it is of another epoch, or there is no room. A copy of what is here takes none. */
  keep(connection: ConnectionId, { hash, bundle, encoded }: HashedVoteBundle): boolean {
    const { epoch, registry } = this.#context;
    if (bundle.epoch !== epoch + 1 || !registry.isComplete) return false;
    if (this.#kept.has(hash)) return true;
    const count = this.#countOf.get(connection) ?? 0;
    if (this.#kept.size >= maxEarlyBundles || count >= maxPerPeer) return false;
    this.#countOf.set(connection, count + 1);
    this.#kept.set(hash, { connection, encoded });
    return true;
  }
  /** Of peers that are still here, in order of arrival. */
  take(): Early[] {
    const kept = [...this.#kept.values()];
    this.#kept = new Map();
    this.#countOf = new Map();
    return kept.filter(({ connection }) => this.#context.peers.isReady(connection));
  }
}
