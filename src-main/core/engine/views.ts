import type { BlockHash, NodeId, OutpointKey, Txid } from '../../../src-shared/domain/ids.ts';
import type { NetLimits } from '../../../src-shared/domain/net-limits.ts';
import type { BlockCertificate } from '../codec/block.ts';
import type { Coin } from '../codec/coin.ts';
import type { HashedTransaction } from '../codec/transaction.ts';
import type { DriverView } from '../consensus/driver.ts';
import type { SigningState } from '../consensus/own-key-watch.ts';
import type { ValueWeight } from '../consensus/round-tally.ts';
import type { SilentThrough } from '../consensus/silence.ts';
import type { TransactionTally } from '../finality/tally.ts';
import type { UtxoState } from '../ledger/utxo-state.ts';
import { blocksUntilNextEpoch } from '../masternodes/epoch-close.ts';
import type { HeartbeatView } from '../masternodes/heartbeats.ts';
import type { Registry } from '../masternodes/registry.ts';
import { MempoolCoins } from '../mempool/mempool-coins.ts';
import { isCertified, type MempoolEntry, type MempoolStatus } from '../mempool/mempool-entry.ts';
import type { Ban } from '../net/ban.ts';
import type { ConnectionId } from '../net/connection-id.ts';
import type { AddressState, ClockView, ReachabilityView, ViolationRecord } from '../net/network-state.ts';
import type { Peer } from '../net/peer-connection.ts';
import type { DroppedMessages } from '../net/rate-limits.ts';
import type { Snapshot } from '../snapshot.ts';
import type { ConsensusFlow } from './consensus-flow.ts';
import type { Departed, EngineContext, Tip } from './context.ts';
import type { EpochProposers } from './epoch-proposers.ts';
import type { Halt } from './halts.ts';
import type { HeartbeatFlow } from './heartbeat-flow.ts';
import type { ReachabilityFlow } from './reachability-flow.ts';
import type { SyncFlow } from './sync-flow.ts';

export interface PendingTransaction {
  readonly hashed: HashedTransaction;
  readonly status: MempoolStatus;
  /** Units. */
  readonly fee: bigint;
  readonly receivedMs: number;
  /** From when this node first saw it; undefined while it is not final. */
  readonly finalAfterMs: number | undefined;
  readonly tally: TransactionTally;
  /** Another transaction wants one of its coins. */
  readonly contested: boolean;
}
export interface ConsensusView extends DriverView {
  readonly votes: boolean;
  readonly signing: SigningState | { readonly kind: 'after-revert'; readonly through: SilentThrough };
  /** When the first round of this height began here; undefined while its slot has not come. */
  readonly beganMs: number | undefined;
  readonly nextSlotMs: number;
  readonly halted: boolean;
}
export interface DecidedView {
  readonly hash: BlockHash;
  readonly certificate: BlockCertificate;
  /** Undefined where the height was not decided here: fetched, or before the start. */
  readonly prevotes: readonly ValueWeight[] | undefined;
}
export interface MempoolView {
  readonly size: number;
  readonly bytes: number;
  readonly certified: number;
  readonly final: number;
}

export interface EpochState {
  /** Slot blocks of an epoch. */
  readonly lengthSlots: number;
  /** Nothing is committed until the block that closes it. */
  readonly isClosing: boolean;
  /** Until the next epoch's first, at least. */
  readonly blocksLeft: number;
}

interface ViewedFlows {
  readonly proposers: EpochProposers;
  readonly consensus: ConsensusFlow;
  readonly sync: SyncFlow;
  readonly reachability: ReachabilityFlow;
  readonly heartbeats: HeartbeatFlow;
}

/** What hosts may ask an engine between steps. Nothing here changes anything. */
export class EngineViews {
  readonly #context: EngineContext;
  readonly #consensus: ConsensusFlow;
  readonly #sync: SyncFlow;
  readonly #reachability: ReachabilityFlow;
  readonly #heartbeats: HeartbeatFlow;
  readonly #proposers: EpochProposers;
  readonly #coins: MempoolCoins;
  /** Read once a block: a block is up to 2 MB. */
  #lastDecided: DecidedView | undefined;

  constructor(context: EngineContext, { consensus, sync, reachability, heartbeats, proposers }: ViewedFlows) {
    this.#context = context;
    this.#consensus = consensus;
    this.#sync = sync;
    this.#reachability = reachability;
    this.#heartbeats = heartbeats;
    this.#proposers = proposers;
    this.#coins = new MempoolCoins(context.mempool, context.chain, () => context.tip.height + 1);
  }

