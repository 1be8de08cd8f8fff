import { type BlockHash, type NodeId, type OutpointKey, outpointKey, type Txid } from '../../../src-shared/domain/ids.ts';
import { defaultLimits } from '../../../src-shared/domain/net-limits.ts';
import { networks } from '../../../src-shared/domain/networks.ts';
import type { PendingTransaction } from '../../core/engine/views.ts';
import type { EngineEvent } from '../../core/events.ts';
import type { ConnectionId } from '../../core/net/connection-id.ts';
import type { AddressState } from '../../core/net/network-state.ts';
import { ConnectionHistory } from '../../node/connection-history.ts';
import { LogRing } from '../../node/logging/log-ring.ts';
import type { QueryArgs, QueryName } from '../../node/storage/queries.ts';
import type { Traffic } from '../../node/traffic.ts';
import { type EngineView, NodeHistory } from '../../node/views.ts';
import { genesis, genesisTxid, minting, nowMs, otherLock, ownLock, paying, peerId, selfId } from './known.fixture.ts';
import type { NodeEventListener, NodeServices } from './node-services.ts';
import { shownSettings } from './settings.fixture.ts';
import { fakeWallet, fakeWallets } from './wallet.fixture.ts';

/** A node of two members without threads, files or sockets, whose answers are few and known. */
const pending: PendingTransaction = {
  hashed: paying,
  status: 'certified',
  fee: 1_000_000_000n,
  receivedMs: nowMs - 40,
  finalAfterMs: undefined,
  contested: false,
  tally: {
    acceptWeight: 20,
    commitWeight: 10,
    rejectWeight: 0,
    totalWeight: 20,
    acceptVoters: 2,
    commitVoters: 1,
    rejectVoters: 0,
    totalVoters: 2,
    certified: true,
    final: false,
    rejected: false,
    missing: [],
  },
};
export const spendingTxid = 'dc'.repeat(32) as Txid;
export const droppedTxid = 'dd'.repeat(32) as Txid;
const snapshot = genesis.registry.snapshot;
export const bannedId = 'cc'.repeat(32) as NodeId;
const address: AddressState = {
  address: '',
  nodeId: undefined,
  role: 'peer',
  source: 'peer',
  state: 'known',
  nextTryMs: undefined,
  attempts: 0,
  lastReason: undefined,
  lastSuccessMs: undefined,
  lastTryMs: undefined,
  anchor: false,
};
const traffic: Traffic = {
  sent: { total: { messages: 4, bytes: 1_000 }, byType: { Ping: { messages: 3, bytes: 200 }, Hello: { messages: 1, bytes: 800 } } },
  received: { total: { messages: 2, bytes: 2_000 }, byType: { Pong: { messages: 2, bytes: 2_000 } } },
  leftOut: { total: { messages: 1, bytes: 50 }, byType: { TransactionAnnouncement: { messages: 1, bytes: 50 } } },
  lastSentMs: nowMs - 100,
  lastReceivedMs: nowMs - 90,
};

function shownLogs(): LogRing {
  const ring = new LogRing('info', nowMs - 61_500);
  ring.add({ timems: nowMs - 61_000, level: 'info', part: 'node', text: 'started network=devnet' });
  ring.add({ timems: nowMs - 60_000, level: 'warn', part: 'peers', text: 'peer-violation reason="flood: too many"' });
  return ring;
}

