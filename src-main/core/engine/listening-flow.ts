import { type NodeId, type OutpointKey, outpointOf, type Txid } from '../../../src-shared/domain/ids.ts';
import { decodeBlockParts } from '../codec/block.ts';
import { type BlockVote, blockProposalMessage, blockVoteMessage, type ProposalClaim } from '../codec/block-vote.ts';
import { type Listening, type ListeningAnswer, listeningMessage, signListening } from '../codec/listening.ts';
import type { Message, MessageBodies } from '../codec/message.ts';
import type { HashedTransaction } from '../codec/transaction.ts';
import { type TransactionVote, type VoteBundle, voteBundleMessage } from '../codec/vote-bundle.ts';
import { isBeyond, OwnKeyWatch, type SignedThrough, type SigningState } from '../consensus/own-key-watch.ts';
import type { SignGuard } from '../consensus/sign-guard.ts';
import { fromHex } from '../crypto/hex.ts';
import type { Effect, SignatureItem } from '../effects.ts';
import type { EngineEvent } from '../events.ts';
import type { Genesis } from '../genesis.ts';
import type { Registry } from '../masternodes/registry.ts';
import type { ConnectionId } from '../net/connection-id.ts';
import type { Peer } from '../net/peer-connection.ts';
import { SignerLimit } from '../net/rate-limits.ts';
import { SeenCache } from '../net/seen-cache.ts';
import type { Params } from '../params.ts';
import type { ChainSource, Signer } from '../ports.ts';
import type { Rejection } from '../rejection.ts';
import { isQuorum, type Snapshot } from '../snapshot.ts';

/** Of one member: a start asks once, and each other process answers once. Ten at once, then one a second. */
const perSignerPerSecond = 1;
/** A restart of a large network at once, each member asking twice. */
const maxSeen = 4_096;
/** Own votes whose transactions are not here. Only this node's key can sign more of them; the oldest are forgotten. */
const maxUnjudged = 10_000;
/**
 * Proofs of one peer under way at once. One is enough, and an honest peer's are all good: those of a height's rounds, and of what it reports. A message may bring
 * fifteen thousand, and a bad one is the end of its connection.
 */
const maxProofsAtOnce = 8;
/** By then a peer has found that a connection of this process is gone: it pings every half minute, and does not wait for more than three pongs. */
const formerConnectionMs = 60_000;

/** What it needs of the engine's context, which holds it. */
interface ListeningContext {
  readonly options: { readonly self: NodeId; readonly masternode: boolean; readonly nonce: bigint; readonly signer: Signer; readonly params: Params };
  readonly genesis: Genesis;
  readonly registry: Pick<Registry, 'isCollateral' | 'progress'>;
  readonly snapshot: Snapshot;
  readonly epoch: number;
  readonly tip: { readonly height: number; readonly timeMs: number };
  readonly nowMs: number;
  readonly guard: SignGuard;
  readonly chain: ChainSource;
  readonly mempool: { get(txid: Txid): { readonly hashed: HashedTransaction } | undefined };
  readonly orphans: { get(txid: Txid): HashedTransaction | undefined };
  readonly peers: { ready(): readonly Peer[] };
  emit(effect: Effect): void;
  publish(event: EngineEvent): void;
  send(to: readonly ConnectionId[], message: Message): void;
  broadcast(message: Message, except?: ConnectionId): void;
  verify(items: readonly SignatureItem[], urgent: boolean, then: (valid: readonly boolean[]) => void): void;
  violation(connection: ConnectionId, rejection: Rejection): void;
}

/**
 * Listening before signing (protocol section 7). Whatever is signed with this node's key and was not signed by this process or those whose records
 * it has shows that another process runs, or that the records are an old copy.
 *
 * What honest peers play back silences nobody wrongly: the guard's records are durable before a vote leaves, and they are kept until its height is
 * decided, its epoch over, its transaction in a block or one of its coins spent or registered as collateral. So a vote that is none of these and not in the guard was signed
 * elsewhere. Reports are the signed votes themselves, so nobody can make one up.
 *
 * Nothing of it is stored. Who starts again listens again, and what still binds is found again: votes on the height being decided with the peers,
 * votes on transactions with them and among the bundles that this node has stored since. What nobody holds any more is settled and binds nothing.
 */
