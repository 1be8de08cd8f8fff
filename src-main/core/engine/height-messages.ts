import type { BlockHash } from '../../../src-shared/domain/ids.ts';
import type { BlockProposal, BlockVote } from '../codec/block-vote.ts';
import { toHex } from '../crypto/hex.ts';
import type { ConnectionId } from '../net/connection-id.ts';

/** Proposals of one height, each with its block: one a round, while a height rarely takes more than a few rounds. */
const maxProposals = 32;
/** An honest proposer signs one; the second shows the others that this one is not. */
const maxProposalsPerRound = 2;
/** Messages of the next height that came before this one was decided. A proposal is up to 2 MB. */
const maxEarlyProposals = 8;
const maxEarlyVotes = 4_096;
/** They are not verified yet, so one peer does not get all the room. */
const maxEarlyProposalsPerPeer = 2;
const maxEarlyVotesPerPeer = 1_024;

interface Early {
  readonly proposals: { readonly connection: ConnectionId; readonly proposal: BlockProposal }[];
  readonly votes: { readonly connection: ConnectionId; readonly vote: BlockVote }[];
  readonly proposalsOf: Counts;
  readonly votesOf: Counts;
  /** Of the votes. */
  readonly copies: Set<string>;
}

/** Messages about the height being decided and the one after it that the driver does not hold: bounded, in order of arrival. */
export class HeightMessages {
  #proposals: BlockProposal[] = [];
  /** Who sent a copy of each, so has it. As many as those, and forgotten with them. */
  #senders = new Map<BlockProposal, Set<ConnectionId>>();
  #early = noneEarly();

  /** Forgets the height, and answers what came early for the next. */
  nextHeight(): Pick<Early, 'proposals' | 'votes'> {
    const early = this.#early;
    this.#proposals = [];
    this.#senders = new Map();
    this.#early = noneEarly();
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
    this.#keepOnly((one) => one !== earliest);
  }
  hasProposal(proposal: BlockProposal): boolean {
    return this.#same(proposal) !== undefined;
  }
  /** A copy of one that is held here. */
  cameFrom(proposal: BlockProposal, connection: ConnectionId): void {
    const held = this.#same(proposal);
    if (held === undefined) return;
    const senders = this.#senders.get(held) ?? new Set();
    this.#senders.set(held, senders.add(connection));
  }
  isFrom(held: BlockProposal, connection: ConnectionId): boolean {
    return this.#senders.get(held)?.has(connection) ?? false;
  }
  hasRoomIn(round: number): boolean {
    return this.#proposals.filter((one) => one.round === round).length < maxProposalsPerRound;
  }
  dropProposalsOf(blockHash: BlockHash): void {
    this.#keepOnly((one) => one.blockHash !== blockHash);
  }
  proposals(): readonly BlockProposal[] {
    return this.#proposals;
  }
  proposalsOf(blockHash: BlockHash): readonly BlockProposal[] {
    return this.#proposals.filter((proposal) => proposal.blockHash === blockHash);
  }
  /** Of the next height, not verified. False: there is no room, and it is not kept. */
  keepProposal(connection: ConnectionId, proposal: BlockProposal): boolean {
    if (this.#early.proposals.length >= maxEarlyProposals || !this.#early.proposalsOf.add(connection, maxEarlyProposalsPerPeer)) return false;
    this.#early.proposals.push({ connection, proposal });
    return true;
  }
  keepVote(connection: ConnectionId, vote: BlockVote): boolean {
    const copy = `${vote.round} ${vote.phase} ${vote.blockHash} ${vote.nodeId} ${toHex(vote.signature)}`;
    // Every peer relays it.
    if (this.#early.copies.has(copy)) return true;
    if (this.#early.votes.length >= maxEarlyVotes || !this.#early.votesOf.add(connection, maxEarlyVotesPerPeer)) return false;
    this.#early.copies.add(copy);
    this.#early.votes.push({ connection, vote });
    return true;
  }

  #same({ round, validRound, blockHash }: BlockProposal): BlockProposal | undefined {
    return this.#proposals.find((one) => one.round === round && one.validRound === validRound && one.blockHash === blockHash);
  }
  #keepOnly(isKept: (proposal: BlockProposal) => boolean): void {
    this.#proposals = this.#proposals.filter(isKept);
    for (const proposal of this.#senders.keys()) if (!isKept(proposal)) this.#senders.delete(proposal);
  }
}

class Counts {
  readonly #counts = new Map<ConnectionId, number>();

  /** False if it has had as many. */
  add(connection: ConnectionId, limit: number): boolean {
    const count = this.#counts.get(connection) ?? 0;
    if (count >= limit) return false;
    this.#counts.set(connection, count + 1);
    return true;
  }
}

const noneEarly = (): Early => ({ proposals: [], votes: [], proposalsOf: new Counts(), votesOf: new Counts(), copies: new Set() });
