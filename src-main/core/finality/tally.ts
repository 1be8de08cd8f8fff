import type { Hash, NodeId, OutpointKey, Txid } from '../../../src-shared/domain/ids.ts';
import type { HashedVoteBundle, VoteBundle, VoteRejectCode } from '../codec/vote-bundle.ts';
import { maxMempoolTransactions } from '../constants.ts';
import { invariant } from '../invariant.ts';
import type { Rejection } from '../rejection.ts';
import { blocksQuorum, isQuorum, type Member, type Snapshot } from '../snapshot.ts';
import { trimOldest } from '../trim-oldest.ts';
import { acceptBit, Ballot, bitOf, commitBit, hasReject, rejectCodeOf } from './ballot.ts';
import { BundleShelf, type KeptBundle } from './bundle-shelf.ts';
import { ConflictIndex } from './conflict-index.ts';
import { EarlyVotes } from './early-votes.ts';
import { type Evidence, EvidenceFinder } from './evidence-finder.ts';
import { emptyList, NumberLists } from './number-lists.ts';
import { VotePages } from './vote-pages.ts';

/** What the votes now show; each of the first three at most once for as long as a transaction's votes are held, also before it is known itself. */
export type TallyEvent =
  /** Accepts reached a quorum: the transaction has its certificate. */
  | { readonly kind: 'certified'; readonly txid: Txid }
  /** Commits reached a quorum. */
  | { readonly kind: 'final'; readonly txid: Txid }
  /** Rejects above one third, and neither certified nor final. Advice. */
  | { readonly kind: 'rejected'; readonly txid: Txid }
  | Evidence;

export interface TransactionTally {
  readonly acceptWeight: number;
  readonly commitWeight: number;
  readonly rejectWeight: number;
  readonly totalWeight: number;
  /** How many members these weights are of, for views: by weight alone everything is decided. */
  readonly acceptVoters: number;
  readonly commitVoters: number;
  readonly rejectVoters: number;
  readonly totalVoters: number;
  readonly certified: boolean;
  readonly final: boolean;
  /** False again once certified or final: these override rejects. */
  readonly rejected: boolean;
  /** Members without the vote that is needed next: an accept until certified, a commit until final, then none. Snapshot order. Found when read, at once or never. */
  readonly missing: readonly NodeId[];
}
export interface MemberVotes {
  readonly nodeId: NodeId;
  readonly accept: boolean;
  readonly commit: boolean;
  readonly reject: boolean;
  /** The gravest it gave; `none` if it did not reject. */
  readonly rejectCode: VoteRejectCode;
}
export interface Added {
  readonly events: readonly TallyEvent[];
  /** It held a vote that was not held yet: store and relay it. Otherwise it was not kept. */
  readonly fresh: boolean;
  /** Known transactions whose accepts weigh more than before; if not all are wanted, those accepted for the first time and those that were ever contested. */
  readonly accepted: readonly Txid[];
  /** Those with a new vote that are not known themselves. */
  readonly unknown: readonly Txid[];
  /** Bundles that gave way to the bounds on votes for unknown transactions: remove them from the store. */
  readonly dropped: readonly Hash[];
}
const nothing: Added = { events: [], fresh: false, accepted: [], unknown: [], dropped: [] };

/** Votes for what settled a moment ago keep arriving; these transactions are remembered so that they are not taken for unknown. */
const maxSettledRemembered = 4 * maxMempoolTransactions;

/**
 * Counts what the members of one snapshot said about transactions (protocol section 6). Knows no keys and no clock: signatures are verified
 * before. The same bundles in any order, any number of times, give the same tally, as long as no bound is hit.
 */
export class VoteTally {
  readonly #snapshot: Snapshot;
  readonly #members: readonly Member[];
  readonly #indexOf = new Map<NodeId, number>();
  readonly #ballots = new Map<Txid, Ballot>();
  readonly #settled = new Set<Txid>();
  readonly #isInChain: (txid: Txid) => boolean;
  readonly #pages: VotePages;
  readonly #shelf: BundleShelf;
  /** Of each ballot, the bundles that serve it; as many entries as there are votes in kept bundles at most. */
  readonly #lists = new NumberLists();
  readonly #early: EarlyVotes;
  readonly #conflicts = new ConflictIndex();
  readonly #evidence: EvidenceFinder;
  #votesCounted = 0;

