import type { BlockHash } from '../../../src-shared/domain/ids.ts';
import type { BlockProposal, BlockVote } from '../codec/block-vote.ts';
import type { ConnectionId } from '../net/connection-id.ts';

/** Proposals of one height, each with its block: one a round, while a height rarely takes more than a few rounds. */
const maxProposals = 32;
/** An honest proposer signs one; the second shows the others that this one is not. */
const maxProposalsPerRound = 2;
/** Messages of the next height that came before this one was decided. A proposal is up to 2 MB. */
const maxEarlyProposals = 4;
const maxEarlyVotes = 4_096;

interface Early {
  readonly proposals: { readonly connection: ConnectionId; readonly proposal: BlockProposal }[];
  readonly votes: { readonly connection: ConnectionId; readonly vote: BlockVote }[];
}

/** Messages about the height being decided and the one after it that the driver does not hold: bounded, in order of arrival. */
export class HeightMessages {
  #proposals: BlockProposal[] = [];
  #early: Early = { proposals: [], votes: [] };

  /** Forgets the height, and answers what came early for the next. */
  nextHeight(): Early {
    const early = this.#early;
    this.#proposals = [];
    this.#early = { proposals: [], votes: [] };
    return early;
  }
  /** Verified ones of this height, to answer who asks. Where there are too many, one of the earliest round goes, of a block that is not needed if there is one. */
  addProposal(proposal: BlockProposal, isNeeded: (blockHash: BlockHash) => boolean): void {
    if (this.hasProposal(proposal)) return;
    this.#proposals.push(proposal);
    if (this.#proposals.length <= maxProposals) return;
    const notNeeded = this.#proposals.filter(({ blockHash }) => !isNeeded(blockHash));
    const [first, ...others] = notNeeded.length > 0 ? notNeeded : this.#proposals;
    const earliest = others.reduce((least, one) => (least === undefined || one.round < least.round ? one : least), first);
    this.#proposals = this.#proposals.filter((one) => one !== earliest);
  }
  hasProposal({ round, validRound, blockHash }: BlockProposal): boolean {
    return this.#proposals.some((one) => one.round === round && one.validRound === validRound && one.blockHash === blockHash);
  }
  hasRoomIn(round: number): boolean {
    return this.#proposals.filter((one) => one.round === round).length < maxProposalsPerRound;
  }
  dropProposalsOf(blockHash: BlockHash): void {
    this.#proposals = this.#proposals.filter((one) => one.blockHash !== blockHash);
  }
  proposals(): readonly BlockProposal[] {
    return this.#proposals;
  }
  proposalsOf(blockHash: BlockHash): readonly BlockProposal[] {
    return this.#proposals.filter((proposal) => proposal.blockHash === blockHash);
  }
  keepProposal(connection: ConnectionId, proposal: BlockProposal): void {
    if (this.#early.proposals.length < maxEarlyProposals) this.#early.proposals.push({ connection, proposal });
  }
  keepVote(connection: ConnectionId, vote: BlockVote): void {
    if (this.#early.votes.length < maxEarlyVotes) this.#early.votes.push({ connection, vote });
  }
}
