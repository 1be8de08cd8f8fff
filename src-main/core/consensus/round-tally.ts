import type { BlockHash, NodeId } from '../../../src-shared/domain/ids.ts';
import type { BlockVote } from '../codec/block-vote.ts';
import { isQuorum, isSkipQuorum, type Snapshot } from '../snapshot.ts';

/**
 * Different votes of one signer in one round and phase that are held. An honest one casts one; two are evidence; and a faulty one may sign
 * without end. Beyond this a vote is held only for what a third of the weight votes for already: that is for real, and the certificate
 * that it completes must convince here as it does elsewhere.
 */
export const maxVotesPerSigner = 4;

/** What adding a vote came to. `conflict`: held too, and the first contradiction of its signer in this round and phase. */
export type Added = { readonly kind: 'counted' } | { readonly kind: 'ignored' } | { readonly kind: 'conflict'; readonly first: BlockVote };

/** The votes of one round and phase, by weight. A signer's contradicting votes count for each value in its own quorum (protocol section 6), and once in "any". */
export class PhaseTally {
  readonly #snapshot: Snapshot;
  /** The first vote first. */
  readonly #bySigner = new Map<NodeId, BlockVote[]>();
  readonly #weights = new Map<BlockHash | undefined, number>();
  #signersWeight = 0;

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot;
  }

  /** `certified`: of a certificate, which a quorum signed, so that the limit does not apply. */
  add(vote: BlockVote, weight: number, certified: boolean): Added {
    const held = this.#bySigner.get(vote.nodeId);
    if (held === undefined) {
      this.#bySigner.set(vote.nodeId, [vote]);
      this.#signersWeight += weight;
    } else {
      if (held.some((one) => one.blockHash === vote.blockHash)) return { kind: 'ignored' };
      if (!certified && held.length >= maxVotesPerSigner && !isSkipQuorum(this.weightOf(vote.blockHash), this.#snapshot)) return { kind: 'ignored' };
      held.push(vote);
    }
    this.#weights.set(vote.blockHash, this.weightOf(vote.blockHash) + weight);
    const first = held?.[0];
    return first !== undefined && held?.length === 2 ? { kind: 'conflict', first } : { kind: 'counted' };
  }

  remove(signer: NodeId, weight: number): void {
    for (const vote of this.#bySigner.get(signer) ?? []) this.#weights.set(vote.blockHash, this.weightOf(vote.blockHash) - weight);
    if (this.#bySigner.delete(signer)) this.#signersWeight -= weight;
  }

  has(signer: NodeId): boolean {
    return this.#bySigner.has(signer);
  }
  weightOf(blockHash: BlockHash | undefined): number {
    return this.#weights.get(blockHash) ?? 0;
  }
  hasQuorumFor(blockHash: BlockHash | undefined): boolean {
    return isQuorum(this.weightOf(blockHash), this.#snapshot);
  }
  /** Within the model there is one at most. */
  blockWithQuorum(): BlockHash | undefined {
    for (const [blockHash, weight] of this.#weights) if (blockHash !== undefined && isQuorum(weight, this.#snapshot)) return blockHash;
    return undefined;
  }
  /** Of any values and nil. */
  hasQuorumOfAny(): boolean {
    return isQuorum(this.#signersWeight, this.#snapshot);
  }
  /** For display: in the order of the first vote for each. */
  weights(): readonly ValueWeight[] {
    return [...this.#weights].filter(([, weight]) => weight > 0).map(([blockHash, weight]) => ({ blockHash, weight, voters: this.#votersFor(blockHash) }));
  }
  #votersFor(blockHash: BlockHash | undefined): readonly NodeId[] {
    return [...this.#bySigner].filter(([, votes]) => votes.some((vote) => vote.blockHash === blockHash)).map(([signer]) => signer);
  }
  /** By signer in snapshot order. */
  votes(): readonly BlockVote[] {
    return this.#snapshot.members.flatMap((member) => this.#bySigner.get(member.nodeId) ?? []);
  }
}

export interface ValueWeight {
  /** Undefined is nil. */
  readonly blockHash: BlockHash | undefined;
  readonly weight: number;
  /** In the order of their votes. */
  readonly voters: readonly NodeId[];
}

/** One round's votes in both phases. */
export class RoundTally {
  readonly prevote: PhaseTally;
  readonly precommit: PhaseTally;
  /** Of all who voted in either phase. */
  #signersWeight = 0;

  constructor(snapshot: Snapshot) {
    this.prevote = new PhaseTally(snapshot);
    this.precommit = new PhaseTally(snapshot);
  }

  get signersWeight(): number {
    return this.#signersWeight;
  }

  add(vote: BlockVote, weight: number, certified: boolean): Added {
    if (!this.#has(vote.nodeId)) this.#signersWeight += weight;
    return this[vote.phase].add(vote, weight, certified);
  }

  remove(signer: NodeId, weight: number): void {
    if (this.#has(signer)) this.#signersWeight -= weight;
    this.prevote.remove(signer, weight);
    this.precommit.remove(signer, weight);
  }

  #has(signer: NodeId): boolean {
    return this.prevote.has(signer) || this.precommit.has(signer);
  }
}