export class ListeningFlow {
  readonly #context: ListeningContext;
  readonly #watch: OwnKeyWatch;
  readonly #seen = new SeenCache<string>(maxSeen);
  readonly #signers = new SignerLimit(perSignerPerSecond);
  readonly #unjudged = new Set<Txid>();
  /** Proofs under way; no more than there are connections. */
  readonly #proving = new Map<ConnectionId, number>();
  #wasMember = false;
  /** Since when peers refuse this node for having its key's connection already, while it has no peer. */
  #refusedSinceMs: number | undefined;
  #hasLostPlace = false;
  /** Set by the engine: from now on this node may sign. */
  onMaySign: () => void = () => undefined;

  constructor(context: ListeningContext) {
    const { masternode, nonce, params } = context.options;
    this.#context = context;
    this.#watch = new OwnKeyWatch({ masternode, nonce, listenMs: params.listenMs });
  }

  get state(): SigningState {
    return this.#watch.state;
  }
  get maySign(): boolean {
    return this.#watch.maySign;
  }
  get isListening(): boolean {
    return this.#watch.isListening;
  }

  /** Before the start: records of what was signed before are lost, or stand where the chain does not reach any more. */
  recordsLost(through: SignedThrough): void {
    const { epoch, registry, chain, genesis } = this.#context;
    const { startHeight } = registry.progress;
    const closing = startHeight > 1 ? chain.block(startHeight - 1) : undefined;
    const closedMs = closing === undefined ? genesis.time : decodeBlockParts(closing.encoded).header.time;
    if (!isBeyond({ epoch, startHeight, closedMs }, through)) this.#signedBeyond(through, 'what a damaged database held');
  }

