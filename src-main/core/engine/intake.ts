import type { NetLimits } from '../../../src-shared/domain/net-limits.ts';
import type { Message } from '../codec/message.ts';
import type { EngineEvent } from '../events.ts';
import type { ConnectionId } from '../net/connection-id.ts';
import type { Peer } from '../net/peer-connection.ts';
import { type Admission, type DroppedMessages, RateLimits, SignerLimit } from '../net/rate-limits.ts';
import type { Rejection } from '../rejection.ts';

/** What it needs of the engine's context, which holds it. */
interface IntakeContext {
  readonly options: { readonly limits: NetLimits };
  readonly peers: { peer(connection: ConnectionId): Peer | undefined };
  readonly nowMs: number;
  send(to: readonly ConnectionId[], message: Message): void;
  publish(event: EngineEvent): void;
  violation(connection: ConnectionId, rejection: Rejection): void;
}

/** What limits let in, and what they answer (protocol section 10): between the peers' bytes and the parts that handle them. */
export class Intake {
  readonly #context: IntakeContext;
  readonly #rates: RateLimits;
  /** Vote bundles of a member. */
  readonly bundles: SignerLimit;
  /** Block votes and proposals of a member. */
  readonly blockVotes: SignerLimit;
  /** Of the height being decided, known here: what every peer repeats while it stalls. */
  heightVotes = 0;

  constructor(context: IntakeContext) {
    const { limits } = context.options;
    this.#context = context;
    this.#rates = new RateLimits(limits);
    this.bundles = new SignerLimit(limits.bundlesPerSignerPerSecond);
    this.blockVotes = new SignerLimit(limits.blockVotesPerSignerPerSecond);
  }

  peerReady({ connection, nodeId, remoteHost }: Peer): void {
    this.#rates.connected(connection, nodeId, remoteHost, this.#context.nowMs);
  }
  peerGone({ connection }: Peer): void {
    this.#rates.gone(connection);
  }

  /** False: it is not looked at. */
  admits(connection: ConnectionId, bytes: Uint8Array): boolean {
    return this.#isTaken(connection, this.#rates.admit(connection, bytes, this.heightVotes, this.#context.nowMs));
  }
  /** Votes or proposals that were new. Others may bring them too. */
  fresh(count: number): void {
    this.#rates.fresh(count);
  }
  /** Votes or proposals that were known already, or mean nothing here. */
  useless(connection: ConnectionId, count: number): void {
    if (this.#rates.useless(connection, count, this.#context.nowMs)) this.#isTaken(connection, { kind: 'flood', limit: 'rate_useless' });
  }

  /** Sends what the peer asked for, and charges it with that. */
  answer(connection: ConnectionId, message: Message): void {
    this.#rates.served(connection, bytesOf(message), this.#context.nowMs);
    this.#context.send([connection], message);
  }
  /** Whatever leaves: what it asks for is welcome when it comes. */
  sent(to: readonly ConnectionId[], message: Message): void {
    this.#rates.sent(to, message);
  }

  dropped(connection: ConnectionId): readonly DroppedMessages[] {
    return this.#rates.dropped(connection);
  }

  #isTaken(connection: ConnectionId, admission: Admission): boolean {
    if (admission.kind === 'taken') return true;
    const { limit } = admission;
    if (admission.kind === 'flood') this.#context.violation(connection, { code: 'flood', detail: `far more than ${limit} for ten seconds` });
    else if (admission.untold !== undefined) this.#tell(connection, limit, admission.untold);
    return false;
  }
  #tell(connection: ConnectionId, limit: string, dropped: number): void {
    const nodeId = this.#context.peers.peer(connection)?.nodeId;
    if (nodeId !== undefined) this.#context.publish({ kind: 'rate-limited', connection, nodeId, limit, dropped });
  }
}

const total = (list: readonly Uint8Array[]): number => list.reduce((sum, { length }) => sum + length, 0);
const bytesPerVote = 140;
const bytesPerCoinState = 100;
const bytesOfSmall = 100;
/** A vote and a proposal beside the bundle. */
const bytesPerReport = 300;
const bytesPerBundleVote = 34;

/** About what it takes on the wire: it is encoded later, once for all who get it. */
function bytesOf(message: Message): number {
  switch (message.type) {
    case 'Blocks':
      return total(message.body.blocks);
    case 'BlockProposal':
      return message.body.block.length;
    case 'BlockVotes':
      return message.body.votes.length * bytesPerVote;
    case 'TransactionBroadcast':
      return total(message.body.transactions);
    case 'PendingTransactions':
      return total(message.body.transactions) + total(message.body.bundles);
    case 'ListeningReport':
      return bytesPerReport + (message.body.bundle?.votes.length ?? 0) * bytesPerBundleVote;
    case 'UtxoStates':
      return message.body.states.length * bytesPerCoinState;
    default:
      return bytesOfSmall;
  }
}