  /**
   * `isInChain` is asked of what is not known here: after a start the tally does not know what settled before it. Who is behind sends votes of such
   * transactions, and as nothing settles them again they would be kept for ever.
   */
  constructor(snapshot: Snapshot, isInChain: (txid: Txid) => boolean = () => false) {
    this.#snapshot = snapshot;
    this.#isInChain = isInChain;
    this.#pages = new VotePages(snapshot.members.length);
    this.#members = snapshot.members;
    for (const [index, member] of snapshot.members.entries()) this.#indexOf.set(member.nodeId, index);
    this.#shelf = new BundleShelf(snapshot.members.length);
    this.#early = new EarlyVotes(snapshot.members.length);
    this.#evidence = new EvidenceFinder(snapshot.members, (ballot) => this.#bundlesOf(ballot));
  }

  /** To be asked before the signature is verified. */
  check(bundle: VoteBundle): Rejection | undefined {
    if (bundle.epoch !== this.#snapshot.epoch) return { code: 'wrong-epoch', detail: `votes of epoch ${bundle.epoch} in epoch ${this.#snapshot.epoch}` };
    if (!this.#indexOf.has(bundle.nodeId)) return { code: 'unknown-signer', detail: `${bundle.nodeId} is not in the snapshot` };
    return undefined;
  }

  /** New ones since the start, for display. */
  get votesCounted(): number {
    return this.#votesCounted;
  }

  /** Whether it is kept already. */
  hasBundle(hash: Hash): boolean {
    return this.#shelf.has(hash);
  }

  /**
   * Whether every vote in it is held, or for what is known to be settled: a signer can make any number of such bundles, and none is worth verifying. The
   * chain is not asked: until a bundle is verified anybody may have made it, and it would be a thousand look-ups.
   */
  addsNothing(bundle: VoteBundle): boolean {
    const member = this.#indexOf.get(bundle.nodeId);
    if (member === undefined) return true;
    return bundle.votes.every((vote) => {
      const ballot = this.#ballots.get(vote.txid);
      return ballot === undefined ? this.#settled.has(vote.txid) : (ballot.bitsOf(member) & bitOf(vote)) !== 0;
    });
  }

  /** Signature verified and `check` passed. Votes for transactions that are not known yet are kept, within bounds. `tellsAllAccepted`: see `Added.accepted`. */
  add(source: HashedVoteBundle, tellsAllAccepted = true): Added {
    const { bundle } = source;
    const index = this.#indexOf.get(bundle.nodeId);
    const member = index === undefined ? undefined : this.#members[index];
    invariant(index !== undefined && member !== undefined && bundle.epoch === this.#snapshot.epoch, 'a bundle is checked before it is counted');
    if (this.#shelf.has(source.hash)) return nothing;

    const events: TallyEvent[] = [];
    const accepted: Txid[] = [];
    const unknown: Txid[] = [];
    const dropped: Hash[] = [];
    let kept: KeptBundle | undefined;
    for (const vote of bundle.votes) {
      const known = this.#ballots.get(vote.txid);
      const bit = bitOf(vote);
      if (known === undefined ? this.#isSettled(vote.txid) : (known.bitsOf(index) & bit) !== 0) continue;
      kept ??= this.#shelf.put(source, index);
      if (kept === undefined) return nothing;

      const ballot = known ?? this.#open(vote.txid);
      const tellsAccept = bit === acceptBit && (tellsAllAccepted || ballot.acceptWeight === 0 || ballot.wasContested);
      ballot.record(index, member.weight, bit);
      this.#votesCounted++;
      // One bundle may hold several new votes of a transaction; it was listed a moment ago then.
      const isListed = this.#lists.lastOf(ballot.bundles) === kept.place;
      if (!isListed) {
        ballot.bundles = this.#lists.added(ballot.bundles, kept.place);
        kept.uses += 1;
      }
      this.#announce(ballot, events);
      if (ballot.conflicts.length > 0) events.push(...this.#evidence.afterVote(ballot, index, bit));
      if (ballot.inputs === undefined) {
        if (!isListed) unknown.push(vote.txid);
        this.#early.add(ballot, index);
      } else if (tellsAccept) accepted.push(vote.txid);
    }
    if (kept === undefined) return nothing;
    if (unknown.length > 0) this.#makeRoom(index, dropped);
    const gone = this.#shelf.release(kept);
    return { events, fresh: !gone, accepted, unknown, dropped };
  }

  /**
   * The transaction becomes known, and with its inputs what it conflicts with. What its early votes reached was announced with them: ask `of`.
   * Again after `settle` for a transaction that left without settling and came back.
   */
  setInputs(txid: Txid, inputs: readonly OutpointKey[]): TallyEvent[] {
    this.#settled.delete(txid);
    const ballot = this.#ballots.get(txid) ?? this.#open(txid);
    if (ballot.inputs !== undefined) return [];
    this.#early.remove(ballot);
    this.#conflicts.add(ballot, inputs);
    return ballot.conflicts.length > 0 ? this.#evidence.afterInputs(ballot) : [];
  }

  /** Parts of `of`, for who asks thousands of times a second. */
  isCertified(txid: Txid): boolean {
    return isQuorum(this.acceptWeightOf(txid), this.#snapshot);
  }
  isFinal(txid: Txid): boolean {
    return isQuorum(this.#ballots.get(txid)?.commitWeight ?? 0, this.#snapshot);
  }
  acceptWeightOf(txid: Txid): number {
    return this.#ballots.get(txid)?.acceptWeight ?? 0;
  }

  of(txid: Txid): TransactionTally {
    const ballot = this.#ballots.get(txid);
    const acceptWeight = ballot?.acceptWeight ?? 0;
    const commitWeight = ballot?.commitWeight ?? 0;
    const rejectWeight = ballot?.rejectWeight ?? 0;
    const certified = isQuorum(acceptWeight, this.#snapshot);
    const final = isQuorum(commitWeight, this.#snapshot);
    const rejected = !certified && !final && blocksQuorum(rejectWeight, this.#snapshot);
    const members = this.#members;
    const { totalWeight } = this.#snapshot;
    return {
      acceptWeight,
      commitWeight,
      rejectWeight,
      totalWeight,
      acceptVoters: ballot?.acceptVoters ?? 0,
      commitVoters: ballot?.commitVoters ?? 0,
      rejectVoters: ballot?.rejectVoters ?? 0,
      totalVoters: members.length,
      certified,
      final,
      rejected,
      get missing() {
        if (final) return [];
        const needed = certified ? commitBit : acceptBit;
        return members.filter((_, index) => ((ballot?.bitsOf(index) ?? 0) & needed) === 0).map(({ nodeId }) => nodeId);
      },
    };
  }

  /** Who said what, in snapshot order, for views. */
  voters(txid: Txid): MemberVotes[] {
    const ballot = this.#ballots.get(txid);
    const voters: MemberVotes[] = [];
    for (const [index, member] of this.#members.entries()) {
      const bits = ballot?.bitsOf(index) ?? 0;
      if (bits === 0) continue;
      const reject = hasReject(bits);
      voters.push({ nodeId: member.nodeId, accept: (bits & acceptBit) !== 0, commit: (bits & commitBit) !== 0, reject, rejectCode: rejectCodeOf(bits) });
    }
    return voters;
  }

  /** The bundles that hold its votes, to show its certificate to latecomers. */
  bundlesFor(txid: Txid): readonly HashedVoteBundle[] {
    const ballot = this.#ballots.get(txid);
    return ballot === undefined ? [] : this.#bundlesOf(ballot);
  }

  /** Any bundle of this member with a vote that is held. */
  bundleOf(nodeId: NodeId): VoteBundle | undefined {
    const index = this.#indexOf.get(nodeId);
    return index === undefined ? undefined : this.#shelf.anyOf(index)?.bundle;
  }

  /** To be asked, before `settle`, with everything that one decided block settled or made inapplicable. */
  evidenceAtBlock(txids: Iterable<Txid>): TallyEvent[] {
    const ended = new Set<Ballot>();
    for (const txid of txids) {
      const ballot = this.#ballots.get(txid);
      if (ballot !== undefined) ended.add(ballot);
    }
    return this.#evidence.atBlock(ended);
  }

  /** Drops their votes. Answers the bundles that serve no transaction any more, to be removed from the store. Votes that come later count anew. */
  forget(txids: readonly Txid[]): Hash[] {
    const dropped: Hash[] = [];
    for (const txid of txids) {
      const ballot = this.#ballots.get(txid);
      if (ballot !== undefined) this.#drop(ballot, dropped);
    }
    return dropped;
  }

  /** Settled or expired: as `forget`, and votes that come later mean nothing. */
  settle(txids: readonly Txid[]): Hash[] {
    const dropped = this.forget(txids);
    for (const txid of txids) this.#remember(txid);
    return dropped;
  }

  /** To be asked every some seconds. Drops votes whose transaction has not come since the time before; answers bundles as `settle` does. */
  sweepEarly(): Hash[] {
    const dropped: Hash[] = [];
    for (const ballot of this.#early.sweep()) this.#drop(ballot, dropped);
    return dropped;
  }

  /** What is held, for metrics and for tests of the bounds. */
  sizes(): { readonly transactions: number; readonly early: number; readonly bundles: number; readonly settledRemembered: number } {
    return { transactions: this.#ballots.size, early: this.#early.size, bundles: this.#shelf.size, settledRemembered: this.#settled.size };
  }

  /** Of what has no ballot. */
  #isSettled(txid: Txid): boolean {
    if (this.#settled.has(txid)) return true;
    if (!this.#isInChain(txid)) return false;
    this.#remember(txid);
    return true;
  }
  #remember(txid: Txid): void {
    this.#settled.add(txid);
    trimOldest(this.#settled, maxSettledRemembered);
  }

  /** In the order in which they came. */
  #bundlesOf(ballot: Ballot): KeptBundle[] {
    return this.#lists.all(ballot.bundles).map((place) => this.#shelf.at(place));
  }

  #open(txid: Txid): Ballot {
    const ballot = new Ballot(txid, this.#pages.take());
    this.#ballots.set(txid, ballot);
    return ballot;
  }

  #announce(ballot: Ballot, events: TallyEvent[]): void {
    const { txid } = ballot;
    const certified = isQuorum(ballot.acceptWeight, this.#snapshot);
    const final = isQuorum(ballot.commitWeight, this.#snapshot);
    if (certified && !ballot.toldCertified) {
      ballot.toldCertified = true;
      events.push({ kind: 'certified', txid });
    }
    if (final && !ballot.toldFinal) {
      ballot.toldFinal = true;
      events.push({ kind: 'final', txid });
    }
    if (!ballot.toldRejected && !certified && !final && blocksQuorum(ballot.rejectWeight, this.#snapshot)) {
      ballot.toldRejected = true;
      events.push({ kind: 'rejected', txid });
    }
  }

  #makeRoom(member: number, dropped: Hash[]): void {
    for (const eviction of this.#early.excess(member)) {
      if (eviction.kind === 'ballot') this.#drop(eviction.ballot, dropped);
      else this.#dropVotesOf(member, eviction.ballot, dropped);
    }
  }

  #dropVotesOf(member: number, ballot: Ballot, dropped: Hash[]): void {
    this.#early.removeVote(ballot, member);
    ballot.retract(member, this.#members[member]?.weight ?? 0);
    if (ballot.voterCount === 0) {
      this.#drop(ballot, dropped);
      return;
    }
    const bundles = this.#bundlesOf(ballot);
    this.#lists.drop(ballot.bundles);
    ballot.bundles = emptyList;
    for (const kept of bundles)
      if (kept.member === member) this.#release(kept, dropped);
      else ballot.bundles = this.#lists.added(ballot.bundles, kept.place);
  }

  #drop(ballot: Ballot, dropped: Hash[]): void {
    this.#ballots.delete(ballot.txid);
    this.#early.remove(ballot);
    this.#conflicts.remove(ballot);
    this.#lists.forEach(ballot.bundles, (place) => this.#release(this.#shelf.at(place), dropped));
    this.#lists.drop(ballot.bundles);
    this.#pages.give(ballot);
  }

  #release(kept: KeptBundle, dropped: Hash[]): void {
    if (this.#shelf.release(kept)) dropped.push(kept.hash);
  }
}
