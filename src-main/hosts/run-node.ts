import { readFile } from 'node:fs/promises';
import { availableParallelism, uptime } from 'node:os';
import { decodeBlockParts } from '../core/codec/block.ts';
import type { EngineEvent } from '../core/events.ts';
import { formatNetworkAddress } from '../core/net/network-address.ts';
import { paramsOf } from '../core/params.ts';
import { AuditService } from '../node/audit/audit-service.ts';
import { auditGenesisOf } from '../node/audit/chain-walk.ts';
import { systemClock } from '../node/clock.ts';
import type { ConfigSources, NodeConfig } from '../node/config/config.ts';
import { NodeSettings } from '../node/config/node-settings.ts';
import { ConnectionHistory } from '../node/connection-history.ts';
import { FreeDisk } from '../node/free-disk.ts';
import type { NodeLog } from '../node/logging/logger.ts';
import { MasternodeService } from '../node/masternode-service.ts';
import { timerThroughSleep } from '../node/named-timers.ts';
import { Node, type WorkerFiles } from '../node/node.ts';
import { type StopPart, stopInReverse } from '../node/stop-parts.ts';
import { workersFor } from '../node/verify/verify-pool.ts';
import { maxRecentBlocks, NodeHistory } from '../node/views.ts';
import { WalletKeeper } from '../node/wallet/wallet-keeper.ts';
import { healthFactsOf } from './api/health-facts.ts';
import type { NodeEventListener, NodeInfo, NodeServices, Restart } from './api/node-services.ts';
import { type Api, createApi } from './api/registry.ts';
import { TopicPublisher } from './api/topics.ts';
import { noPreferences, type Preferences } from './app-preferences.ts';
import { type Setup, settledSetup } from './app-setup.ts';
import { connectionRefusalLog } from './connection-refusal-log.ts';
import { eventLog } from './event-log.ts';
import { newPageToken, startWebServer } from './headless/web-server.ts';
import { startHealth } from './health-loop.ts';
import { networkGenesis } from './network-genesis.ts';
import { logNotice } from './notice-log.ts';
import { startRpcServer } from './rpc/rpc-server.ts';
import { userAgent, version } from './version.ts';

export interface RunOptions {
  readonly config: NodeConfig;
  /** What `config` was made of. */
  readonly sources: ConfigSources;
  readonly log: NodeLog;
  readonly workers: WorkerFiles;
  /** Built pages, for the browser; undefined serves none. */
  readonly pages: URL | undefined;
  /** DB-IP's file, which may be missing. */
  readonly countryFile: URL;
  /** Somebody asked it to stop, through a door. */
  readonly onStopRequest: () => void;
  /** Once: nothing more can be done, and it is to be stopped. */
  readonly onFatal: (error: Error) => void;
  /** Asked for by the operator: a damaged chain.sqlite is set aside, and the chain fetched anew. */
  readonly repair?: boolean;
  readonly syncDelayMs?: number;
  /** What the app lets choose; absent: nothing. */
  readonly setup?: Setup;
  /** Absent: nothing. */
  readonly preferences?: Preferences;
  /** How the host starts the node anew; absent: it cannot. */
  readonly restart?: Restart;
  /** Of the pages, where one outlives the node: an app that starts it anew. Absent: a new one. */
  readonly webToken?: string;
}

/** A node with its doors open. */
export interface RunningNode {
  readonly services: NodeServices;
  readonly api: Api;
  readonly topics: TopicPublisher;
  /** host:port each; undefined where the door is closed. */
  readonly p2pAddress: string | undefined;
  readonly rpcAddress: string | undefined;
  /** The page's address, with the token that opens it: for the person, and for no log. */
  readonly webUrl: string | undefined;
  readonly cookieFile: string;
  /** Resolves when nothing of it is left. */
  stop(): Promise<void>;
}

/** Starts a node and opens its doors, in the order of the lines; stops in strict reverse. Rejects with what the parts reject with, and nothing is left running. */
export async function runNode(options: RunOptions): Promise<RunningNode> {
  const undo: StopPart[] = [];
  const stop = (): Promise<void> => stopInReverse(undo);
  try {
    return await startParts(options, undo, once(stop));
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }
}

