import type { Hash } from '../../../src-shared/domain/ids.ts';
import { type HashedVoteBundle, type VoteBundle, voteBundleCodec } from '../codec/vote-bundle.ts';
import { invariant } from '../invariant.ts';

/**
 * Bytes of bundles kept for one member. Any of its bundles may hold a single live vote among a thousand settled ones, so bytes are counted
 * and not votes: 10,000 live transactions need 0.7 MB in full bundles and 2.8 MB in bundles of one vote. A member that goes beyond has its
 * further votes dropped until something settles; blocks settle transactions without any of these votes.
 */
const totalKeptBytes = 256 * 2 ** 20;
const minKeptBytesPerMember = 4 * 2 ** 20;
const maxKeptBytesPerMember = 16 * 2 ** 20;
export const keptBytesPerMember = (memberCount: number): number =>
  Math.min(maxKeptBytesPerMember, Math.max(minKeptBytesPerMember, Math.floor(totalKeptBytes / Math.max(1, memberCount))));

/**
 * A bundle as it is kept: its bytes, which are what latecomers are served. Decoded votes take five times the memory, and almost nobody asks
 * for them again, so `bundle` decodes at every use.
 */
export class KeptBundle implements HashedVoteBundle {
  readonly hash: Hash;
  readonly encoded: Uint8Array;
  /** Index in the snapshot of who signed it. */
  readonly member: number;
  /** On the shelf. */
  readonly place: number;
  /** Ballots that list it. */
  uses = 0;

  constructor(source: HashedVoteBundle, member: number, place: number) {
    this.hash = source.hash;
    this.member = member;
    this.place = place;
    // A decoder's bytes may be a window on a whole message of two megabytes, which they would keep alive.
    this.encoded = source.encoded.byteLength === source.encoded.buffer.byteLength ? source.encoded : source.encoded.slice();
  }

  get bundle(): VoteBundle {
    return voteBundleCodec.decode(this.encoded);
  }
}

/** The bundles that hold votes of live transactions, counted by use and bounded in bytes per member. */
export class BundleShelf {
  readonly #byHash = new Map<Hash, KeptBundle>();
  readonly #byPlace: (KeptBundle | undefined)[] = [];
  readonly #freePlaces: number[] = [];
  readonly #byMember = new Map<number, Set<KeptBundle>>();
  readonly #bytesOfMember: Float64Array;
  readonly #maxBytesPerMember: number;

  constructor(memberCount: number) {
    this.#bytesOfMember = new Float64Array(memberCount);
    this.#maxBytesPerMember = keptBytesPerMember(memberCount);
  }

  get size(): number {
    return this.#byHash.size;
  }
  has(hash: Hash): boolean {
    return this.#byHash.has(hash);
  }
  /** Any of them: the one kept longest. */
  anyOf(member: number): KeptBundle | undefined {
    const [oldest] = this.#byMember.get(member) ?? [];
    return oldest;
  }
  at(place: number): KeptBundle {
    const kept = this.#byPlace[place];
    invariant(kept !== undefined, 'what a ballot lists is on the shelf');
    return kept;
  }
  bytesOf(member: number): number {
    return this.#bytesOfMember[member] ?? 0;
  }

  /** With one use, the caller's own, to be released. Undefined if the member's bytes are used up. */
  put(source: HashedVoteBundle, member: number): KeptBundle | undefined {
    const bytes = this.bytesOf(member) + source.encoded.byteLength;
    if (bytes > this.#maxBytesPerMember) return undefined;
    const kept = new KeptBundle(source, member, this.#freePlaces.pop() ?? this.#byPlace.length);
    kept.uses = 1;
    this.#byPlace[kept.place] = kept;
    this.#bytesOfMember[member] = bytes;
    this.#byHash.set(kept.hash, kept);
    const others = this.#byMember.get(member);
    if (others === undefined) this.#byMember.set(member, new Set([kept]));
    else others.add(kept);
    return kept;
  }

  /** True if that was its last use and it is gone. */
  release(kept: KeptBundle): boolean {
    invariant(kept.uses > 0, 'a kept bundle has a use to release');
    kept.uses -= 1;
    if (kept.uses > 0) return false;
    this.#byHash.delete(kept.hash);
    this.#byPlace[kept.place] = undefined;
    this.#freePlaces.push(kept.place);
    this.#byMember.get(kept.member)?.delete(kept);
    this.#bytesOfMember[kept.member] = this.bytesOf(kept.member) - kept.encoded.byteLength;
    return true;
  }
}
