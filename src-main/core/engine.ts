import type { Hash, NodeId } from '../../src-shared/domain/ids.ts';
import { type Message, messageTypeOf } from './codec/message.ts';
import { decodeTransaction } from './codec/transaction.ts';
import { SignGuard } from './consensus/sign-guard.ts';
import type { Effect, TimerName } from './effects.ts';
import { BlockBuilder } from './engine/block-builder.ts';
import { BlockChecker } from './engine/block-checker.ts';
import { BlockVoteSigner } from './engine/block-vote-signer.ts';
import { ChainFlow } from './engine/chain-flow.ts';
import { ConsensusFlow } from './engine/consensus-flow.ts';
import { EngineContext, type EngineOptions, type RestoredState } from './engine/context.ts';
import { DiscoveryFlow } from './engine/discovery-flow.ts';
import { EpochProposers } from './engine/epoch-proposers.ts';
import { ForkWatch } from './engine/fork-watch.ts';
import { HeartbeatFlow } from './engine/heartbeat-flow.ts';
import { LateVotes } from './engine/late-votes.ts';
import { MasternodeFlow } from './engine/masternode-flow.ts';
import { type MessageHandlers, messageHandlers } from './engine/message-handlers.ts';
import { ProposedBlocks } from './engine/proposed-blocks.ts';
import { ReachabilityFlow } from './engine/reachability-flow.ts';
import { RegistryHistory } from './engine/registry-history.ts';
import { RevertFlow } from './engine/revert-flow.ts';
import { SyncFlow } from './engine/sync-flow.ts';
import { TransactionFlow } from './engine/transaction-flow.ts';
import { UtxoFlow } from './engine/utxo-flow.ts';
import { EngineViews } from './engine/views.ts';
import { VotingFlow } from './engine/voting-flow.ts';
import type { EngineEvent } from './events.ts';
import { Voter } from './finality/voter.ts';
import type { Input, StepEngine } from './inputs.ts';
import { invariant, unreachable } from './invariant.ts';
import { decodeRegistryState } from './masternodes/registry-state.ts';
import { Mempool } from './mempool/mempool.ts';
import { OrphanPool } from './mempool/orphan-pool.ts';
import type { ConnectionId } from './net/connection-id.ts';
import { isSessionMessage } from './net/handshake.ts';
import { Peers } from './net/peers.ts';
import type { PeersOutput } from './net/peers-options.ts';
import type { Member, Snapshot } from './snapshot.ts';
import { RangeSync } from './sync/range-sync.ts';

/** Expired transactions, and votes for such as never came, are looked for this often; exactness does not matter. */
const mempoolSweepMs = 10_000;
/** Blocks fetched and not yet proven (protocol section 9: bounded). */
const maxBufferedBytes = 32_000_000;

/**
 * A whole node without its hands and eyes: `step` takes what happened and says what is to be done. Everything here is synchronous and
 * depends on the inputs alone, so that a simulator can run many, and a log can be replayed (ARCHITECTURE.md, Core).
 */
export class Engine implements StepEngine {
  readonly #context: EngineContext;
  readonly #transactions: TransactionFlow;
  readonly #voting: VotingFlow;
  readonly #consensus: ConsensusFlow;
  readonly #chain: ChainFlow;
  readonly #sync: SyncFlow;
  readonly #masternodes: MasternodeFlow;
  readonly #heartbeats: HeartbeatFlow;
  readonly #discovery: DiscoveryFlow;
  readonly #reachability: ReachabilityFlow;
  readonly #utxo: UtxoFlow;
  readonly #forks: ForkWatch;
  readonly #reverts: RevertFlow;
  /** Until the start: it may be hundreds of megabytes. */
  #restored: RestoredState | undefined;
  readonly #handlers: MessageHandlers;
  /** Read-only: for hosts and tests, between steps. */
  readonly views: EngineViews;

