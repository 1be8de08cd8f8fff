import { randomBytes } from 'node:crypto';
import type { BlockHash, Hash, NodeId, PublicKey } from '../../src-shared/domain/ids.ts';
import type { NetLimits } from '../../src-shared/domain/net-limits.ts';
import { type Network, networks } from '../../src-shared/domain/networks.ts';
import type { BranchAnswer } from '../core/branch-answer.ts';
import { encodeMessage } from '../core/codec/message.ts';
import type { EngineViews } from '../core/engine/views.ts';
import { Engine } from '../core/engine.ts';
import type { EngineEvent } from '../core/events.ts';
import type { Genesis } from '../core/genesis.ts';
import { invariant } from '../core/invariant.ts';
import type { BanSubject } from '../core/net/ban.ts';
import type { ConnectionId } from '../core/net/connection-id.ts';
import { paramsOf } from '../core/params.ts';
import type { SigningKey } from '../core/wallet/builder.ts';
import { systemClock } from './clock.ts';
import type { Endpoint } from './config/config-keys.ts';
import { type DataDirectory, type DataFiles, openDataDirectory } from './data-directory.ts';
import { EffectRunner } from './effects.ts';
import { EventLoop } from './event-loop.ts';
import { asWalletDamage, mendChainFile, refuseDamage } from './file-damage.ts';
import { loadOrCreateNodeKey, type NodeKey } from './keys/node-key.ts';
import { NamedTimers } from './named-timers.ts';
import type { PortMappingView } from './nat/port-mapping-view.ts';
import type { NodeNotice } from './notice.ts';
import { Requests, type SubmitResult } from './pending-requests.ts';
import { restoredState } from './restored-state.ts';
import { type StopPart, stopInReverse } from './stop-parts.ts';
import { leaveUnlaunched } from './storage/new-genesis.ts';
import { Storage } from './storage/storage.ts';
import { WalletDatabase } from './storage/wallet-database.ts';
import { Surroundings } from './surroundings.ts';
import { type ConnectionReport, type Traffic, type TrafficHistory, TrafficLog } from './traffic.ts';
import { TcpTransport } from './transport/tcp-transport.ts';
import type { ConnectFailure, TransportEvents } from './transport/transport.ts';
import { exemptHosts, transportLimits } from './transport/transport-limits.ts';
import { VerifyPool } from './verify/verify-pool.ts';

/** The program's threads; where their files are depends on how it was built, so the host says. */
export interface WorkerFiles {
  readonly verify: URL;
  readonly storageWriter: URL;
  readonly storageReader: URL;
  readonly wallet: URL;
}

export interface NodeOptions {
  /** Of this network alone. Made if it is not there. */
  readonly directory: string;
  readonly genesis: Genesis;
  /** Undefined: takes no connections. Port 0: any free one. */
  readonly listen: { readonly host: string; readonly port: number } | undefined;
  readonly connect: readonly string[];
  /** Votes where its key is in the snapshot. */
  readonly masternode: boolean;
  readonly limits: NetLimits;
  /** host:port of peers to begin with; none where left out. */
  readonly bootstrap?: readonly string[];
  /** Networks of IPs, in `parseSubnet`'s form, that are never limited or banned; none where left out. */
  readonly whitelist?: readonly string[];
  /** Whether peers are asked for others. Standard: yes. */
  readonly discovery?: boolean;
  /** Host names that are asked for addresses of peers; none where left out. */
  readonly dnsSeeds?: readonly string[];
  /** Lists of peers (docs/peer-lists.md); none where left out. */
  readonly discoveryUrls?: readonly string[];
  /** Whether the router is asked for an open port. Standard: no. */
  readonly portMapping?: boolean;
  /** SOCKS 5, through which others are reached; undefined: directly. */
  readonly proxy?: Endpoint | undefined;
  /** DB-IP's countries; without it nobody's is known. */
  readonly countryFile?: URL;
  readonly userAgent: string;
  readonly workers: WorkerFiles;
  readonly verifyWorkers: number;
  /** Looks the chain's file over in full before it starts, and where it is damaged begins a new one (storage/repair.ts). */
  readonly repair?: boolean;
  /** A slow disk, for tests and benchmarks. */
  readonly syncDelayMs?: number;
  readonly onEvent: (event: EngineEvent, atMs: number) => void;
  /** Somebody connected and never got as far as to be known by a key. The address is unknown where the system could not hand the connection over. */
  readonly onInboundFailed?: (remoteAddress: string | undefined, failure: ConnectFailure) => void;
  readonly onNotice?: (notice: NodeNotice) => void;
  /** Once: the node can do nothing more and is to be stopped. InvariantError for a bug, OperationalError for the environment. */
  readonly onFatal: (error: Error) => void;
}

