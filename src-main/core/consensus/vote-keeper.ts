import type { BlockHash, NodeId } from '../../../src-shared/domain/ids.ts';
import type { BlockCertificate } from '../codec/block.ts';
import type { BlockVote } from '../codec/block-vote.ts';
import { invariant } from '../invariant.ts';
import { isQuorum, isSkipQuorum, type Snapshot } from '../snapshot.ts';
import type { RoundValue } from './round-state.ts';
import { type Added, RoundTally } from './round-tally.ts';

/**
 * Rounds ahead of the current one in which a signer's votes are held: its latest, since an honest one only moves on. Whoever was away
 * meets all others in their latest rounds; one more makes up for votes that crossed on the way.
 */
export const maxFutureRoundsPerSigner = 2;
/**
 * Rounds behind the current one whose votes are held whatever they say. Older rounds stay only if a block has a quorum in them, which
 * L28 and L49 may still need. With growing timeouts a hundred rounds are hours.
 */
export const maxPastRounds = 100;

const empty: readonly BlockVote[] = [];

/** The votes of one height, by round and phase. Answers which of the paper's quorums hold; that a line fires "for the first time" only is the round state's affair. */
export class VoteKeeper {
  readonly #snapshot: Snapshot;
  readonly #rounds = new Map<number, RoundTally>();
  /** Of each signer, rounds above the current one with votes of it, ascending. */
  readonly #futureRounds = new Map<NodeId, number[]>();
  #current = 0;

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot;
  }

  /** A verified vote of this height. Ignored: a duplicate, of no member, or beyond what is held. */
  add(vote: BlockVote): Added {
    if (!this.#holdsRound(vote)) return { kind: 'ignored' };
    return this.#count(vote, false);
  }

  /** Verified votes of a quorum for one block, of any round: nobody can make such up without end. */
  addQuorum(votes: readonly BlockVote[]): readonly { readonly added: Added; readonly vote: BlockVote }[] {
    return votes.map((vote) => ({ added: this.#count(vote, true), vote }));
  }

  /** The round in progress, which never goes back: rounds up to it are no longer ahead, and those long past are dropped. */
  enterRound(round: number): void {
    const current = Math.max(this.#current, round);
    this.#current = current;
    for (const [signer, rounds] of this.#futureRounds) {
      const ahead = rounds.filter((round) => round > current);
      if (ahead.length === 0) this.#futureRounds.delete(signer);
      else this.#futureRounds.set(signer, ahead);
    }
    for (const [round, tally] of this.#rounds) {
      if (round < current - maxPastRounds && tally.prevote.blockWithQuorum() === undefined && tally.precommit.blockWithQuorum() === undefined)
        this.#rounds.delete(round);
    }
  }

  round(round: number): RoundTally | undefined {
    return this.#rounds.get(round);
  }
  /** L28 and L36: 2f+1 prevotes of that round for the block. */
  hasPolka({ round, blockHash }: RoundValue): boolean {
    return this.#rounds.get(round)?.prevote.hasQuorumFor(blockHash) ?? false;
  }
  /** Every prevote held of that round for the block, in snapshot order. */
  prevotesFor({ round, blockHash }: RoundValue): readonly BlockVote[] {
    return (this.#rounds.get(round)?.prevote.votes() ?? empty).filter((vote) => vote.blockHash === blockHash);
  }
  hasPolkaInAnyRound(blockHash: BlockHash): boolean {
    for (const { prevote } of this.#rounds.values()) if (prevote.hasQuorumFor(blockHash)) return true;
    return false;
  }
  hasPrecommitQuorum({ round, blockHash }: RoundValue): boolean {
    return this.#rounds.get(round)?.precommit.hasQuorumFor(blockHash) ?? false;
  }

  /** L55: the latest round, from `from` on, in which a third of the weight has voted: an honest member is in it. */
  latestSkipRound(from: number): number | undefined {
    let latest: number | undefined;
    for (const [round, { signersWeight }] of this.#rounds) {
      if (round >= (latest ?? from) && isSkipQuorum(signersWeight, this.#snapshot)) latest = round;
    }
    return latest;
  }

  /** All precommits held for a block that has a quorum of them, in snapshot order. */
  certificate(height: number, { round, blockHash }: RoundValue): BlockCertificate {
    const precommits = (this.#rounds.get(round)?.precommit.votes() ?? empty).filter((vote) => vote.blockHash === blockHash);
    const weight = precommits.reduce((sum, { nodeId }) => sum + (this.#snapshot.byNode.get(nodeId)?.weight ?? 0), 0);
    invariant(isQuorum(weight, this.#snapshot), 'a certificate is a quorum of precommits');
    return { height, round, blockHash, precommits: precommits.map(({ nodeId, signature }) => ({ nodeId, signature })) };
  }

  /** Every vote held: by round, prevotes first, in snapshot order. */
  votes(): readonly BlockVote[] {
    return [...this.#rounds].sort(([a], [b]) => a - b).flatMap(([, tally]) => [...tally.prevote.votes(), ...tally.precommit.votes()]);
  }

  #count(vote: BlockVote, certified: boolean): Added {
    const weight = this.#snapshot.byNode.get(vote.nodeId)?.weight;
    if (weight === undefined) return { kind: 'ignored' };
    let tally = this.#rounds.get(vote.round);
    if (tally === undefined) {
      tally = new RoundTally(this.#snapshot);
      this.#rounds.set(vote.round, tally);
    }
    return tally.add(vote, weight, certified);
  }

  #holdsRound({ nodeId, round }: BlockVote): boolean {
    if (round <= this.#current) return round >= this.#current - maxPastRounds || this.#rounds.has(round);
    const member = this.#snapshot.byNode.get(nodeId);
    if (member === undefined) return false;
    const ahead = this.#futureRounds.get(nodeId) ?? [];
    if (ahead.includes(round)) return true;
    const latest = [...ahead, round].sort((a, b) => a - b);
    const dropped = latest.length > maxFutureRoundsPerSigner ? latest.shift() : undefined;
    if (dropped === round) return false;
    if (dropped !== undefined) this.#drop(dropped, nodeId, member.weight);
    this.#futureRounds.set(nodeId, latest);
    return true;
  }

  #drop(round: number, nodeId: NodeId, weight: number): void {
    const tally = this.#rounds.get(round);
    tally?.remove(nodeId, weight);
    if (tally?.signersWeight === 0) this.#rounds.delete(round);
  }
}
