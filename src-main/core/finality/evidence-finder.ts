import type { Contradiction } from '../../../src-shared/domain/contradiction.ts';
import type { NodeId } from '../../../src-shared/domain/ids.ts';
import type { HashedVoteBundle } from '../codec/vote-bundle.ts';
import { invariant } from '../invariant.ts';
import type { Member } from '../snapshot.ts';
import { acceptBit, type Ballot, commitBit } from './ballot.ts';
import type { KeptBundle } from './bundle-shelf.ts';

/** Two votes of one member that no honest guard could sign (protocol section 6). They still count. */
export interface Evidence {
  readonly kind: 'evidence';
  readonly nodeId: NodeId;
  readonly contradiction: Contradiction;
  /** The same bundle twice if both votes are in one. */
  readonly bundles: readonly [HashedVoteBundle, HashedVoteBundle];
}

/** A few proofs convince as well as a thousand, and each is stored for good. */
export const maxEvidencePerMember = 16;

const phases = [
  { bit: acceptBit, choice: 'accept' },
  { bit: commitBit, choice: 'commit' },
] as const;
type Phase = (typeof phases)[number];

/**
 * Finds accepts, or commits, of one member for two transfers that conflict.
 *
 * An honest member that has decided a block which makes X inapplicable is free again to vote for a rival Y that shares only another coin
 * with X, and its vote may overtake that block on the way here. So such a pair proves nothing until it is sure that no block came between
 * the two votes. It is sure if X and Y spend exactly the same coins, since no block then ends one and leaves the other, and if one decided
 * block ended both while both votes were held: before it both bound, after it neither could be voted for. Everything else stays unsaid:
 * a member is accused of nothing that an honest one could have done. Rejects prove nothing, they bind nobody.
 */
export class EvidenceFinder {
  readonly #members: readonly Member[];
  readonly #bundlesOf: (ballot: Ballot) => readonly KeptBundle[];
  readonly #found: Uint8Array;

  constructor(members: readonly Member[], bundlesOf: (ballot: Ballot) => readonly KeptBundle[]) {
    this.#members = members;
    this.#bundlesOf = bundlesOf;
    this.#found = new Uint8Array(members.length);
  }

  /** The member's new vote, against its votes for rivals that spend the same coins. */
  afterVote(ballot: Ballot, member: number, bit: number): Evidence[] {
    const phase = phases.find((one) => one.bit === bit);
    const rival = phase && ballot.conflicts.find(({ other, sameCoins }) => sameCoins && (other.bitsOf(member) & bit) !== 0);
    return phase && rival ? this.#report(phase, member, rival.other, ballot) : [];
  }

  /** A transaction became known whose votes came before it. */
  afterInputs(ballot: Ballot): Evidence[] {
    const found: Evidence[] = [];
    for (const member of this.#members.keys())
      for (const { bit } of phases) if ((ballot.bitsOf(member) & bit) !== 0) found.push(...this.afterVote(ballot, member, bit));
    return found;
  }

  /** Transactions that one decided block settled or made inapplicable: rivals among them that share only some coins. Each pair once. */
  atBlock(ended: ReadonlySet<Ballot>): Evidence[] {
    const found: Evidence[] = [];
    const seen = new Set<Ballot>();
    for (const ballot of ended) {
      seen.add(ballot);
      for (const { other, sameCoins } of ballot.conflicts) {
        if (sameCoins || !ended.has(other) || seen.has(other)) continue;
        for (const member of this.#members.keys()) {
          const both = ballot.bitsOf(member) & other.bitsOf(member);
          for (const phase of phases) if ((both & phase.bit) !== 0) found.push(...this.#report(phase, member, ballot, other));
        }
      }
    }
    return found;
  }

  #report(phase: Phase, member: number, one: Ballot, two: Ballot): Evidence[] {
    const nodeId = this.#members[member]?.nodeId;
    const count = this.#found[member];
    invariant(nodeId !== undefined && count !== undefined, 'evidence is about a member');
    if (count >= maxEvidencePerMember) return [];
    this.#found[member] = count + 1;
    const contradiction = { kind: 'transaction-votes', choice: phase.choice, txids: [one.txid, two.txid] } as const;
    return [{ kind: 'evidence', nodeId, contradiction, bundles: [this.#holderOf(phase, member, one), this.#holderOf(phase, member, two)] }];
  }

  #holderOf(phase: Phase, member: number, ballot: Ballot): KeptBundle {
    const holder = this.#bundlesOf(ballot).find(
      (kept) => kept.member === member && kept.bundle.votes.some((vote) => vote.txid === ballot.txid && vote.choice === phase.choice),
    );
    invariant(holder !== undefined, 'every vote that counts is in a kept bundle');
    return holder;
  }
}
