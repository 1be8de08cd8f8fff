import type { HashedVoteBundle } from '../codec/vote-bundle.ts';
import type { ConnectionId } from '../net/connection-id.ts';
import type { EngineContext } from './context.ts';

/** What a large network signs within the moment by which others may be ahead; what is more is sent again when it stalls. */
const maxEarlyBundles = 1_000;

interface Early {
  readonly connection: ConnectionId;
  readonly encoded: Uint8Array;
}

/** Bundles of the epoch to come, from peers that have seen this one close already. Not verified: its members are not known yet. */
export class EarlyBundles {
  readonly #context: EngineContext;
  #kept: Early[] = [];

  constructor(context: EngineContext) {
    this.#context = context;
  }

  /** False: it is of another epoch, or there is no room. */
  keep(connection: ConnectionId, { bundle, encoded }: HashedVoteBundle): boolean {
    const { epoch, registry } = this.#context;
    if (bundle.epoch !== epoch + 1 || !registry.isComplete || this.#kept.length >= maxEarlyBundles) return false;
    this.#kept.push({ connection, encoded });
    return true;
  }
  /** Of peers that are still here, in order of arrival. */
  take(): Early[] {
    const kept = this.#kept;
    this.#kept = [];
    return kept.filter(({ connection }) => this.#context.peers.isReady(connection));
  }
}
