import type { BlockHash } from '../../../src-shared/domain/ids.ts';
import type { BlockProposal, BlockVote } from '../codec/block-vote.ts';
import type { ConnectionId } from '../net/connection-id.ts';

/** Proposals of one height, each with its block: one a round, while a height rarely takes more than a few rounds. */
const maxProposals = 32;
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
  /** Verified ones of this height, to answer who asks. */
  addProposal(proposal: BlockProposal): void {
    if (this.#proposals.length < maxProposals) this.#proposals.push(proposal);
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