  tip(): Tip {
    return this.#context.tip;
  }
  snapshot(): Snapshot {
    return this.#context.snapshot;
  }
  /** Who is registered, and how far the epoch is, after the tip. */
  registry(): Registry {
    return this.#context.registry;
  }
  epochState(): EpochState {
    const { registry, params, isClosing } = this.#context;
    return { lengthSlots: params.epochSlotBlocks, isClosing, blocksLeft: blocksUntilNextEpoch(registry, params.epochSlotBlocks) };
  }
  /** The next height that this node is the first to propose a block of; undefined: none before the next epoch. */
  nextProposalHeight(): number | undefined {
    const next = this.#context.tip.height + 1;
    const ahead = Math.max(1, this.epochState().blocksLeft);
    for (let height = next; height < next + ahead; height++) if (this.#proposers.at(height, 0) === this.self()) return height;
    return undefined;
  }
  /** What was heard of a registered masternode. */
  heartbeat(nodeId: NodeId): HeartbeatView {
    return this.#heartbeats.of(nodeId);
  }
  self(): NodeId {
    return this.#context.options.self;
  }
  /** Blocks that peers say they have and this node has not; not proven. */
  behindBy(): number {
    return this.#sync.behindBy();
  }
  consensus(): ConsensusView {
    const { silentThrough } = this.#context.guard;
    return {
      ...this.#consensus.view(),
      votes: this.#context.voter !== undefined && this.#context.snapshot.byNode.has(this.#context.options.self),
      signing: silentThrough === undefined ? this.#context.listening.state : { kind: 'after-revert', through: silentThrough },
      beganMs: this.#consensus.beganMs,
      nextSlotMs: this.#consensus.nextSlotMs(),
      halted: this.#context.halts.standing !== undefined,
    };
  }
  /** Why this node stands still, and what it stood still for before; oldest first. */
  halts(): readonly Halt[] {
    return this.#context.halts.all();
  }
  /** The operator's marks, by height. */
  invalidBlocks(): readonly { readonly hash: BlockHash; readonly height: number }[] {
    return [...this.#context.invalid].map(([hash, height]) => ({ hash, height })).sort((a, b) => a.height - b.height);
  }
  /** Blocks are being taken off. */
  isReverting(): boolean {
    return this.#context.isReverting;
  }
  /** What decided the tip; undefined while that is the genesis block, which nobody voted for. */
  lastDecided(): DecidedView | undefined {
    const { tip, chain } = this.#context;
    if (this.#lastDecided?.hash !== tip.hash) {
      const certificate = chain.block(tip.height)?.certificate;
      this.#lastDecided = certificate && { hash: tip.hash, certificate, prevotes: this.#consensus.prevotesFor(tip.hash) };
    }
    return this.#lastDecided;
  }
  /** Nobody is a peer of this process, and who answers is connected with its key already: another one has it. */
  isKeyElsewhere(): boolean {
    return this.#context.listening.hasLostPlace;
  }
  peers(): readonly Peer[] {
    return this.#context.peers.ready();
  }
  /** All known addresses and what goes on with each. */
  addresses(): readonly AddressState[] {
    return this.#context.peers.addresses();
  }
  bans(): readonly Ban[] {
    return this.#context.peers.bans();
  }
  /** The newest, newest first. */
  violations(): readonly ViolationRecord[] {
    return this.#context.peers.violations();
  }
  clock(): ClockView {
    return this.#context.clock.view();
  }
  reachability(): ReachabilityView {
    return this.#reachability.view();
  }
  /** Messages of this peer that were not looked at, by limit. */
  rateLimited(connection: ConnectionId): readonly DroppedMessages[] {
    return this.#context.intake.dropped(connection);
  }
  limits(): NetLimits {
    return this.#context.options.limits;
  }
  mempool(): MempoolView {
    const entries = this.#context.mempool.inAdmissionOrder();
    return {
      size: entries.length,
      bytes: this.#context.mempool.bytes(),
      certified: entries.filter(({ status }) => isCertified(status) && status !== 'final').length,
      final: entries.filter(({ status }) => status === 'final').length,
    };
  }
  pending(txid: Txid): PendingTransaction | undefined {
    const entry = this.#context.mempool.get(txid);
    return entry && this.#pendingOf(entry);
  }
  /** The newest `limit`, newest first. */
  newestPending(limit: number): PendingTransaction[] {
    return this.#context.mempool
      .inAdmissionOrder()
      .slice(-limit)
      .reverse()
      .map((entry) => this.#pendingOf(entry));
  }
  /** All that is pending, parents before children. */
  pendingTransactions(): readonly HashedTransaction[] {
    return this.#context.mempool.inAdmissionOrder().map(({ hashed }) => hashed);
  }
  /** Votes on transactions that were new here, since the start. */
  votesCounted(): number {
    return this.#context.tally.votesCounted;
  }
  departed(txid: Txid): Departed | undefined {
    return this.#context.departed.get(txid);
  }
  utxoState(key: OutpointKey): UtxoState {
    return this.#context.utxoState(key);
  }
  /** From the chain, or an output of a final transaction. */
  coin(key: OutpointKey): Coin | undefined {
    return this.#coins.coin(key);
  }
  isSpentByPending(key: OutpointKey): boolean {
    return this.#context.mempool.spendersOf(key).length > 0;
  }
  isCollateral(key: OutpointKey): boolean {
    return this.#context.registry.isCollateral(key);
  }

  #pendingOf(entry: MempoolEntry): PendingTransaction {
    const { hashed, status, fee, receivedMs, finalSinceMs } = entry;
    return {
      hashed,
      status,
      fee,
      receivedMs,
      finalAfterMs: finalSinceMs === undefined ? undefined : finalSinceMs - receivedMs,
      tally: this.#context.tally.of(hashed.txid),
      contested: this.#context.mempool.conflictsOf(hashed).length > 0,
    };
  }
}
