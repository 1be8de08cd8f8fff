import type { BlockHash, Hash, NodeId, OutpointKey, Txid } from '../../../src-shared/domain/ids.ts';
import type { NetLimits } from '../../../src-shared/domain/net-limits.ts';
import type { TransactionReason } from '../../../src-shared/domain/rejection-code.ts';
import type { Coin } from '../codec/coin.ts';
import type { Message } from '../codec/message.ts';
import type { HashedTransaction } from '../codec/transaction.ts';
import type { Evidence } from '../consensus/evidence.ts';
import type { SignedThrough } from '../consensus/own-key-watch.ts';
import type { SignGuard } from '../consensus/sign-guard.ts';
import type { Effect, JobId, SignatureItem } from '../effects.ts';
import type { EngineEvent } from '../events.ts';
import { VoteTally } from '../finality/tally.ts';
import type { Voter } from '../finality/voter.ts';
import type { Genesis } from '../genesis.ts';
import { type UtxoEvent, type UtxoState, UtxoStates } from '../ledger/utxo-state.ts';
import { mayCloseEpoch } from '../masternodes/epoch-close.ts';
import type { Registry } from '../masternodes/registry.ts';
import type { Mempool } from '../mempool/mempool.ts';
import type { OrphanPool } from '../mempool/orphan-pool.ts';
import type { AddressRecord } from '../net/address-record.ts';
import type { Ban } from '../net/ban.ts';
import type { ConnectionId } from '../net/connection-id.ts';
import type { Peers } from '../net/peers.ts';
import type { Params } from '../params.ts';
import type { ChainSource, Random, Signer, Stopwatch } from '../ports.ts';
import type { Rejection } from '../rejection.ts';
import type { Snapshot } from '../snapshot.ts';
import type { GuardRecord, StoreOperation } from '../store-operation.ts';
import { trimOldest } from '../trim-oldest.ts';
import { ClockFlow } from './clock-flow.ts';
import { Halts, type StoredHalt } from './halts.ts';
import { Intake } from './intake.ts';
import { ListeningFlow } from './listening-flow.ts';
import { type MessageReader, newMessageReader } from './message-reader.ts';
import { PendingExchange } from './pending-exchange.ts';
import { Relay } from './relay.ts';
import { StepChain } from './step-chain.ts';
import { TransactionFetch } from './transaction-fetch.ts';

export interface EngineOptions {
  readonly params: Params;
  readonly genesis: Genesis;
  readonly self: NodeId;
  readonly signer: Signer;
  /** Whether this node may sign votes; it does where it is in the snapshot. */
  readonly masternode: boolean;
  readonly chain: ChainSource;
  readonly random: Random;
  readonly stopwatch?: Stopwatch | undefined;
  /** Standard: one of its own. */
  readonly reader?: MessageReader;
  /** Names this process to peers. */
  readonly nonce: bigint;
  readonly userAgent: string;
  /** 0: does not listen. */
  readonly listenPort: number;
  readonly limits: NetLimits;
  /** host:port of peers to keep connected. */
  readonly connect: readonly string[];
  /** host:port of peers that lead to others: dialled while places are free, and never forgotten. */
  readonly bootstrap?: readonly string[];
  /** Whether addresses are asked for and kept; else only those of the configuration and of masternodes are dialled. Standard: yes. */
  readonly discovery?: boolean;
  /** Networks in `parseSubnet`'s form, whose nodes are never refused for a limit, evicted or banned. */
  readonly whitelist?: readonly string[];
  /** The country of an IP, where it is known. */
  readonly countryOf?: ((host: string) => string | undefined) | undefined;
}