/** While this much is not on the disk, nothing more is taken from peers or people. Some blocks' worth: a slow disk is no reason to use up memory. */
const maxBacklogBytes = 32 * 1024 * 1024;

interface NodeParts {
  readonly files: DataFiles;
  readonly genesis: Genesis;
  readonly key: NodeKey;
  readonly views: EngineViews;
  readonly storage: Storage;
  readonly walletDatabase: WalletDatabase;
  readonly address: string;
  readonly loop: EventLoop;
  readonly requests: Requests;
  readonly transport: TcpTransport;
  readonly traffic: TrafficLog;
  readonly surroundings: Surroundings;
  readonly now: () => number;
  readonly stop: () => Promise<void>;
}

/**
 * The composition root: a whole node with its threads, files and sockets. Starts in the order of the lines of `start`, and stops in strict
 * reverse order, so that nothing ever uses a part that is gone.
 */
export class Node {
  readonly files: DataFiles;
  readonly network: Network;
  readonly genesisHash: Hash;
  readonly nodeId: NodeId;
  /** Of the node key. */
  readonly signingKey: SigningKey;
  readonly views: EngineViews;
  readonly storage: Storage;
  readonly walletDatabase: WalletDatabase;
  /** host:port that peers can dial; empty if it does not listen. */
  readonly address: string;
  readonly #loop: EventLoop;
  readonly #requests: Requests;
  readonly #transport: TcpTransport;
  readonly #traffic: TrafficLog;
  readonly #surroundings: Surroundings;
  readonly #stopParts: () => Promise<void>;
  readonly #now: () => number;
  #stopping: Promise<void> | undefined;

  private constructor(parts: NodeParts) {
    this.files = parts.files;
    this.network = networks[parts.genesis.network];
    this.genesisHash = parts.genesis.hash;
    this.nodeId = parts.key.nodeId;
    this.signingKey = { publicKey: parts.key.nodeId as string as PublicKey, sign: (message) => parts.key.sign(message) };
    this.views = parts.views;
    this.storage = parts.storage;
    this.walletDatabase = parts.walletDatabase;
    this.address = parts.address;
    this.#loop = parts.loop;
    this.#requests = parts.requests;
    this.#transport = parts.transport;
    this.#traffic = parts.traffic;
    this.#surroundings = parts.surroundings;
    this.#now = parts.now;
    this.#stopParts = parts.stop;
  }

  /** Rejects with OperationalError (and what to do about it) or NodeKeyError; then nothing is left running. */
  static async start(options: NodeOptions): Promise<Node> {
    const undo: StopPart[] = [];
    const stop = (): Promise<void> => stopInReverse(undo);
    try {
      return await startParts(options, undo, stop, (parts) => new Node(parts));
    } catch (error) {
      await stop().catch(() => undefined);
      throw error;
    }
  }

