import type { Hash } from '../../../src-shared/domain/ids.ts';
import type { HashedVoteBundle } from '../codec/vote-bundle.ts';
import { maxVotesPerBundle } from '../constants.ts';
import type { ConnectionId } from '../net/connection-id.ts';
import type { EngineContext } from './context.ts';
import { EarlyBundles } from './early-bundles.ts';

/**
 * Verified and counted at once: some 10 ms of one core for the signatures, and as much for the votes, each of which may have the chain asked. One message may
 * bring eighteen thousand bundles or sixty thousand votes, and one bad signature among them is the end of it.
 */
const maxPerPortion = 256;
const maxVotesPerPortion = 4 * maxVotesPerBundle;

/** How many of the first make a portion. */
function portionOf(bundles: readonly HashedVoteBundle[]): number {
  let votes = 0;
  const over = bundles.findIndex(({ bundle }, index) => {
    votes += bundle.votes.length;
    return index === maxPerPortion || votes > maxVotesPerPortion;
  });
  return over === -1 ? bundles.length : over;
}

/**
 * Vote bundles from peers: looked at as cheaply as possible first, verified, and no more of each member than it may sign, so that whoever holds
 * its key cannot fill this node's disk and everybody's lines.
 */
export class BundleIntake {
  readonly #context: EngineContext;
  readonly #count: (hashed: HashedVoteBundle, from: ConnectionId) => boolean;
  /** Those whose signatures are being checked: each arrives from several peers at once. */
  readonly #verifying = new Set<Hash>();
  readonly #early: EarlyBundles;

  /** `count` answers whether a verified bundle held a new vote. */
  constructor(context: EngineContext, count: (hashed: HashedVoteBundle, from: ConnectionId) => boolean) {
    this.#context = context;
    this.#count = count;
    this.#early = new EarlyBundles(context);
  }

  /** Those that came before this node knew the epoch that they are of. */
  newEpoch(): void {
    for (const { connection, encoded } of this.#early.take()) this.received(connection, [encoded]);
  }

  /** What a peer relays, each once. */
  relayed(connection: ConnectionId, encodedList: readonly Uint8Array[]): void {
    this.#context.intake.useless(connection, encodedList.length - this.received(connection, encodedList));
  }

  /** What it sends when they meet, or once more of votes that stall. Answers how many may be of use. */
  received(connection: ConnectionId, encodedList: readonly Uint8Array[]): number {
    const { tally, intake, relay, reader, nowMs } = this.#context;
    const fresh = new Map<Hash, HashedVoteBundle>();
    /** Not this node's to take now, and not the peer's fault. */
    let setAside = 0;
    for (const encoded of encodedList) {
      // Every peer relays it, so most copies end here.
      const hash = reader.bundleHash(encoded);
      relay.bundles.note(hash, connection);
      if (fresh.has(hash) || this.#verifying.has(hash) || tally.hasBundle(hash)) continue;
      const hashed = this.#decode(encoded, hash);
      if (hashed === undefined) {
        this.#context.violation(connection, { code: 'malformed', detail: 'a vote bundle that does not decode' });
        return 0;
      }
      if (this.#early.keep(connection, hashed)) {
        setAside++;
        continue;
      }
      // A node that has another snapshot or epoch in mind is not hostile; its votes mean nothing here.
      if (tally.check(hashed.bundle) !== undefined || tally.addsNothing(hashed.bundle)) continue;
      if (intake.bundles.isOpen(hashed.bundle.nodeId, nowMs)) fresh.set(hash, hashed);
      else setAside++;
    }
    for (const hash of fresh.keys()) this.#verifying.add(hash);
    this.#verify(connection, [...fresh.values()]);
    return fresh.size + setAside;
  }

  #verify(connection: ConnectionId, bundles: readonly HashedVoteBundle[]): void {
    if (bundles.length === 0) return;
    const { reader, genesis } = this.#context;
    const size = portionOf(bundles);
    const portion = bundles.slice(0, size);
    const rest = bundles.slice(size);
    const items = portion.map((hashed) => reader.bundleSignature(hashed, genesis.hash));
    this.#context.verify(items, true, (valid) => {
      for (const { hash } of portion) this.#verifying.delete(hash);
      // All that are good first: copies of them from others were not looked at meanwhile.
      for (const [index, hashed] of portion.entries()) if (valid[index] === true) this.#verified(connection, hashed);
      const forged = portion[valid.indexOf(false)];
      if (forged === undefined) return this.#verify(connection, rest);
      // From others they are welcome.
      for (const { hash } of rest) this.#verifying.delete(hash);
      this.#context.violation(connection, { code: 'bad-signature', detail: `vote bundle of ${forged.bundle.nodeId}` });
    });
  }

  #verified(connection: ConnectionId, hashed: HashedVoteBundle): void {
    const { intake, peers, nowMs } = this.#context;
    const { nodeId } = hashed.bundle;
    if (hashed.bundle.epoch !== this.#context.epoch || !intake.bundles.isOpen(nodeId, nowMs) || !this.#count(hashed, connection)) return;
    intake.bundles.take(nodeId, nowMs);
    intake.fresh(1);
    peers.brought(connection, nowMs);
  }

  #decode(encoded: Uint8Array, hash: Hash): HashedVoteBundle | undefined {
    try {
      return this.#context.reader.bundle(encoded, hash);
    } catch {
      return undefined;
    }
  }
}