  start(): void {
    this.#wasMember = this.#isMember;
    // The bundles that were stored may have shown it already.
    if (this.#watch.state.kind === 'restored-old-copy') this.#ask();
    else if (this.isListening) this.#listen();
  }

  /** Whoever answers is connected with this key already, though not with this process: another one has its peers, and keeps them as long as it runs. */
  get hasLostPlace(): boolean {
    return this.#hasLostPlace;
  }

  peerReady({ connection }: Peer): void {
    this.#refusedSinceMs = undefined;
    this.#hasLostPlace = false;
    if (!this.isListening && this.#watch.state.kind !== 'restored-old-copy') return;
    this.#context.send([connection], this.#signed(undefined));
    this.#hasCompany();
  }

  /**
   * A peer says that it has a connection with this key already. While this node has none with anybody, that is a former one of its own for a while, and then another
   * process's. That one has listened and heard nothing of this one, which was cut off, and may sign: so this one listens again, as after a start, once it is back.
   * It is what peers say and no proof, so it costs nothing where one is connected.
   */
  refusedAsDuplicate(): void {
    const { nowMs, peers } = this.#context;
    if (peers.ready().length > 0) return;
    this.#refusedSinceMs = Math.min(this.#refusedSinceMs ?? nowMs, nowMs);
    if (nowMs - this.#refusedSinceMs < formerConnectionMs) return;
    this.#hasLostPlace = true;
    if (this.maySign && !this.#needsNobody) this.#listen();
  }

  timer(): void {
    this.#watch.due(this.#context.nowMs, this.#needsNobody || this.#context.peers.ready().length > 0);
    if (this.#watch.maySign) this.#maySign();
    else this.#setTimer();
  }

  /** The snapshot is another one. Who was not in the one before has not been heard by anybody: others pass on what members say. */
  epochBegan(): void {
    const { epoch, tip } = this.#context;
    const beginning = { epoch, startHeight: tip.height + 1, closedMs: tip.timeMs };
    const isNew = this.#isMember && !this.#wasMember;
    this.#wasMember = this.#isMember;
    if (this.#watch.isOver(beginning) || (isNew && this.#watch.maySign)) this.#listen();
  }

  /** From members, each once; what is signed with this node's key is for this node. */
  received(connection: ConnectionId, message: Listening): void {
    const { snapshot, nowMs, genesis } = this.#context;
    const { nodeId, signature } = message;
    if (!snapshot.byNode.has(nodeId) || this.#seen.has(keyOf(message)) || !this.#signers.isOpen(nodeId, nowMs)) return;
    this.#verify(connection, { publicKey: fromHex(nodeId), message: listeningMessage(genesis.hash, message), signature }, 'Listening', () => {
      // Another copy may have been quicker.
      if (!this.#seen.add(keyOf(message))) return;
      this.#signers.take(nodeId, this.#context.nowMs);
      this.#context.broadcast({ type: 'Listening', body: message }, connection);
      if (nodeId === this.#context.options.self) this.#heard(message);
    });
  }

  /** What a peer knows of this node's key. */
  reported(connection: ConnectionId, { vote, proposal, bundle }: MessageBodies['ListeningReport']): void {
    if (vote !== undefined) this.vote(connection, vote);
    if (proposal !== undefined) this.proposal(connection, proposal);
    if (bundle !== undefined) this.#reportedBundle(connection, bundle);
  }

  /** A block vote of any height, not verified. */
  vote(connection: ConnectionId, vote: BlockVote): void {
    if (this.#isNews(vote) && !this.#context.guard.knowsVote(vote))
      this.#proveSigned(connection, vote, blockVoteMessage(this.#context.genesis.hash, vote), `a ${vote.phase}`);
  }
  /** A proposal of any height, not verified. */
  proposal(connection: ConnectionId, proposal: ProposalClaim): void {
    if (this.#isNews(proposal) && !this.#context.guard.knowsProposal(proposal))
      this.#proveSigned(connection, proposal, blockProposalMessage(this.#context.genesis.hash, proposal), 'a proposal');
  }

  /** A bundle of this epoch, verified. Whether a vote that is not in the guard still binds is known once its transaction is. */
  bundle({ nodeId, votes }: VoteBundle): void {
    const { options, mempool, orphans } = this.#context;
    if (nodeId !== options.self || !options.masternode) return;
    for (const vote of votes) {
      if (this.#knows(vote)) continue;
      const { txid } = vote;
      const hashed = mempool.get(txid)?.hashed ?? orphans.get(txid);
      if (hashed !== undefined) this.#judge(hashed);
      else this.#keepUnjudged(txid);
    }
  }
  /** A transaction that may be one of those; its signatures need not be good. */
  transaction(hashed: HashedTransaction): void {
    if (this.#unjudged.delete(hashed.txid)) this.#judge(hashed);
  }

  #keepUnjudged(txid: Txid): void {
    this.#unjudged.add(txid);
    const [oldest] = this.#unjudged;
    if (this.#unjudged.size > maxUnjudged && oldest !== undefined) this.#unjudged.delete(oldest);
  }

  /** A vote binds until its transaction is in a block or can be in none: a block has spent a coin of it, or registered one as collateral. */
  #judge({ txid, inputKeys }: HashedTransaction): void {
    const { chain, epoch, registry } = this.#context;
    const isSpent = (key: OutpointKey): boolean => chain.coin(key) === undefined && chain.transactionHeight(outpointOf(key).txid) !== undefined;
    const isOver = chain.transactionHeight(txid) !== undefined || inputKeys.some((key) => isSpent(key) || registry.isCollateral(key));
    if (!isOver) this.#signedBeyond({ epoch, height: 0 }, `a vote for ${txid}`);
  }

  /** Of an epoch that has not begun here it is enough that there is one; those of this one come with what is pending as well. */
  #reportedBundle(connection: ConnectionId, bundle: VoteBundle): void {
    const { nodeId, epoch, votes, signature } = bundle;
    const { options, genesis } = this.#context;
    if (nodeId !== options.self || epoch < this.#context.epoch || !this.#watch.concerns({ epoch, height: 0 }) || votes.every((vote) => this.#knows(vote)))
      return;
    this.#prove(connection, { publicKey: fromHex(nodeId), message: voteBundleMessage(genesis.hash, bundle), signature }, 'vote bundle', () => {
      if (epoch > this.#context.epoch) this.#signedBeyond({ epoch, height: 0 }, `votes in epoch ${epoch}`);
      else if (epoch === this.#context.epoch) this.bundle(bundle);
    });
  }
  #knows({ txid, choice }: TransactionVote): boolean {
    const { guard } = this.#context;
    // Rejects bind nothing, and are not kept. Of a branch that was left nothing is kept either, and nothing is signed.
    return choice === 'reject' || guard.silentThrough !== undefined || (choice === 'accept' ? guard.hasAccepted(txid) : guard.hasCommitted(txid));
  }

  /** Of a decided height nothing binds. */
  #isNews({ nodeId, height }: { readonly nodeId: NodeId; readonly height: number }): boolean {
    const { options, tip, epoch } = this.#context;
    return nodeId === options.self && height > tip.height && this.#watch.concerns({ epoch, height });
  }
  #proveSigned(connection: ConnectionId, signed: BlockVote | ProposalClaim, message: Uint8Array, what: string): void {
    const { epoch } = this.#context;
    const { nodeId, height, round, signature } = signed;
    this.#prove(connection, { publicKey: fromHex(nodeId), message, signature }, what, () =>
      this.#signedBeyond({ epoch, height }, `${what} at height ${height} round ${round}`),
    );
  }
  #prove(connection: ConnectionId, item: SignatureItem, what: string, then: () => void): void {
    const underWay = this.#proving.get(connection) ?? 0;
    if (underWay >= maxProofsAtOnce) return;
    this.#proving.set(connection, underWay + 1);
    this.#verify(connection, item, what, then, () => {
      const left = (this.#proving.get(connection) ?? 0) - 1;
      if (left > 0) this.#proving.set(connection, left);
      else this.#proving.delete(connection);
    });
  }
  #verify(connection: ConnectionId, item: SignatureItem, what: string, then: () => void, done = (): void => undefined): void {
    this.#context.verify([item], true, ([valid]) => {
      done();
      if (valid === true) then();
      else this.#context.violation(connection, { code: 'bad-signature', detail: what });
    });
  }

  #signedBeyond(beyond: SignedThrough, what: string): void {
    const before = this.#watch.state.kind;
    this.#watch.signedBeyond(beyond);
    if (this.#watch.state.kind === before) return;
    this.#context.publish({ kind: 'restored-old-copy', what });
    this.#setTimer();
    // Whoever signed it may be running, and not have been there when this node asked.
    if (before === 'signing') this.#ask();
  }

  #heard(message: Listening): void {
    const before = this.#watch.state.kind;
    const answer = this.#watch.heard(message);
    if (answer !== undefined) this.#say(answer);
    if (this.#watch.state.kind === before) return;
    this.#context.publish({ kind: 'own-key-elsewhere' });
    this.#setTimer();
  }

  #listen(): void {
    const { listenMs } = this.#context.options.params;
    this.#watch.listen();
    this.#context.publish({ kind: 'listening', forMs: listenMs });
    this.#say(undefined);
    if (this.#needsNobody || this.#context.peers.ready().length > 0) this.#hasCompany();
  }
  #ask(): void {
    this.#watch.ask();
    this.#say(undefined);
  }
  #hasCompany(): void {
    this.#watch.hasCompany(this.#context.nowMs);
    this.#setTimer();
  }
  #maySign(): void {
    this.#context.publish({ kind: 'signing' });
    this.onMaySign();
  }
  #setTimer(): void {
    const { state } = this.#watch;
    this.#context.emit({ kind: 'set-timer', timer: 'listening', atMs: state.kind === 'listening' ? state.untilMs : undefined });
  }

  #say(answer: ListeningAnswer | undefined): void {
    this.#context.broadcast(this.#signed(answer));
  }
  #signed(answer: ListeningAnswer | undefined): Message {
    const { options, genesis } = this.#context;
    const body = signListening(options.self, { nonce: this.#watch.nonce, answer }, genesis.hash, options.signer);
    // Copies of it that come back are known.
    this.#seen.add(keyOf(body));
    return { type: 'Listening', body };
  }

  get #isMember(): boolean {
    return this.#context.snapshot.byNode.has(this.#context.options.self);
  }
  /** It decides alone: nobody else signs, or is needed. Or it does not listen at all. */
  get #needsNobody(): boolean {
    const { snapshot, options } = this.#context;
    return options.params.listenMs === 0 || isQuorum(snapshot.byNode.get(options.self)?.weight ?? 0, snapshot);
  }
}

const keyOf = ({ nodeId, nonce, answer }: Listening): string => `${nodeId} ${nonce} ${answer?.heard} ${answer?.signs}`;