function fakeViews(): EngineView {
  const coin = (key: OutpointKey) => genesis.coins.find(({ outpoint }) => outpointKey(outpoint) === key)?.coin;
  return {
    tip: () => ({
      height: 0,
      hash: genesis.block.hash,
      timeMs: genesis.time,
      utxoSetHash: genesis.block.header.utxoSetHash,
      setHashState: genesis.setHashState,
    }),
    snapshot: () => snapshot,
    registry: () => genesis.registry,
    heartbeat: () => ({ state: 'online', lastMs: nowMs - 1_000, height: 0 }),
    epochState: () => ({ lengthSlots: 5, isClosing: false, blocksLeft: 6 }),
    self: () => selfId,
    behindBy: () => 0,
    isKeyElsewhere: () => false,
    nextProposalHeight: () => 3,
    halts: () => [],
    invalidBlocks: () => [],
    isReverting: () => false,
    consensus: () => ({
      height: 1,
      round: 0,
      step: 'prevote',
      proposer: peerId,
      totalWeight: 20,
      prevotes: [
        { blockHash: 'ee'.repeat(32) as BlockHash, weight: 10, voters: [selfId] },
        { blockHash: undefined, weight: 10, voters: [peerId] },
      ],
      precommits: [],
      votes: true,
      signing: { kind: 'signing' },
      beganMs: nowMs - 10,
      nextSlotMs: nowMs + 9_000,
      halted: false,
    }),
    lastDecided: () => ({
      hash: genesis.block.hash,
      certificate: {
        height: 0,
        round: 0,
        blockHash: genesis.block.hash,
        precommits: [{ nodeId: selfId, signature: new Uint8Array(64) }],
      },
      prevotes: [{ blockHash: genesis.block.hash, weight: 20, voters: [selfId, peerId] }],
    }),
    peers: () => [
      {
        connection: 7 as ConnectionId,
        nodeId: peerId,
        address: '127.0.0.1:5000',
        remoteHost: '127.0.0.1',
        direction: 'inbound',
        votes: true,
        height: 0,
        tipHash: genesis.block.hash,
        userAgent: '/TIME:0.1.0/',
        protocolVersion: 1,
        observedAddress: '127.0.0.1:6000',
        listenPort: 24_200,
        rtt: { lastMs: 12, minMs: 10, smoothedMs: 11.5, jitterMs: 2, historyMs: [10, 12] },
        missedPings: 0,
        pings: { sent: 3, answered: 2 },
        clockOffsetMs: 4,
        score: 90,
        violations: 0,
        readySinceMs: nowMs - 5_000,
      },
    ],
    addresses: () => [
      { ...address, address: '127.0.0.1:7', state: 'backoff', nextTryMs: nowMs + 500, attempts: 2, lastReason: 'refused', lastTryMs: nowMs - 1_500 },
      { ...address, address: '127.0.0.1:1', role: 'configured', source: 'configured', nodeId: peerId, state: 'connected', lastSuccessMs: nowMs - 5_000 },
      { ...address, address: '192.0.2.1:24200', state: 'givenUp', attempts: 10, lastReason: 'timeout' },
    ],
    bans: () => [
      {
        subject: { kind: 'network', subnet: '192.0.2.0/24' },
        createdMs: nowMs - 1_000,
        untilMs: nowMs + 59_000,
        reason: 'set by the operator',
        by: 'operator',
      },
      { subject: { kind: 'node', nodeId: bannedId }, createdMs: nowMs - 1_000, untilMs: undefined, reason: 'bad-signature', by: 'violations' },
    ],
    violations: () => [{ atMs: nowMs - 1_000, connection: 3 as ConnectionId, nodeId: bannedId, code: 'bad-signature', detail: 'a block vote' }],
    clock: () => ({ state: 'good', offsetMs: 4, members: 2 }),
    reachability: () => ({
      state: 'reachable',
      address: '203.0.113.9:24200',
      checkedAtMs: nowMs - 60_000,
      observed: [{ host: '203.0.113.9', peers: 2 }],
      mapped: undefined,
    }),
    rateLimited: () => [{ limit: 'rate_get_peers', messages: 12 }],
    limits: () => defaultLimits('devnet'),
    mempool: () => ({ size: 1, bytes: paying.encoded.length, certified: 1, final: 0 }),
    pending: (txid) => (txid === paying.txid ? pending : undefined),
    newestPending: () => [pending],
    pendingTransactions: () => [paying],
    votesCounted: () => 3,
    departed: (txid) => (txid === droppedTxid ? { state: 'dropped', reason: 'expired', detail: '' } : undefined),
    utxoState: (key) => (key === `${genesisTxid}:2` ? { kind: 'spentPending', txid: paying.txid, weight: 20 } : { kind: 'unspent' }),
    coin,
    isSpentByPending: (key) => key === `${genesisTxid}:2`,
    isCollateral: (key) => genesis.registry.isCollateral(key),
  };
}

