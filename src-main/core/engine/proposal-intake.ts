import type { BlockHash, NodeId } from '../../../src-shared/domain/ids.ts';
import type { HashedBlock } from '../codec/block.ts';
import { type BlockProposal, blockProposalMessage } from '../codec/block-vote.ts';
import { maxProposalRoundsAhead } from '../consensus/driver.ts';
import { fromHex } from '../crypto/hex.ts';
import { hasBodyOfHeader } from '../ledger/check-block.ts';
import type { ConnectionId } from '../net/connection-id.ts';
import { decodeInSlices } from './block-decoder.ts';
import type { EngineContext } from './context.ts';
import type { HeightMessages } from './height-messages.ts';

interface Parts {
  readonly messages: HeightMessages;
  /** The height being decided. */
  readonly height: () => number;
  readonly round: () => number;
  readonly proposerAt: (height: number, round: number) => NodeId;
  readonly needs: (blockHash: BlockHash) => boolean;
  readonly isHere: (blockHash: BlockHash) => boolean;
  /** Verified, of the height being decided, and its block whole. */
  readonly taken: (proposal: BlockProposal, block: HashedBlock) => void;
}

/** Proposals from peers: looked at as cheaply as possible first, relayed once, and no more of a proposer than it may sign. */
export class ProposalIntake {
  readonly #context: EngineContext;
  readonly #parts: Parts;

  constructor(context: EngineContext, parts: Parts) {
    this.#context = context;
    this.#parts = parts;
  }

  received(connection: ConnectionId, proposal: BlockProposal): void {
    const { messages, proposerAt, needs } = this.#parts;
    const height = this.#parts.height();
    const { intake, nowMs, listening, options } = this.#context;
    if (proposal.nodeId === options.self) listening.proposal(connection, proposal);
    if (proposal.height !== height && proposal.height !== height + 1) return intake.useless(connection, 1);
    // The next height may be of another epoch, whose proposers are not known yet.
    const mayBeAnybodys = proposal.height === height + 1 && this.#context.registry.isComplete;
    if (!mayBeAnybodys && proposal.nodeId !== proposerAt(proposal.height, proposal.round)) return intake.useless(connection, 1);
    if (proposal.height !== height) return intake.useless(connection, messages.keepProposal(connection, proposal) ? 0 : 1);
    messages.cameFrom(proposal, connection);
    if (!this.#isOfUse(proposal)) return intake.useless(connection, 1);
    // What a quorum voted for is needed, whatever else its proposer signed.
    if (!intake.blockVotes.isOpen(proposal.nodeId, nowMs) && !needs(proposal.blockHash)) return;
    const message = blockProposalMessage(this.#context.genesis.hash, proposal);
    this.#context.verify([{ publicKey: fromHex(proposal.nodeId), message, signature: proposal.signature }], true, ([valid]) => {
      if (valid !== true) return this.#context.violation(connection, { code: 'bad-signature', detail: `proposal of ${proposal.nodeId}` });
      // Another copy may have been quicker. Nothing is remembered before it is known to be good: the signature does not cover the block's bytes.
      if (!this.#isOfUse(proposal)) return;
      decodeInSlices(this.#context, proposal.block, (block) => this.#decoded(connection, proposal, block));
    });
  }

  #decoded(connection: ConnectionId, proposal: BlockProposal, block: HashedBlock | undefined): void {
    const { messages, taken } = this.#parts;
    // Before it is known by its hash, and before it is relayed: a body that is not the header's would have the proposer's own block taken for invalid.
    if (block?.hash !== proposal.blockHash || !hasBodyOfHeader(block))
      return this.#context.violation(connection, { code: 'malformed', detail: `proposed block ${proposal.blockHash}` });
    // Another copy may have been quicker.
    if (!this.#isOfUse(proposal)) return messages.cameFrom(proposal, connection);
    const { intake, nowMs } = this.#context;
    intake.blockVotes.take(proposal.nodeId, nowMs);
    intake.fresh(1);
    this.#context.relay.proposal(proposal, connection);
    taken(proposal, block);
    messages.cameFrom(proposal, connection);
  }

  /**
   * Of this height, not here already, and of the rounds to come, few of each: a faulty proposer signs as many as it likes. Of a block that a quorum voted
   * for any proposal will do, as long as the block is not here.
   */
  #isOfUse(proposal: BlockProposal): boolean {
    const { messages, needs, isHere } = this.#parts;
    if (proposal.height !== this.#parts.height() || messages.hasProposal(proposal)) return false;
    const round = this.#parts.round();
    if (proposal.round >= round && proposal.round <= round + maxProposalRoundsAhead && messages.hasRoomIn(proposal.round)) return true;
    return !isHere(proposal.blockHash) && needs(proposal.blockHash);
  }
}
