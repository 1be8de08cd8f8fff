import { encodeAddress } from '../../../src-shared/domain/address.ts';
import { type BlockHash, type Lock, type NodeId, type OutpointKey, outpointKey, type PublicKey, type Txid } from '../../../src-shared/domain/ids.ts';
import { defaultLimits } from '../../../src-shared/domain/net-limits.ts';
import { networks } from '../../../src-shared/domain/networks.ts';
import { type HashedTransaction, hashTransaction } from '../../core/codec/transaction.ts';
import type { PendingTransaction } from '../../core/engine/views.ts';
import type { EngineEvent } from '../../core/events.ts';
import { createGenesis } from '../../core/genesis.ts';
import type { ConnectionId } from '../../core/net/connection-id.ts';
import type { AddressState } from '../../core/net/network-state.ts';
import { ConnectionHistory } from '../../node/connection-history.ts';
import type { WatchedKey } from '../../node/keys/wallet-store.ts';
import type { QueryArgs, QueryName } from '../../node/storage/queries.ts';
import type { Traffic } from '../../node/traffic.ts';
import { type EngineView, NodeHistory } from '../../node/views.ts';
import type { WalletHistoryEntry } from '../../node/wallet-history.ts';
import type { PaidRequest } from '../../node/wallet-requests.ts';
import type { ListedCoin } from '../../node/wallet-service.ts';
import type { NodeEventListener, NodeServices, WalletApi, WalletsApi } from './node-services.ts';

/** A node of two members without threads, files or sockets, whose answers are few and known. */
export const ownLock = '11'.repeat(20) as Lock;
export const otherLock = '22'.repeat(20) as Lock;
export const ownAddress = encodeAddress(ownLock, 'devnet');
export const otherAddress = encodeAddress(otherLock, 'devnet');
const selfId = 'aa'.repeat(32) as NodeId;
const peerId = 'bb'.repeat(32) as NodeId;
const nowMs = 1_700_000_100_000;

export const genesis = createGenesis({
  network: 'devnet',
  time: nowMs - 100_000,
  masternodes: [selfId, peerId].map((nodeKey) => ({ nodeKey, tier: 'bronze', ownerLock: ownLock, rewardLock: ownLock, serviceAddress: '127.0.0.1:1' })),
  allocations: [{ lock: ownLock, amount: 5_000_000_000n, label: 'one' }],
});
const [minting] = genesis.block.transactions;
if (minting === undefined) throw new Error('a genesis has a transaction');
export const genesisTxid: Txid = minting.txid;

export const paying: HashedTransaction = hashTransaction({
  version: 1,
  kind: 'transfer',
  inputs: [{ txid: genesisTxid, vout: 2 }],
  outputs: [{ amount: 4_000_000_000n, lock: otherLock }],
  timestamp: nowMs - 50,
  payload: new Uint8Array(0),
  witnesses: [],
});
const pending: PendingTransaction = {
  hashed: paying,
  status: 'certified',
  fee: 1_000_000_000n,
  receivedMs: nowMs - 40,
  finalAfterMs: undefined,
  contested: false,
  tally: { acceptWeight: 20, commitWeight: 10, rejectWeight: 0, totalWeight: 20, certified: true, final: false, rejected: false, missing: [] },
};
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
    default:
      return [];
  }
}

const listedCoins: readonly ListedCoin[] = (['spendable', 'pending', 'locked', 'immature', 'spending'] as const).map((category, vout) => ({
  coin: {
    outpoint: { txid: genesisTxid, vout },
    amount: 1_000n,
    lock: ownLock,
    coinbase: false,
    parent: { kind: 'in-block', height: 0 } as const,
    collateral: false,
    spentBy: undefined,
  },
  category,
  label: '',
  account: 0,
  setAside: vout === 4,
}));
const listedPayment: WalletHistoryEntry = {
  entry: { txid: paying.txid, kind: 'sent', net: -4_000_000_000n, fee: 1_000n, counterparties: [otherLock], timestampMs: nowMs },
  stage: 'certified',
  finalAfterMs: undefined,
  height: undefined,
  reason: undefined,
  received: new Map(),
};
const ownKey: WatchedKey = { account: 0, branch: 'receive', index: 7, publicKey: 'aa'.repeat(32) as PublicKey, lock: ownLock };
const fakeRequest: PaidRequest = {
  request: { lock: ownLock, amount: 250_000_000n, label: 'rent', createdMs: nowMs },
  account: 0,
  state: 'partly',
  received: 50_000_000n,
  pending: 1n,
  txids: [paying.txid],
};