/** What storage holds when a node starts; all of it was checked before it was stored. */
export interface RestoredState {
  readonly tip: Tip;
  /** After the tip, as `encodeRegistryState` wrote it. */
  readonly registry: Uint8Array;
  readonly pending: readonly { readonly encoded: Uint8Array; readonly receivedMs: number; readonly finalAfterMs: number | undefined }[];
  readonly bundles: readonly Uint8Array[];
  readonly guardRecords: readonly GuardRecord[];
  readonly proposedBlocks: readonly { readonly height: number; readonly hash: BlockHash; readonly encoded: Uint8Array }[];
  readonly blockVotes: readonly { readonly height: number; readonly round: number; readonly encoded: Uint8Array }[];
  readonly halts: readonly StoredHalt[];
  /** Blocks that the operator says are not the chain. */
  readonly invalid: readonly { readonly hash: BlockHash; readonly height: number }[];
  /** A repair wrote it: what this node had signed by then its records may not show. Undefined where there was none. */
  readonly signedThrough?: SignedThrough | undefined;
  readonly addresses: readonly AddressRecord[];
  readonly bans: readonly Ban[];
}

export interface Tip {
  readonly height: number;
  readonly hash: BlockHash;
  readonly timeMs: number;
  readonly utxoSetHash: Hash;
  /** Encoded MuHash. */
  readonly setHashState: Uint8Array;
}

interface CoinNews {
  /** Somebody wants to hear of each change. */
  readonly isWatched: boolean;
  changed(key: OutpointKey, state: UtxoState, spent: Coin | undefined): void;
  /** Outputs became coins: of a final transaction, or of one in a block that was not final here. */
  created(transaction: HashedTransaction): void;
}

/** What became of a transaction that is neither pending nor in the chain, for who asks. */
export interface Departed {
  readonly state: 'rejected' | 'dropped';
  readonly reason: TransactionReason;
  /** The numbers or ids that show it; empty where the reason says all. */
  readonly detail: string;
}
/** Enough to answer for whatever was sent in the last minutes. */
const maxDeparted = 10_000;

/** Signatures that wait for an answer; more would only queue. About a second of two cores' work. */
export const maxItemsInVerification = 40_000;

/** Since the start. A few proofs convince as well as a thousand, and each is stored for good. */
const maxReportsPerSigner = 32;

type VerifyContinuation = (valid: readonly boolean[]) => void;
/** Transactions of blocks looked at in one step, some 3 ms of work; of a full block there are thousands. */
const maxItemsPerStep = 256;

type SetHashContinuation = (state: Uint8Array, utxoSetHash: Hash) => void;

/** What the parts of one engine share: its state, and the effects of the step it is in. Made by engine.ts, which alone replaces its parts. */
export class EngineContext {
  readonly options: EngineOptions;
  /** After the tip. Only a decided block replaces it, or one that is taken off. */
  registry: Registry;
  readonly mempool: Mempool;
  readonly orphans: OrphanPool;
  tally: VoteTally;
  /** Undefined where this node does not vote. */
  readonly voter: Voter | undefined;
  readonly guard: SignGuard;
  readonly peers: Peers;
  /** Transactions whose signatures are being checked; bounded with them. */
  readonly verifying = new Set<Txid>();
  readonly reader: MessageReader;
  readonly relay = new Relay(this);
  readonly fetch = new TransactionFetch(this);
  readonly exchange = new PendingExchange(this);
  readonly clock: ClockFlow;
  readonly listening: ListeningFlow;
  readonly intake: Intake;
  readonly halts: Halts;
  /** The operator's marks, with their heights; a person makes them one by one. */
  readonly invalid: Map<BlockHash, number>;
  /** Blocks are being taken off: nothing is followed or decided meanwhile. */
  isReverting = false;
  tip: Tip;
  nowMs = 0;
  /** Transactions that became final in this step: their children may be tried, and a block may be due. */
  newlyFinal: Txid[] = [];
  itemsInVerification = 0;
  /** Bounded by those who were ever members while this process lives. */
  readonly #reported = new Map<NodeId, Set<Hash>>();
  readonly departed = new Map<Txid, Departed>();
  #effects: Effect[] = [];
  #itemsThisStep = 0;
  #nextJob: JobId = 1;
  readonly #utxoStates = new UtxoStates((txid) => this.tally.acceptWeightOf(txid));
  readonly #chain: StepChain;
  readonly #verifying = new Map<JobId, { count: number; then: VerifyContinuation }>();
  readonly #hashing = new Map<JobId, SetHashContinuation>();
  readonly #continuing = new Map<JobId, () => void>();
  /** Bounded by who asks: a few at a time each. */
  readonly #probing = new Map<number, (reached: boolean) => void>();