async function startParts(options: RunOptions, undo: StopPart[], stop: () => Promise<void>): Promise<RunningNode> {
  const { config, log } = options;
  const genesis = networkGenesis(config.network, config.genesisFile, config.genesisHash);
  const listeners = new Set<NodeEventListener>();
  // Events that come before everything is there are history's and the log's alone; the first turn of the loop comes later than this function's.
  const clock = systemClock();
  const connections = new ConnectionHistory();
  const write = eventLog(log, () => clock.monotonicMs());
  const onEvent = (event: EngineEvent, atMs: number): void => {
    write(event, connections.onEvent(event, atMs)?.phase);
    for (const listener of listeners) listener(event, atMs);
  };
  const logRefusal = connectionRefusalLog(log.of('peers'), () => clock.monotonicMs());
  const node = await Node.start({
    directory: config.directory,
    genesis,
    listen: config.listen,
    connect: config.connect,
    masternode: config.masternode,
    limits: config.limits,
    bootstrap: config.bootstrap,
    whitelist: config.whitelist,
    discovery: config.discovery,
    dnsSeeds: config.dnsSeeds,
    discoveryUrls: config.discoveryUrls,
    portMapping: config.portMapping,
    proxy: config.proxy,
    countryFile: options.countryFile,
    userAgent,
    workers: options.workers,
    verifyWorkers: workersFor(availableParallelism()),
    repair: options.repair ?? false,
    ...(options.syncDelayMs === undefined ? {} : { syncDelayMs: options.syncDelayMs }),
    onEvent,
    onInboundFailed: (address, failure) => {
      logRefusal(address, failure);
      connections.inboundFailed(address, failure.detail === '' ? failure.code : `${failure.code}: ${failure.detail}`, clock.nowMs());
    },
    onNotice: (notice) => logNotice(log, notice),
    onFatal: options.onFatal,
  });
  undo.push(() => node.stop());
  const startedAtMs = node.nowMs();
  const startedMonotonicMs = clock.monotonicMs();

  const history = await historyOf(node, listeners);
  const wallets = await WalletKeeper.open({
    vaultFile: node.files.vault,
    store: node.walletDatabase,
    genesisHash: node.genesisHash,
    network: config.network,
    coinbaseMaturity: paramsOf[config.network].coinbaseMaturity,
    views: node.views,
    storage: node.storage,
    submit: (encoded) => node.submit(encoded),
    nodeKey: node.signingKey,
    readNodeKey: () => readFile(node.files.nodeKey, 'latin1'),
    nowMs: () => node.nowMs(),
    monotonicMs: () => clock.monotonicMs(),
    setTimer: (run, delayMs) => timerThroughSleep(clock, run, delayMs),
  });
  undo.push(() => wallets.close());
  listeners.add((event) => wallets.onEvent(event));

  const info: NodeInfo = {
    version,
    network: node.network,
    genesisHash: node.genesisHash,
    genesisTimeMs: genesis.time,
    nodeId: node.nodeId,
    masternode: config.masternode,
    p2pAddress: node.address,
    proxy: config.proxy === undefined ? '' : formatNetworkAddress(config.proxy.host, config.proxy.port),
    dataDirectory: node.files.directory,
    practice: config.network === 'devnet',
    startedAtMs,
    userAgent,
  };
  const disk = new FreeDisk(node.files.directory);
  await disk.start();
  undo.push(() => disk.stop());
  const audit = new AuditService({
    storage: node.storage,
    genesis: auditGenesisOf(genesis),
    chainFile: node.files.chain,
    walletFile: node.files.wallet,
    nowMs: () => node.nowMs(),
    onFinding: (what) => log.of('storage').error('a stored file is damaged', { what }),
  });
  const judged = { info, views: node.views, storage: node.storage, audit, restart: options.restart, nowMs: () => node.nowMs() };
  const health = startHealth({
    facts: () => healthFactsOf(judged, disk.bytes),
    nowMs: judged.nowMs,
    monotonicMs: () => clock.monotonicMs(),
    uptimeMs: () => uptime() * 1_000,
    log: log.of('health'),
  });
  undo.push(() => health.stop());

  const added = new Set(config.connect);
  const services: NodeServices = {
    info,
    uptimeMs: () => clock.monotonicMs() - startedMonotonicMs,
    audit,
    health,
    freeDiskBytes: () => disk.bytes,
    setup: options.setup ?? settledSetup(config.network, config.masternode),
    settings: new NodeSettings(options.sources),
    preferences: options.preferences ?? noPreferences,
    restart: options.restart,
    logs: log.recent,
    views: node.views,
    history,
    connections,
    storage: node.storage,
    get wallet() {
      return wallets.wallet;
    },
    wallets,
    masternodes: new MasternodeService({
      network: config.network,
      genesisHash: node.genesisHash,
      nodeKey: node.signingKey,
      views: node.views,
      submit: (encoded) => node.submit(encoded),
      nowMs: () => node.nowMs(),
    }),
    submit: (encoded) => node.submit(encoded),
    invalidateBlock: (hash, foundAt, isConfirmed) => node.invalidateBlock(hash, foundAt, isConfirmed),
    reconsiderBlock: (hash) => node.reconsiderBlock(hash),
    addNode: (address) => {
      if (added.has(address)) return false;
      added.add(address);
      node.addNode(address);
      return true;
    },
    removeNode: (address) => {
      if (!added.delete(address)) return false;
      node.removeNode(address);
      return true;
    },
    tryNode: (address) => {
      node.tryNode(address);
    },
    disconnectNode: (connection) => node.disconnectNode(connection),
    addedNodes: () => [...added],
    setBan: (subject, untilMs) => node.setBan(subject, untilMs),
    clearBan: (subject) => node.clearBan(subject),
    clearBans: () => node.clearBans(),
    checkReachability: () => node.checkReachability(),
    connectionStats: (connection) => node.connectionStats(connection),
    traffic: () => node.traffic(),
    trafficHistory: () => node.trafficHistory(),
    portMapping: () => node.portMapping(),
    countryOf: (host) => node.countryOf(host),
    onEvent: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    requestStop: options.onStopRequest,
    nowMs: () => node.nowMs(),
  };

  const api = createApi(services, log.of('doors'));
  const topics = new TopicPublisher(services, log.of('doors'));
  undo.push(() => topics.stop());
  const rpc = config.rpc && (await startRpcServer({ endpoint: config.rpc, cookieFile: node.files.cookie, api, services }));
  if (rpc !== undefined) undo.push(() => rpc.close());
  const web =
    config.web &&
    options.pages &&
    (await startWebServer({ endpoint: config.web, pages: options.pages, token: options.webToken ?? newPageToken(), api, topics, log: log.of('doors') }));
  if (web !== undefined) undo.push(() => web.close());
  return {
    services,
    api,
    topics,
    p2pAddress: node.address === '' ? undefined : node.address,
    rpcAddress: rpc?.address,
    webUrl: web?.url,
    cookieFile: node.files.cookie,
    stop,
  };
}

async function historyOf(node: Node, listeners: Set<NodeEventListener>): Promise<NodeHistory> {
  const { views, storage } = node;
  const blockTimeMs = (of: number): number => {
    const tip = views.tip();
    if (tip.height === of) return tip.timeMs;
    const block = storage.reader.block(of);
    return block === undefined ? tip.timeMs : decodeBlockParts(block.encoded).header.time;
  };
  const history = new NodeHistory({ views, blockTimeMs, nowMs: () => node.nowMs() });
  listeners.add((event, atMs) => history.onEvent(event, atMs));
  const from = Math.max(0, views.tip().height - maxRecentBlocks + 1);
  history.seed(await storage.query('blockSummaries', { from, count: maxRecentBlocks }));
  return history;
}

function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => {
    running ??= run();
    return running;
  };
}