  constructor(options: EngineOptions, restored: RestoredState) {
    const { genesis, params } = options;
    const registry = decodeRegistryState(restored.registry);
    const mempool = new Mempool();
    this.#restored = restored;
    this.#context = new EngineContext({
      options,
      registry,
      mempool,
      orphans: new OrphanPool(),
      voter: options.masternode ? new Voter({ self: options.self, voteResendMs: params.voteResendMs }) : undefined,
      guard: new SignGuard(restored.guardRecords, restored.tip.height + 1, registry.progress.epoch),
      peers: new Peers({
        self: options.self,
        networkId: params.network.id,
        genesisHash: genesis.hash,
        userAgent: options.userAgent,
        listenPort: options.listenPort,
        votes: options.masternode,
        nonce: options.nonce,
        connect: options.connect,
        limits: options.limits,
        isMember: (nodeId) => this.#context.snapshot.byNode.has(nodeId),
        bootstrap: options.bootstrap ?? [],
        masternodes: othersIn(registry.snapshot, options.self),
        discovery: options.discovery ?? true,
        whitelist: options.whitelist ?? [],
        countryOf: options.countryOf ?? (() => undefined),
        addresses: restored.addresses,
        bans: restored.bans,
        random: options.random,
        stopwatch: options.stopwatch,
      }),
      tip: restored.tip,
      halts: restored.halts,
      invalid: restored.invalid,
    });
    const context = this.#context;
    context.onPeersOutput = (output) => this.#peersOutput(output);
    const proposers = new EpochProposers(context);
    const proposed = new ProposedBlocks(mempool);
    const late = new LateVotes(context);
    const checker = new BlockChecker(context, (height, round) => proposers.at(height, round));
    const decided: ConstructorParameters<typeof ConsensusFlow>[1]['decided'] = (checked, certificate) => {
      const { registry: before } = context;
      this.#chain.decided(checked, certificate);
      if (checked.block.header.closesEpoch) this.#newEpoch();
      this.#masternodes.decided(checked.block, before);
      this.#voting.onHeight();
      this.#consensus.newHeight();
      this.#sync.tick();
      this.#masternodes.reviveIfInactive();
    };
    const registries = new RegistryHistory(context.chain, context);
    this.#forks = new ForkWatch(context, registries);
    this.#voting = new VotingFlow(context, proposed);
    this.#transactions = new TransactionFlow(context, this.#voting);
    this.#chain = new ChainFlow(context, this.#voting, this.#transactions);
    this.#sync = new SyncFlow(context, {
      ranges: new RangeSync({
        maxParallel: options.limits.syncParallel,
        rangeBlocks: options.limits.syncRangeBlocks,
        deadlineMs: options.limits.syncDeadlineMs,
        maxBufferedBytes,
      }),
      checker,
      decided,
      foreign: (connection) => this.#forks.accused(connection),
      marked: (connection) => this.#forks.marked(connection),
    });
    this.#consensus = new ConsensusFlow(context, {
      proposed,
      checker,
      builder: new BlockBuilder(context, checker, late, proposed),
      late,
      signer: new BlockVoteSigner(context, proposed),
      proposers,
      decided,
    });
    this.#reverts = new RevertFlow(context, {
      registries,
      checker,
      transactions: this.#transactions,
      decided,
      reverted: () => {
        context.guard.reverted(context.tip.height + 1, context.epoch);
        this.#newMembers();
      },
      leaving: () => this.#consensus.leaving(),
      afresh: () => {
        context.guard.forgetCertified();
        this.#sync.afresh();
        this.#consensus.afresh();
        this.#forks.afresh();
      },
      arrived: () => {
        this.#sync.afresh();
        this.#forks.afresh();
        this.#consensus.arrived();
        this.#voting.onHeight();
      },
    });
    this.#masternodes = new MasternodeFlow(context, this.#transactions, this.#sync);
    this.#heartbeats = new HeartbeatFlow(context);
    this.#discovery = new DiscoveryFlow(context);
    this.#reachability = new ReachabilityFlow(context);
    this.#utxo = new UtxoFlow(context);
    context.coinNews = this.#utxo;
    context.listening.onMaySign = () => {
      this.#consensus.maySign();
      this.#voting.onHeight();
    };
    this.views = new EngineViews(context, {
      consensus: this.#consensus,
      sync: this.#sync,
      reachability: this.#reachability,
      heartbeats: this.#heartbeats,
      proposers,
    });
    this.#handlers = messageHandlers(context, {
      consensus: this.#consensus,
      transactions: this.#transactions,
      voting: this.#voting,
      sync: this.#sync,
      forks: this.#forks,
      discovery: this.#discovery,
      reachability: this.#reachability,
      heartbeats: this.#heartbeats,
      utxo: this.#utxo,
    });
  }

  step(input: Input, nowMs: number): Effect[] {
    const context = this.#context;
    context.nowMs = nowMs;
    this.#handle(input);
    // What became final lets its children in, which may become final at once by votes that were here before them.
    while (context.newlyFinal.length > 0) {
      const final = context.newlyFinal;
      context.newlyFinal = [];
      this.#transactions.retryChildren(final);
      this.#consensus.startIfDue();
    }
    return context.takeEffects();
  }

  #handle(input: Input): void {
    const { peers, nowMs } = this.#context;
    switch (input.kind) {
      case 'start':
        return this.#start();
      case 'connected':
        return this.#peersOutputs(peers.connected(input, nowMs));
      case 'dial-failed':
        return this.#peersOutputs(peers.dialFailed(input.address, input.reason, nowMs));
      case 'closed':
        return this.#peersOutputs(peers.closed(input.connection, input.reason, input.offence, nowMs));
      case 'message':
        return this.#message(input.connection, input.bytes);
      case 'timer':
        return this.#timers[input.timer]();
      case 'verified':
        return this.#context.onVerified(input.job, input.valid);
      case 'set-hash':
        return this.#context.onSetHash(input.job, input.state, input.utxoSetHash as Hash);
      case 'continued':
        return this.#context.onContinued(input.job);
      case 'submit-transaction':
        return this.#transactions.submit(input.request, input.encoded);
      case 'invalidate-block':
        return this.#reverts.invalidate(input.request, input.hash, input.foundAt, input.isConfirmed);
      case 'reconsider-block':
        return this.#reverts.reconsider(input.request, input.hash);
      case 'add-node':
        return this.#peersOutputs(peers.addNode(input.address, nowMs));
      case 'remove-node':
        return this.#peersOutputs(peers.removeNode(input.address, nowMs));
      case 'try-node':
        return this.#peersOutputs(peers.tryNode(input.address, nowMs));
      case 'disconnect-node':
        return this.#peersOutputs(peers.disconnect(input.connection, 'requested', nowMs));
      case 'discovered':
        return this.#discovery.discovered(input.source, input.found);
      case 'probed':
        return this.#context.onProbed(input.request, input.reached);
      case 'port-mapped':
        return this.#reachability.mapped(input.external);
      case 'check-reachability':
        return this.#reachability.check();
      case 'set-ban':
        return this.#peersOutputs(peers.setBan(input.subject, input.untilMs, input.reason, nowMs));
      case 'clear-ban':
        return this.#peersOutputs(peers.clearBans([input.subject], nowMs));
      case 'clear-bans':
        return this.#peersOutputs(peers.clearBans(undefined, nowMs));
      default:
        return unreachable(input);
    }
  }

  readonly #timers: { readonly [T in TimerName]: () => void } = {
    consensus: () => this.#consensus.timer(),
    slot: () => this.#consensus.slot(),
    'epoch-close': () => this.#consensus.value.mayBeKnown(),
    'vote-flush': () => this.#voting.flush(),
    'vote-resend': () => this.#voting.resend(),
    'pending-exchange': () => this.#context.exchange.due(),
    relay: () => this.#context.relay.due(),
    listening: () => this.#context.listening.timer(),
    peers: () => this.#peersOutputs(this.#context.peers.timer(this.#context.nowMs)),
    sync: () => this.#sync.tick(),
    mempool: () => this.#sweepMempool(),
    heartbeat: () => this.#heartbeats.timer(),
    subscriptions: () => this.#utxo.flush(),
    'transaction-fetch': () => this.#context.fetch.due(),
    reachability: () => this.#reachability.timer(),
  };

  #message(connection: ConnectionId, bytes: Uint8Array): void {
    const { peers, nowMs, intake } = this.#context;
    if (!intake.admits(connection, bytes)) return;
    if (messageTypeOf(bytes) === undefined) return this.#context.violation(connection, { code: 'unknown-message', detail: `type ${bytes[0]}` });
    let message: Message;
    try {
      message = this.#context.reader.message(bytes);
    } catch (error) {
      return this.#context.violation(connection, { code: 'malformed', detail: error instanceof Error ? error.message : 'undecodable' });
    }
    if (isSessionMessage(message.type) || !peers.isReady(connection)) {
      this.#peersOutputs(peers.session(connection, message, nowMs));
      if (message.type === 'Pong') this.#context.clock.update();
      return;
    }
    const handler = this.#handlers[message.type as keyof MessageHandlers] as (connection: ConnectionId, body: unknown) => void;
    handler(connection, message.body);
  }

  #peersOutputs(outputs: readonly PeersOutput[]): void {
    for (const output of outputs) this.#peersOutput(output);
  }

  #peersOutput(output: PeersOutput): void {
    switch (output.kind) {
      case 'ready': {
        const { connection, height, tipHash } = output.peer;
        this.#context.intake.peerReady(output.peer);
        // Nothing sent while they were apart is missed: what is pending, its votes, and the height being decided.
        this.#context.send([connection], { type: 'GetPendingTransactions', body: {} });
        this.#context.send([connection], { type: 'GetBlockVotes', body: { height: this.#consensus.height } });
        this.#context.listening.peerReady(output.peer);
        this.#reachability.peerReady(output.peer);
        this.#sync.peerHeight(connection, height);
        return this.#forks.claimed(connection, height, tipHash);
      }
      case 'send':
        return this.#context.send(output.to, output.message);
      case 'prove':
        return this.#discovery.prove(output.address, output.nodeId);
      case 'gone':
        this.#context.intake.peerGone(output.peer);
        this.#consensus.exchange.peerGone(output.peer.connection);
        this.#context.clock.update();
        this.#context.fetch.peerGone(output.peer.connection);
        this.#context.exchange.peerGone(output.peer.connection);
        this.#utxo.peerGone(output.peer.connection);
        this.#reachability.peerGone(output.peer.connection);
        this.#forks.peerGone(output.peer.connection);
        return this.#sync.peerGone(output.peer.connection);
      default:
        if (output.kind === 'publish' && isRefusedAsDuplicate(output.event)) this.#context.listening.refusedAsDuplicate();
        this.#context.emit(output);
    }
  }

  #start(): void {
    const { peers, tip, nowMs, listening } = this.#context;
    const restored = this.#restored;
    invariant(restored !== undefined, 'an engine starts once');
    this.#restored = undefined;
    peers.setTip(tip.height, tip.hash);
    this.#context.halts.tell();
    for (const { encoded, receivedMs, finalAfterMs } of restored.pending) {
      const hashed = decodeTransaction(encoded);
      this.#transactions.restore(hashed, receivedMs);
      if (finalAfterMs !== undefined) this.#voting.restoreFinal(hashed);
    }
    for (const bundle of restored.bundles) this.#voting.restore(bundle);
    this.#consensus.newHeight();
    this.#consensus.restore(restored);
    if (restored.signedThrough !== undefined) listening.recordsLost(restored.signedThrough);
    listening.start();
    this.#peersOutputs(peers.start(nowMs));
    this.#heartbeats.start();
    this.#sweepMempool();
    this.#reverts.resume();
  }

  /** Transfers that are not settled are voted on afresh (protocol section 6, Scope): as if each had just come. */
  #newEpoch(): void {
    const { guard, epoch } = this.#context;
    const pending = this.#transactions.takeAll();
    guard.newEpoch(epoch);
    this.#newMembers();
    this.#transactions.restoreAll(pending);
    this.#context.publish({ kind: 'epoch-began', epoch, members: this.#context.snapshot.members.length, totalWeight: this.#context.snapshot.totalWeight });
  }

  /** What was voted is not of this epoch, nor by these members. */
  #newMembers(): void {
    const { peers, nowMs, snapshot, options } = this.#context;
    this.#voting.newEpoch();
    this.#context.listening.epochBegan();
    this.#peersOutputs(peers.newSnapshot(othersIn(snapshot, options.self), nowMs));
  }

  #sweepMempool(): void {
    const { mempool, nowMs, params } = this.#context;
    for (const hashed of mempool.expire(nowMs, { transferMs: params.mempoolExpiryMs, blockOnlyMs: params.mempoolExpiryMs + 2 * params.blockIntervalMs }))
      this.#voting.dropped(hashed, 'expired');
    this.#voting.sweepEarly();
    this.#context.emit({ kind: 'set-timer', timer: 'mempool', atMs: nowMs + mempoolSweepMs });
  }
}

const isRefusedAsDuplicate = (event: EngineEvent): boolean => event.kind === 'peer-refused' && event.by === 'peer' && event.code === 'duplicate';
const othersIn = ({ members }: Snapshot, self: NodeId): readonly Member[] => members.filter(({ nodeId }) => nodeId !== self);