function fakeQuery(name: QueryName, args: unknown): unknown {
  const { block } = genesis;
  const summary = { height: 0, hash: block.hash, proposer: block.header.proposer, time: block.header.time, round: 0, decidedAtMs: nowMs, transactions: 1 };
  switch (name) {
    case 'block': {
      const { hash } = args as { readonly hash?: BlockHash };
      return hash === undefined || hash === block.hash ? { ...summary, encoded: block.encoded, certificate: undefined } : undefined;
    }
    case 'transaction': {
      const { txid } = args as QueryArgs<'transaction'>;
      const position = { height: 0, position: 0, blockHash: block.hash, finalAfterMs: undefined };
      return txid === genesisTxid ? { txid, ...position, encoded: minting?.encoded } : undefined;
    }
    case 'utxoSetInfo': {
      const muhash = block.header.utxoSetHash;
      return { height: 0, bestBlock: block.hash, coins: genesis.coins.length, totalAmount: 205_000_000_000n, muhash, expectedMuhash: muhash };
    }
    case 'coinsOfLocks':
      return genesis.coins.filter(({ coin }) => (args as QueryArgs<'coinsOfLocks'>).locks.includes(coin.lock));
    case 'historyOfLocks':
      return (args as QueryArgs<'historyOfLocks'>).locks.includes(ownLock) ? [{ txid: genesisTxid, height: 0, position: 0 }] : [];
    case 'blockSummaries':
      return [summary];
    case 'blockTimes':
      return (args as QueryArgs<'blockTimes'>).heights.map((height) => (height === 0 ? summary.time : undefined));
    case 'blockFacts': {
      const { hash } = args as { readonly hash?: BlockHash };
      const coinbase = minting && { txid: minting.txid, outputs: minting.transaction.outputs };
      const { header, encoded } = block;
      if (hash !== undefined && hash !== block.hash) return undefined;
      const certificate = { height: 0, round: 0, blockHash: block.hash, precommits: [{ nodeId: selfId, signature: new Uint8Array(64) }] };
      const weights = new Map(snapshot.members.map(({ nodeId, weight }) => [nodeId, weight]));
      return {
        hash: block.hash,
        nextHash: undefined,
        header,
        sizeBytes: encoded.length,
        transactions: 1,
        coinbase,
        certificate,
        snapshot: { totalWeight: 20, weights },
      };
    }
    case 'blockTransactions': {
      if ((args as QueryArgs<'blockTransactions'>).hash !== block.hash) return undefined;
      return [{ position: 0, txid: genesisTxid, kind: 'coinbase', inputs: 0, outputs: 3, amount: 205_000_000_000n, sizeBytes: 200 }];
    }
    case 'transactionFacts': {
      const { txid } = args as QueryArgs<'transactionFacts'>;
      if (txid !== genesisTxid) return undefined;
      const place = { txid, height: 0, position: 0, blockHash: block.hash, blockTimeMs: genesis.time, finalAfterMs: undefined };
      const spenders = [{ vout: 1, txid: spendingTxid, height: 7 }];
      return { ...place, encoded: minting?.encoded, spent: [], unspent: [true, false, true], spenders };
    }
    case 'outputsAt':
      return (args as QueryArgs<'outputsAt'>).outpoints.map(() => undefined);
    case 'transactionsOfLock': {
      const row = { txid: genesisTxid, height: 0, position: 0, blockTimeMs: genesis.time, kind: 'coinbase', received: 205_000_000_000n, paid: 0n };
      return (args as QueryArgs<'transactionsOfLock'>).lock === ownLock ? [row] : [];
    }
    case 'coinsOfLock':
      return genesis.coins.filter(({ coin }) => coin.lock === (args as QueryArgs<'coinsOfLock'>).lock);
    case 'sumOfLock': {
      const coins = genesis.coins.filter(({ coin }) => coin.lock === (args as QueryArgs<'sumOfLock'>).lock);
      return { coins: coins.length, mature: coins.reduce((sum, { coin }) => sum + coin.amount, 0n), immature: 0n, isWhole: true };
    }
    case 'usedLocks':
      return (args as QueryArgs<'usedLocks'>).locks.filter((lock) => lock === ownLock);
    default:
      return [];
  }
}

export interface FakeServices extends NodeServices {
  publish(event: EngineEvent): void;
  readonly stopRequests: number;
  readonly listeners: number;
  setNow(ms: number): void;
}

