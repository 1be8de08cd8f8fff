import { type MessageType, messageTypeOf } from '../core/codec/message.ts';
import type { Input } from '../core/inputs.ts';
import type { ConnectionId } from '../core/net/connection-id.ts';

/** Whose inputs they are: a connection's, or the person's at this node. */
export type LaneId = ConnectionId | 'person';

export interface LaneLimits {
  readonly maxLaneInputs: number;
  readonly maxLaneBytes: number;
  readonly maxQueuedBytes: number;
}

export const defaultLaneLimits: LaneLimits = {
  /** Tens of milliseconds of work, so that reading goes on while the loop is busy, and what a pause still lets in is small. */
  maxLaneInputs: 256,
  /** A quarter of a block; a single message may be larger. */
  maxLaneBytes: 512 * 1024,
  /** Of all connections together: what a home computer can spare when all of them send large messages at once. */
  maxQueuedBytes: 64 * 1024 * 1024,
};

/**
 * Which messages go before what else a connection sent. Blocks are decided within timeouts, and a vote on one that waits behind a thousand transactions
 * comes after them, round after round. All of the session that comes before other messages is among them, so that nothing overtakes a handshake.
 */
const isPrompt: Record<MessageType, boolean> = {
  Hello: true,
  HelloAck: true,
  Ping: true,
  Pong: true,
  /** What was sent before it still counts. */
  Disconnect: false,
  GetPeers: false,
  Peers: false,
  DialBackRequest: false,
  DialBackResult: false,
  GetBlockHeight: true,
  BlockHeight: true,
  BlockAnnouncement: true,
  GetBlocks: false,
  Blocks: false,
  BlockProposal: true,
  BlockVote: true,
  GetBlockVotes: true,
  BlockVotes: true,
  /** Before it votes, which is prompt too. */
  Listening: true,
  ListeningReport: true,
  TransactionBroadcast: false,
  TransactionAnnouncement: false,
  GetTransactions: false,
  GetPendingTransactions: false,
  PendingTransactions: false,
  TransactionVotes: false,
  Heartbeat: false,
  UtxoStateQuery: false,
  UtxoStates: false,
  Subscribe: false,
  Unsubscribe: false,
  UtxoStateNotification: false,
};
type Urgency = 'prompt' | 'ordinary';

/** Then one that is not prompt is taken: nobody's payments wait for a peer that floods with votes. */
const maxPromptInARow = 16;

function urgencyOf(input: Input): Urgency {
  if (input.kind === 'connected') return 'prompt';
  const type = input.kind === 'message' ? messageTypeOf(input.bytes) : undefined;
  return type !== undefined && isPrompt[type] ? 'prompt' : 'ordinary';
}

/** Nothing of a connection goes before these of it: to core a message of a connection whose handshake is not over is a violation. */
const opens = (input: Input): boolean => {
  if (input.kind === 'connected') return true;
  const type = input.kind === 'message' ? messageTypeOf(input.bytes) : undefined;
  return type === 'Hello' || type === 'HelloAck';
};

type Queue = { readonly input: Input; readonly bytes: number }[];
interface Lane extends Readonly<Record<Urgency, Queue>> {
  readonly id: LaneId;
  bytes: number;
  /** Inputs among them that open the connection. */
  opening: number;
}
const countOf = (lane: Lane): number => lane.prompt.length + lane.ordinary.length;

/**
 * Inputs that wait for the loop, one queue for each connection. They are taken in turn, so a connection that floods waits for itself alone, and it is
 * paused until half of what it piled up is worked off. What blocks wait for is taken first, from each connection in turn as well. Bounded by the limits
 * and what the transport had read at the time of the pause.
 */
export class InputLanes {
  readonly #limits: LaneLimits;
  readonly #gate: { pause(id: ConnectionId): void; resume(id: ConnectionId): void };
  readonly #lanes = new Map<LaneId, Lane>();
  /** The lanes with such inputs, in the order of their turns. */
  readonly #turns: Readonly<Record<Urgency, Lane[]>> = { prompt: [], ordinary: [] };
  #promptInARow = 0;
  readonly #paused = new Set<ConnectionId>();
  #queuedBytes = 0;

  constructor(gate: { pause(id: ConnectionId): void; resume(id: ConnectionId): void }, limits: LaneLimits = defaultLaneLimits) {
    this.#gate = gate;
    this.#limits = limits;
  }

  get isEmpty(): boolean {
    return this.#lanes.size === 0;
  }

  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  push(id: LaneId, input: Input): void {
    let lane = this.#lanes.get(id);
    if (lane === undefined) {
      lane = { id, prompt: [], ordinary: [], bytes: 0, opening: 0 };
      this.#lanes.set(id, lane);
    }
    const bytes = input.kind === 'message' ? input.bytes.length : 0;
    const urgency = urgencyOf(input);
    if (lane[urgency].length === 0) this.#turns[urgency].push(lane);
    lane[urgency].push({ input, bytes });
    lane.bytes += bytes;
    if (opens(input)) lane.opening++;
    this.#queuedBytes += bytes;
    if (id === 'person') return;
    if (input.kind === 'closed') this.#paused.delete(id);
    else if (!this.#paused.has(id) && this.#isOver(lane)) {
      this.#paused.add(id);
      this.#gate.pause(id);
    }
  }

  /** The oldest such input of the lane whose turn it is. */
  take(): Input | undefined {
    const turn = this.#nextTurn();
    if (turn === undefined) return undefined;
    const { urgency, lane } = turn;
    const next = lane[urgency].shift();
    if (next === undefined) return undefined;
    const wasFull = this.#isFull();
    lane.bytes -= next.bytes;
    if (opens(next.input)) lane.opening--;
    this.#queuedBytes -= next.bytes;
    if (lane[urgency].length > 0) this.#turns[urgency].push(lane);
    if (countOf(lane) === 0) this.#lanes.delete(lane.id);
    if (wasFull) for (const id of this.#paused) this.#resumeIfLow(id);
    else if (lane.id !== 'person') this.#resumeIfLow(lane.id);
    return next.input;
  }

  /** Whose turn it is, who then is at the end of the line; and which of its inputs. */
  #nextTurn(): { readonly urgency: Urgency; readonly lane: Lane } | undefined {
    const { prompt, ordinary } = this.#turns;
    const at = this.#promptInARow < maxPromptInARow && prompt.length > 0 ? -1 : ordinary.findIndex(({ opening }) => opening === 0);
    const urgency = at < 0 ? 'prompt' : 'ordinary';
    const [lane] = at < 0 ? prompt.splice(0, 1) : ordinary.splice(at, 1);
    this.#promptInARow = at < 0 ? this.#promptInARow + 1 : 0;
    return lane && { urgency, lane };
  }

  #isFull(): boolean {
    return this.#queuedBytes > this.#limits.maxQueuedBytes;
  }

  #isOver(lane: Lane): boolean {
    return countOf(lane) > this.#limits.maxLaneInputs || lane.bytes > this.#limits.maxLaneBytes || this.#isFull();
  }

  #resumeIfLow(id: ConnectionId): void {
    if (!this.#paused.has(id) || this.#isFull()) return;
    const lane = this.#lanes.get(id);
    if (lane !== undefined && (countOf(lane) > this.#limits.maxLaneInputs / 2 || lane.bytes > this.#limits.maxLaneBytes / 2)) return;
    this.#paused.delete(id);
    this.#gate.resume(id);
  }
}