  nowMs(): number {
    return this.#now();
  }
  /** Resolves when it is checked and stored, or with why not. */
  submit(encoded: Uint8Array): Promise<SubmitResult> {
    return this.#requests.transactions.ask(encoded.length, (request) => this.#loop.push({ kind: 'submit-transaction', request, encoded }));
  }
  /** What the operator says of a block (protocol section 8). Resolves when all that it takes off is taken off and stored, or with why not. */
  invalidateBlock(hash: BlockHash, foundAt: number | undefined, isConfirmed: boolean): Promise<BranchAnswer> {
    return this.#requests.branches.ask(0, (request) => this.#loop.push({ kind: 'invalidate-block', request, hash, foundAt, isConfirmed }));
  }
  reconsiderBlock(hash: BlockHash): Promise<BranchAnswer> {
    return this.#requests.branches.ask(0, (request) => this.#loop.push({ kind: 'reconsider-block', request, hash }));
  }
  addNode(address: string): void {
    this.#loop.push({ kind: 'add-node', address });
  }
  removeNode(address: string): void {
    this.#loop.push({ kind: 'remove-node', address });
  }
  tryNode(address: string): void {
    this.#loop.push({ kind: 'try-node', address });
  }
  disconnectNode(connection: ConnectionId): void {
    this.#loop.push({ kind: 'disconnect-node', connection });
  }
  /** In the name of the operator. */
  setBan(subject: BanSubject, untilMs: number): void {
    this.#loop.push({ kind: 'set-ban', subject, untilMs, reason: 'set by the operator' });
  }
  clearBan(subject: BanSubject): void {
    this.#loop.push({ kind: 'clear-ban', subject });
  }
  clearBans(): void {
    this.#loop.push({ kind: 'clear-bans' });
  }
  checkReachability(): void {
    this.#loop.push({ kind: 'check-reachability' });
  }
  connectionStats(connection: ConnectionId): ConnectionReport | undefined {
    const [stats, traffic] = [this.#transport.stats(connection), this.#traffic.of(connection)];
    return stats === undefined || traffic === undefined ? undefined : { ...stats, traffic };
  }
  /** Of all connections since the start. */
  traffic(): Traffic {
    return this.#traffic.totals();
  }
  trafficHistory(): TrafficHistory {
    return this.#traffic.history();
  }
  /** ISO 3166-1 alpha-2, of an IP on the Internet; undefined where it is not known. Takes a normalised host. */
  countryOf(host: string): string | undefined {
    return this.#surroundings.countryOf(host);
  }
  /** What the router forwards to this node. */
  portMapping(): PortMappingView {
    return this.#surroundings.portMapping;
  }
  /** Resolves when no thread, socket or file of it is left. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stopParts();
    return this.#stopping;
  }
}

async function startParts(options: NodeOptions, undo: StopPart[], stop: () => Promise<void>, make: (parts: NodeParts) => Node): Promise<Node> {
  const { genesis } = options;
  const clock = systemClock();
  const directory: DataDirectory = openDataDirectory(options.directory, process.pid);
  undo.push(() => directory.release());
  const { files } = directory;
  mendChainFile(files.chain, options.repair ?? false, clock.nowMs(), (notice) => options.onNotice?.(notice));
  const unlaunched = leaveUnlaunched(files.chain, genesis, clock.nowMs());
  if (unlaunched !== undefined) options.onNotice?.({ kind: 'new-genesis', setAside: unlaunched });
  const key = await loadOrCreateNodeKey(files.nodeKey);

  let fatal: Error | undefined;
  const onFatal = (error: Error): void => {
    if (fatal !== undefined) return;
    fatal = error;
    options.onFatal(error);
  };

  const storage: Storage = await Storage.open({
    file: files.chain,
    workers: { writer: options.workers.storageWriter, reader: options.workers.storageReader },
    onDurable: (through) => {
      runner.durable(through);
      loop.wake();
    },
    onFailure: onFatal,
    monotonicMs: () => clock.monotonicMs(),
    ...(options.syncDelayMs === undefined ? {} : { syncDelayMs: options.syncDelayMs }),
  });
  undo.push(() => storage.close());
  const walletDatabase = await WalletDatabase.open(files.wallet, options.workers.wallet, onFatal).catch(asWalletDamage);
  undo.push(() => walletDatabase.close());
  await refuseDamage(storage, files);

  const restored = restoredState(storage, genesis, clock.nowMs());
  const verifier = new VerifyPool(options.workers.verify, options.verifyWorkers, onFatal);
  undo.push(() => verifier.stop());

  const requests = new Requests();
  undo.push(() => requests.stop());
  const surroundings = new Surroundings({
    network: genesis.network,
    dnsSeeds: options.dnsSeeds ?? [],
    discoveryUrls: options.discoveryUrls ?? [],
    portMapping: options.portMapping ?? false,
    proxy: options.proxy,
    countryFile: options.countryFile,
    userAgent: options.userAgent,
    secretKey: key.secretKey64,
    nowMs: () => clock.nowMs(),
    input: (input) => loop.push(input),
    notice: (notice) => options.onNotice?.(notice),
  });
  const engineOptions = {
    params: paramsOf[genesis.network],
    genesis,
    self: key.nodeId,
    signer: key,
    masternode: options.masternode,
    chain: storage.reader,
    random: Math.random,
    stopwatch: () => clock.monotonicMs(),
    nonce: randomBytes(8).readBigUInt64LE(),
    userAgent: options.userAgent,
    connect: options.connect,
    bootstrap: options.bootstrap ?? [],
    whitelist: options.whitelist ?? [],
    discovery: options.discovery ?? true,
    limits: options.limits,
    countryOf: surroundings.countryOf,
  };
  // Sockets hand their events to the loop, and the loop is made before the engine knows the port it listens on.
  let engine: Engine | undefined;
  const timers = new NamedTimers(clock, () => loop.wake());
  const traffic = new TrafficLog(clock);
  const transport: TcpTransport = new TcpTransport({
    secretKey: key.secretKey64,
    events: eventsOf(() => loop, options.onInboundFailed),
    limits: transportLimits(options.limits),
    isExempt: exemptHosts(options.limits, options.whitelist ?? []),
    meter: traffic,
    proxy: options.proxy,
  });
  const loop: EventLoop = new EventLoop({
    engine: {
      step: (input, nowMs) => {
        invariant(engine !== undefined, 'inputs come after the start');
        return engine.step(input, nowMs);
      },
    },
    clock,
    run: (effects) => runner.run(effects),
    timers,
    transport,
    isCongested: () => storage.backlogBytes + runner.waitingBytes > maxBacklogBytes,
    onFatal,
  });
  const runner: EffectRunner = new EffectRunner({
    storage,
    verifier,
    transport,
    timers,
    input: (input) => loop.push(input),
    answer: (request, result) => requests.transactions.answer(request, result),
    answerBranch: (request, result) => requests.branches.answer(request, result),
    discover: () => surroundings.discover(),
    probe: ({ request, address, nodeId }) => void transport.probe(address, nodeId).then((reached) => loop.push({ kind: 'probed', request, reached })),
    publish: (event) => options.onEvent(event, clock.nowMs()),
    onFatal,
  });
  undo.push(() => transport.stop());
  undo.push(() => {
    loop.stop();
    runner.stop();
    timers.stop();
    // A peer that is told so neither wonders nor waits for what will not be answered.
    const peers = engine?.views.peers().map(({ connection }) => connection) ?? [];
    transport.send(peers, encodeMessage({ type: 'Disconnect', body: { code: 'stopping' } }));
  });
  undo.push(() => surroundings.stop());

  const listening = options.listen && (await transport.listen(options.listen.host, options.listen.port));
  engine = new Engine({ ...engineOptions, listenPort: listening?.port ?? 0 }, restored);
  loop.push({ kind: 'start' });
  if (listening !== undefined) surroundings.listening(listening);
  const address = listening === undefined ? '' : `${listening.host}:${listening.port}`;
  return make({
    files,
    genesis,
    key,
    views: engine.views,
    storage,
    walletDatabase,
    address,
    loop,
    requests,
    transport,
    traffic,
    surroundings,
    now: () => clock.nowMs(),
    stop,
  });
}

/** The transport is made first, and its first event comes when everything is there. */
const eventsOf = (loop: () => EventLoop, onInboundFailed: NodeOptions['onInboundFailed']): TransportEvents => ({
  ...(onInboundFailed === undefined ? {} : { onInboundFailed }),
  onOpen: (connection) => loop().transportEvents.onOpen(connection),
  onMessages: (connection, messages) => loop().transportEvents.onMessages(connection, messages),
  onClose: (connection, reason) => loop().transportEvents.onClose(connection, reason),
  onDialFailed: (address, token, reason) => loop().transportEvents.onDialFailed(address, token, reason),
});