export function fakeServices(overrides: Partial<NodeServices> = {}): FakeServices {
  const listeners = new Set<NodeEventListener>();
  const added = new Set(['127.0.0.1:1']);
  const views = overrides.views ?? fakeViews();
  let now = nowMs;
  let stopRequests = 0;
  const history = new NodeHistory({ views, blockTimeMs: () => genesis.time, nowMs: () => now });
  const connections = new ConnectionHistory();
  history.seed(fakeQuery('blockSummaries', {}) as never);
  return {
    info: {
      version: '0.1.0',
      network: networks.devnet,
      genesisHash: genesis.hash,
      genesisTimeMs: genesis.time,
      nodeId: selfId,
      masternode: true,
      p2pAddress: '127.0.0.1:24200',
      proxy: '',
      dataDirectory: '/data',
      practice: true,
      startedAtMs: nowMs - 61_500,
      userAgent: '/TIME:0.1.0/',
    },
    uptimeMs: () => 61_500,
    views,
    history,
    connections,
    audit: {
      running: undefined,
      damage: undefined,
      last: { level: 3, from: 0, to: 0, revertedFrom: undefined, problem: { height: 0, what: 'a byte' }, finishedAtMs: nowMs },
      verifyChain: () => Promise.resolve({ level: 4, from: 0, to: 0, revertedFrom: undefined, problem: undefined, finishedAtMs: nowMs }),
      checkFiles: () => Promise.resolve({ chain: [], wallet: [] }),
      coinSet: () => Promise.resolve(fakeQuery('utxoSetInfo', {}) as never),
    },
    storage: {
      backlogBytes: 0,
      oldestWriteMs: 0,
      reader: {
        coin: (key) => views.coin(key),
        block: (height) => (height === 0 ? { hash: genesis.block.hash, encoded: genesis.block.encoded, certificate: undefined } : undefined),
        transactionHeight: () => undefined,
        undo: () => undefined,
        revertedAfter: () => [],
      },
      query: (name, args) => Promise.resolve(fakeQuery(name, args) as never),
      settled: () => Promise.resolve(),
    },
    setup: {
      state: () => ({ network: 'practice', networks: ['practice'], role: 'masternode', rolefixed: true, done: true }),
      choose: () => Promise.resolve({ restarting: false }),
    },
    settings: {
      view: () => ({ configPath: '/data/config.toml', settingsPath: '/data/settings.json', settings: shownSettings }),
      change: () => Promise.resolve(),
    },
    preferences: {
      state: () => ({ startatlogin: false, keepawake: true }),
      change: () => Promise.resolve({ startatlogin: true, keepawake: false }),
    },
    restart: () => undefined,
    logs: shownLogs(),
    freeDiskBytes: () => 50_000_000_000,
    health: { view: () => ({ verdict: 'good', alerts: [] }), onChange: () => () => undefined },
    wallet: fakeWallet,
    wallets: fakeWallets,
    masternodes: {
      register: () => Promise.resolve({ txid: paying.txid, ownerLock: ownLock, rewardLock: otherLock }),
      update: () => Promise.resolve(paying.txid),
      exit: () => Promise.resolve(paying.txid),
      registrationFee: () => Promise.resolve(1_000n),
      updateFee: () => Promise.resolve(1_000n),
      exitFee: () => Promise.resolve(1_000n),
      revive: () => Promise.resolve(paying.txid),
    },
    submit: () => Promise.resolve({ txid: paying.txid }),
    invalidateBlock: () => Promise.resolve({ ok: true, reverted: 0, height: 0, hash: genesis.block.hash }),
    reconsiderBlock: () => Promise.resolve({ ok: true, reverted: 0, height: 0, hash: genesis.block.hash }),
    addNode: (address) => !added.has(address) && added.add(address).has(address),
    removeNode: (address) => added.delete(address),
    tryNode: () => undefined,
    disconnectNode: () => undefined,
    addedNodes: () => [...added],
    setBan: () => undefined,
    clearBan: () => undefined,
    clearBans: () => undefined,
    checkReachability: () => undefined,
    connectionStats: () => ({ bytesSent: 1_000, bytesReceived: 2_000, traffic }),
    traffic: () => traffic,
    trafficHistory: () => ({ sentBytes: [0, 100], receivedBytes: [200, 0] }),
    portMapping: () => ({ state: 'off', reason: 'loopback' }),
    countryOf: (host) => (host === '127.0.0.1' ? undefined : 'DE'),
    onEvent: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    requestStop: () => {
      stopRequests++;
    },
    nowMs: () => now,
    ...overrides,
    publish: (event) => {
      history.onEvent(event, now);
      connections.onEvent(event, now);
      for (const listener of listeners) listener(event, now);
    },
    get stopRequests() {
      return stopRequests;
    },
    get listeners() {
      return listeners.size;
    },
    setNow: (ms) => {
      now = ms;
    },
  };
}