  constructor(
    parts: Pick<EngineContext, 'options' | 'registry' | 'mempool' | 'orphans' | 'voter' | 'guard' | 'peers' | 'tip'> & {
      halts: readonly StoredHalt[];
      invalid: RestoredState['invalid'];
    },
  ) {
    this.options = parts.options;
    this.reader = parts.options.reader ?? newMessageReader();
    this.#chain = new StepChain(parts.options.chain);
    this.registry = parts.registry;
    this.mempool = parts.mempool;
    this.orphans = parts.orphans;
    this.tally = this.#emptyTally();
    this.voter = parts.voter;
    this.guard = parts.guard;
    this.peers = parts.peers;
    this.tip = parts.tip;
    this.halts = new Halts(this, parts.halts);
    this.invalid = new Map(parts.invalid.map(({ hash, height }) => [hash, height]));
    this.clock = new ClockFlow(this);
    this.listening = new ListeningFlow(this);
    this.intake = new Intake(this);
  }

  /** Decides the block after the tip, and the transfers of its epoch. */
  get snapshot(): Snapshot {
    return this.registry.snapshot;
  }
  get epoch(): number {
    return this.registry.progress.epoch;
  }
  get params(): Params {
    return this.options.params;
  }
  get genesis(): Genesis {
    return this.options.genesis;
  }
  /** With the blocks that were decided in this step. */
  get chain(): ChainSource {
    return this.#chain;
  }

  /** Rule 4 of protocol section 6: the epoch is over but for the block that closes it. */
  get isClosing(): boolean {
    return mayCloseEpoch(this.registry, this.genesis.time, this.params, this.nowMs);
  }