export const fakeWallet: WalletApi = {
  start: () => Promise.resolve(),
  begin: () => Promise.resolve(),
  info: () => ({
    name: 'wallet.vault',
    words: 24,
    passphraseRequired: false,
    unlocked: true,
    unlockedUntilMs: nowMs + 60_000,
    accounts: 1,
    keysAhead: 100,
    scanning: undefined,
    wrongPassphrases: 0,
    retryAfterMs: 0,
  }),
  isMine: (lock) => lock === ownLock,
  keyOf: (lock) => (lock === ownLock ? ownKey : undefined),
  label: () => 'rent',
  labels: () => new Map([[otherLock, 'rent']]),
  setLabel: () => Promise.resolve(),
  accounts: () => [{ account: 0, name: 'main', used: true }],
  createAccount: () => Promise.resolve(1),
  setAccountName: () => Promise.resolve(),
  balance: () => Promise.resolve({ spendable: 5_000_000_000n, pending: 0n, immature: 0n, locked: 200_000_000_000n }),
  listCoins: () => Promise.resolve(listedCoins),
  putAside: () => Promise.resolve(),
  giveBack: () => Promise.resolve(),
  setAside: () => new Set([outpointKey({ txid: genesisTxid, vout: 4 })]),
  list: ({ matches }) => Promise.resolve(matches === undefined || matches(listedPayment) ? [listedPayment] : []),
  respendable: () => Promise.resolve(new Set([paying.txid])),
  newAddress: () => Promise.resolve(ownAddress),
  givenOut: () => Promise.resolve([ownKey]),
  usedLocks: (locks) => Promise.resolve(new Set(locks)),
  estimate: () =>
    Promise.resolve({
      coins: [{ outpoint: { txid: genesisTxid, vout: 2 }, amount: 5_000_000_000n, lock: ownLock }],
      outputs: [{ amount: 4_000_000_000n, lock: otherLock }],
      fee: 1_000_000_000n as never,
      change: 0n as never,
      paidToOthers: 4_000_000_000n as never,
    }),
  send: () => Promise.resolve(paying.txid),
  respend: () => Promise.resolve(paying.txid),
  sendAsOwner: () => Promise.resolve(paying.txid),
  sign: (transaction) => Promise.resolve({ transaction, complete: false }),
  signMessage: () => Promise.resolve(new Uint8Array(96)),
  createRequest: () => Promise.resolve(fakeRequest),
  requests: () => Promise.resolve([fakeRequest]),
  removeRequest: () => Promise.resolve(true),
  unlock: () => Promise.resolve(),
  lock: () => undefined,
  changePassphrase: () => Promise.resolve(),
  checkPassphrase: () => Promise.resolve(),
  words: () => Promise.resolve('some words'),
  backup: () => Promise.resolve(Buffer.from('backup')),
  nodeKeyText: () => Promise.resolve('TIME NODE KEY 1'),
  onEvent: () => Promise.resolve(),
  close: () => undefined,
};

const fakeWallets: WalletsApi = {
  draft: (count) => ({ id: 'ab'.repeat(16), words: `${count} words`, asked: [1, 2, 3], expiresMs: nowMs + 1 }),
  create: () => Promise.resolve(fakeWallet),
  restoreWords: () => Promise.resolve(fakeWallet),
  restoreBackup: () => Promise.resolve(fakeWallet),
};

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
      dataDirectory: '/data',
      practice: true,
      startedAtMs: nowMs - 61_500,
      userAgent: '/TIME:0.1.0/',
    },
    views,
    history,
    connections,
    audit: {
      running: undefined,
      last: { level: 3, from: 0, to: 0, revertedFrom: undefined, problem: { height: 0, what: 'a byte' }, finishedAtMs: nowMs },
      verifyChain: () => Promise.resolve({ level: 4, from: 0, to: 0, revertedFrom: undefined, problem: undefined, finishedAtMs: nowMs }),
      checkFiles: () => Promise.resolve({ chain: [], wallet: [] }),
      coinSet: () => Promise.resolve(fakeQuery('utxoSetInfo', {}) as never),
    },
    storage: {
      backlogBytes: 0,
      reader: {
        coin: (key) => views.coin(key),
        block: (height) => (height === 0 ? { hash: genesis.block.hash, encoded: genesis.block.encoded, certificate: undefined } : undefined),
        transactionHeight: () => undefined,
      },
      query: (name, args) => Promise.resolve(fakeQuery(name, args) as never),
      settled: () => Promise.resolve(),
    },
    setup: {
      state: () => ({ network: 'practice', networks: ['practice'], role: 'masternode', rolefixed: true, done: true }),
      choose: () => Promise.resolve({ restarting: false }),
    },
    health: { view: () => ({ verdict: 'good', alerts: [] }), onChange: () => () => undefined },
    wallet: fakeWallet,
    wallets: fakeWallets,
    masternodes: {
      register: () => Promise.resolve({ txid: paying.txid, ownerLock: ownLock, rewardLock: otherLock }),
      update: () => Promise.resolve(paying.txid),
      exit: () => Promise.resolve(paying.txid),
      revive: () => Promise.resolve(paying.txid),
    },
    submit: () => Promise.resolve({ txid: paying.txid }),
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
