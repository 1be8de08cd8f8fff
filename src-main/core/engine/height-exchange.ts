import type { BlockHash, NodeId } from '../../../src-shared/domain/ids.ts';
import type { BlockProposal, BlockVote } from '../codec/block-vote.ts';
import type { ConnectionId } from '../net/connection-id.ts';
import type { Peer } from '../net/peer-connection.ts';
import type { EngineContext } from './context.ts';
import type { HeightMessages } from './height-messages.ts';

/** Some 140 kB: a height that takes long in a large network has more votes than one message may hold. */
const votesPerMessage = 1_000;
/** Asked and told at a time, while there are more: all of them have had their turn after a few times. */
const peersAtOnce = 8;
/** A request for what was sent a moment ago is left unanswered: what a line held back comes several times at once. */
const answerEveryMs = 1_000;
/** A proposal is up to 2 MB: who has been sent one is sent it again only if it asks for it after this, then after twice as long, and so on. */
const firstResendMs = 3_000;

interface Sent {
  readonly nextMs: number;
  readonly waitMs: number;
}
/** What one connection was sent of a height. At most as many proposals as `HeightMessages` holds, forgotten with the height. */
interface Told {
  votesMs: number;
  readonly proposals: Map<string, Sent>;
}

interface Parts {
  readonly messages: HeightMessages;
  readonly height: () => number;
  readonly round: () => number;
  readonly votes: () => readonly BlockVote[];
  readonly needs: (blockHash: BlockHash) => boolean;
}

/** What is known of the height being decided, told to who asks, and told and asked again while the height stalls. */
export class HeightExchange {
  readonly #context: EngineContext;
  readonly #parts: Parts;
  readonly #told = new Map<ConnectionId, Told>();
  /** The last that had its turn. */
  #turn: ConnectionId | undefined;

  constructor(context: EngineContext, parts: Parts) {
    this.#context = context;
    this.#parts = parts;
  }

  newHeight(): void {
    this.#told.clear();
  }
  peerGone(connection: ConnectionId): void {
    this.#told.delete(connection);
  }

  /** To `GetBlockVotes`. */
  answer(connection: ConnectionId): void {
    const { nowMs, peers } = this.#context;
    const peer = peers.peer(connection);
    if (peer === undefined) return;
    if (Math.abs(nowMs - this.#toldOf(connection).votesMs) >= answerEveryMs) this.#tell(peer);
  }

  /** To a peer that listens: the latest that its key is known to have signed, as far as it may still bind. */
  report({ connection, nodeId }: Peer): void {
    const { tally, intake } = this.#context;
    const vote = this.#parts.votes().findLast((one) => one.nodeId === nodeId) ?? this.#lastPrecommitOf(nodeId);
    const proposal = this.#parts.messages
      .proposals()
      .filter((one) => one.nodeId === nodeId)
      .toSorted((a, b) => a.round - b.round)
      .at(-1);
    const bundle = tally.bundleOf(nodeId);
    if (vote ?? proposal ?? bundle) intake.answer(connection, { type: 'ListeningReport', body: { vote, proposal, bundle } });
  }

  /** The height stalls: some peers are told what is known here, and asked what they know; next time the next ones. */
  repeat(): void {
    for (const peer of this.#nextPeers()) {
      this.#tell(peer);
      this.#ask(peer);
    }
  }
  /** Something is missing here that most others have. */
  ask(): void {
    for (const peer of this.#nextPeers()) this.#ask(peer);
  }

  #ask({ connection }: Peer): void {
    this.#context.send([connection], { type: 'GetBlockVotes', body: { height: this.#parts.height() } });
  }

  /** Of the block before: who signed it has come at least so far. */
  #lastPrecommitOf(nodeId: NodeId): BlockVote | undefined {
    const { chain, tip } = this.#context;
    const certificate = chain.block(tip.height)?.certificate;
    const precommit = certificate?.precommits.find((one) => one.nodeId === nodeId);
    if (certificate === undefined || precommit === undefined) return undefined;
    const { height, round, blockHash } = certificate;
    return { height, round, phase: 'precommit', blockHash, ...precommit };
  }

  /** Votes first, which are small; then blocks, without those of rounds that are over and that nobody needs, and those that the peer has. */
  #tell({ connection, nodeId }: Peer): void {
    const { intake, nowMs } = this.#context;
    const told = this.#toldOf(connection);
    told.votesMs = nowMs;
    const votes = this.#parts.votes();
    for (let from = 0; from < votes.length; from += votesPerMessage)
      intake.answer(connection, { type: 'BlockVotes', body: { votes: votes.slice(from, from + votesPerMessage) } });
    for (const proposal of this.#parts.messages.proposals()) {
      const isOver = proposal.round < this.#parts.round() && !this.#parts.needs(proposal.blockHash);
      const hasIt = this.#parts.messages.isFrom(proposal, connection) || votes.some((vote) => vote.nodeId === nodeId && vote.blockHash === proposal.blockHash);
      if (isOver || hasIt || !this.#maySend(told, proposal)) continue;
      intake.answer(connection, { type: 'BlockProposal', body: proposal });
    }
  }

  #maySend(told: Told, proposal: BlockProposal): boolean {
    const { nowMs } = this.#context;
    const key = `${proposal.round} ${proposal.validRound} ${proposal.blockHash}`;
    const sent = told.proposals.get(key);
    // Further off than it ever was: the clock was set back since.
    if (sent !== undefined && nowMs < sent.nextMs && sent.nextMs <= nowMs + sent.waitMs) return false;
    const waitMs = sent === undefined ? firstResendMs : 2 * sent.waitMs;
    told.proposals.set(key, { nextMs: nowMs + waitMs, waitMs });
    return true;
  }

  /** In the order of their connections, and round again. */
  #nextPeers(): readonly Peer[] {
    const ready = this.#context.peers.ready();
    const turn = this.#turn;
    const first = turn === undefined ? 0 : ready.findIndex(({ connection }) => connection > turn);
    const inTurn = first < 1 ? ready : [...ready.slice(first), ...ready.slice(0, first)];
    const next = inTurn.slice(0, peersAtOnce);
    this.#turn = next.at(-1)?.connection;
    return next;
  }

  #toldOf(connection: ConnectionId): Told {
    let told = this.#told.get(connection);
    if (told === undefined) {
      told = { votesMs: Number.NEGATIVE_INFINITY, proposals: new Map() };
      this.#told.set(connection, told);
    }
    return told;
  }
}