  /** What was voted is not of this epoch, nor by these members. */
  newTally(): void {
    this.tally = this.#emptyTally();
  }
  #emptyTally(): VoteTally {
    return new VoteTally(this.snapshot, (txid) => this.chain.transactionHeight(txid) !== undefined);
  }

  emit(effect: Effect): void {
    this.#effects.push(effect);
  }
  takeEffects(): Effect[] {
    const effects = this.#effects;
    this.#effects = [];
    this.#itemsThisStep = 0;
    this.#chain.endStep();
    return effects;
  }
  publish(event: EngineEvent): void {
    this.emit({ kind: 'publish', event });
  }
  persist(operations: readonly StoreOperation[]): void {
    if (operations.length === 0) return;
    for (const operation of operations) if (operation.kind === 'apply-block' || operation.kind === 'revert-block') this.#chain.add(operation);
    this.emit({ kind: 'persist', operations });
  }
  persistGuard(records: readonly GuardRecord[]): void {
    this.persist(records.map((record) => ({ kind: 'guard', record })));
  }
  send(to: readonly ConnectionId[], message: Message): void {
    if (to.length === 0) return;
    this.intake.sent(to, message);
    this.emit({ kind: 'send', to, message });
  }
  /** To every ready peer but one: gossip never goes back to who sent it. */
  broadcast(message: Message, except?: ConnectionId): void {
    this.send(
      this.peers
        .ready()
        .map((peer) => peer.connection)
        .filter((connection) => connection !== except),
      message,
    );
  }
  violation(connection: ConnectionId, rejection: Rejection): void {
    for (const output of this.peers.violation(connection, rejection, this.nowMs)) this.onPeersOutput(output);
  }
  /** Set by the engine: a peer's coming and going concerns more than one part. */
  onPeersOutput: (output: ReturnType<Peers['violation']>[number]) => void = () => undefined;

  utxoState(key: OutpointKey): UtxoState {
    return this.#utxoStates.of(key);
  }
  /** What happens to a coin; nothing else changes its state. `spent`: the coin, where a block took it out of the set. */
  coinEvent(key: OutpointKey, event: UtxoEvent, spent?: Coin): void {
    const transition = this.#utxoStates.handle(key, event);
    if (transition !== undefined) this.coinNews.changed(key, transition.to, spent);
  }
  /** Set by the engine: who is subscribed to coins hears of them. */
  coinNews: CoinNews = { isWatched: false, changed: () => undefined, created: () => undefined };

  /** In the snapshot, the only one that signs with its key as far as is known, beyond all that it signed on a branch that was left, and nothing has gone wrong that must stop it. */
  get maySign(): boolean {
    const isMember = this.voter !== undefined && this.snapshot.byNode.has(this.options.self);
    return isMember && this.listening.maySign && this.guard.silentThrough === undefined && !this.halted;
  }

  /** It neither follows nor decides: see `halts`, or blocks are being taken off. */
  get halted(): boolean {
    return this.isReverting || this.halts.standing !== undefined;
  }

  /** Two messages of one signer that no honest guard could sign: kept, and shown (protocol section 6); of each signer a few of many. */
  report({ hash, nodeId, contradiction, encoded }: Evidence): void {
    const reported = this.#reported.get(nodeId) ?? new Set();
    if (reported.has(hash) || reported.size >= maxReportsPerSigner) return;
    this.#reported.set(nodeId, reported.add(hash));
    this.persist([{ kind: 'put-evidence', hash, nodeId, contradiction, encoded }]);
    this.publish({ kind: 'evidence', nodeId, contradiction });
  }

  /** Checks signatures elsewhere and goes on with the answer. With nothing to check it goes on at once. */
  verify(items: readonly SignatureItem[], urgent: boolean, then: VerifyContinuation): void {
    if (items.length === 0) {
      then([]);
      return;
    }
    const job = this.#nextJob++;
    this.#verifying.set(job, { count: items.length, then });
    this.itemsInVerification += items.length;
    this.emit({ kind: 'verify', job, urgent, items });
  }
  onVerified(job: JobId, valid: readonly boolean[]): void {
    const waiting = this.#verifying.get(job);
    if (waiting === undefined) return;
    this.#verifying.delete(job);
    this.itemsInVerification -= waiting.count;
    waiting.then(valid);
  }
  computeSetHash(state: Uint8Array, changes: Pick<Extract<Effect, { kind: 'compute-set-hash' }>, 'added' | 'removed'>, then: SetHashContinuation): void {
    const job = this.#nextJob++;
    this.#hashing.set(job, then);
    this.emit({ kind: 'compute-set-hash', job, state, added: changes.added, removed: changes.removed });
  }
  onSetHash(job: JobId, state: Uint8Array, utxoSetHash: Hash): void {
    const then = this.#hashing.get(job);
    this.#hashing.delete(job);
    then?.(state, utxoSetHash);
  }

  /** Whether a node with this key answers at this address. */
  probe(address: string, nodeId: NodeId, then: (reached: boolean) => void): void {
    const request = this.#nextJob++;
    this.#probing.set(request, then);
    this.emit({ kind: 'probe', request, address, nodeId });
  }
  onProbed(request: number, reached: boolean): void {
    const then = this.#probing.get(request);
    this.#probing.delete(request);
    then?.(reached);
  }

  /** Goes on in a later turn, after what waits now. */
  later(then: () => void): void {
    const job = this.#nextJob++;
    this.#continuing.set(job, then);
    this.emit({ kind: 'continue', job });
  }
  onContinued(job: JobId): void {
    const then = this.#continuing.get(job);
    this.#continuing.delete(job);
    then?.();
  }

  /**
   * Each item in order, then `done`; what is more than a step may take goes on in later ones, so with few items all of it happens before this
   * returns. Ends without `done` when `each` answers false. What was true in one step need not be in the next.
   */
  inSlices<T>(items: readonly T[], each: (item: T) => boolean, done: () => void): void {
    const slice = (from: number): void => {
      let at = from;
      for (; at < items.length && this.#itemsThisStep < maxItemsPerStep; at++) {
        this.#itemsThisStep++;
        if (!each(items[at] as T)) return;
      }
      if (at === items.length) done();
      else this.later(() => slice(at));
    };
    slice(0);
  }

  depart(txid: Txid, departed: Departed): void {
    this.departed.delete(txid);
    this.departed.set(txid, departed);
    trimOldest(this.departed, maxDeparted);
  }
}
