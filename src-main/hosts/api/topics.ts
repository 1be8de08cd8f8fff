import { isTopicName, type TopicEvent, type TopicName, type TopicValue } from '../../../src-shared/api/topics.ts';
import type { EngineEvent } from '../../core/events.ts';
import type { Logger } from '../../node/logging/logger.ts';
import type { NodeServices } from './node-services.ts';
import { overviewOf } from './overview.ts';
import { recentBlocksOf, shownConsensusOf, votingOf } from './present-consensus.ts';
import { healthOf } from './present-health.ts';
import { logPositionOf } from './present-logs.ts';
import { networkTopic, peersTopic } from './present-network-state.ts';
import { balancesOf, walletInfoOf, walletTransactionsOf } from './present-wallet.ts';

type Builders = { readonly [T in TopicName]: (services: NodeServices) => TopicValue<T> | Promise<TopicValue<T>> };

/** Rows of the page that shows them. */
const blocksShown = 20;
const walletTransactionsShown = 100;

const builders: Builders = {
  overview: overviewOf,
  health: (services) => ({ ...healthOf(services), nowms: services.nowMs() }),
  peers: peersTopic,
  network: networkTopic,
  consensus: (services) => ({
    ...shownConsensusOf(services),
    blocks: recentBlocksOf(services, blocksShown),
    voting: votingOf(services),
    nowms: services.nowMs(),
  }),
  log: (services) => ({ ...logPositionOf(services), nowms: services.nowMs() }),
  wallet: async (services) => ({
    info: services.wallet === undefined ? null : walletInfoOf(services.wallet),
    balances: await balancesOf(services),
    transactions:
      services.wallet === undefined
        ? []
        : await walletTransactionsOf(services, services.wallet, { count: walletTransactionsShown, skip: 0, account: undefined }),
    nowms: services.nowMs(),
  }),
};

/** What is decided, counted or paid is shown when it is on the disk, as answers say it (registry.ts). */
const reliesOnDisk: Record<TopicName, boolean> = { overview: true, health: false, peers: false, network: false, consensus: true, log: false, wallet: true };

const payment: readonly TopicName[] = ['overview', 'consensus', 'wallet'];
const connection: readonly TopicName[] = ['overview', 'peers', 'network', 'consensus'];
const attempt: readonly TopicName[] = ['peers', 'network'];
/** Which views an event changes. */
const changedBy: Record<EngineEvent['kind'], readonly TopicName[]> = {
  'peer-ready': connection,
  'peer-gone': connection,
  'peer-refused': attempt,
  'handshake-ended': ['network'],
  dialing: ['peers'],
  'dial-failed': attempt,
  'peer-violation': attempt,
  'transaction-pending': payment,
  'transaction-certified': payment,
  'transaction-final': payment,
  'transaction-rejected': payment,
  'transaction-dropped': payment,
  'transaction-confirmed': payment,
  'round-started': ['overview', 'consensus'],
  'epoch-began': ['overview', 'consensus'],
  'block-decided': payment,
  'masternode-registered': ['consensus'],
  'masternode-active': ['overview', 'consensus'],
  'masternode-inactive': ['overview', 'consensus'],
  'masternode-left': ['consensus'],
  heartbeat: ['consensus'],
  reviving: [],
  listening: ['overview', 'consensus'],
  signing: ['overview', 'consensus'],
  'restored-old-copy': ['overview', 'consensus'],
  'own-key-elsewhere': ['overview', 'consensus'],
  evidence: [],
  'vote-refused': [],
  halted: ['overview', 'consensus'],
  'block-invalidated': ['overview', 'consensus'],
  'block-reconsidered': ['overview', 'consensus'],
  'block-reverted': payment,
  'branch-left': payment,
  behind: ['overview'],
  'in-sync': ['overview'],
  banned: attempt,
  'ban-ended': attempt,
  'rate-limited': ['peers'],
  'addresses-found': ['peers'],
  reachability: ['overview', 'network'],
  clock: ['overview', 'network'],
};

/** Four views a second are as many as eyes can use (architecture.md). */
const leastIntervalMs = 250;
/** Clocks, round trips and rates move without an event. */
const refreshMs = 1_000;
/** Votes and lines come without an event each, and are to be seen as they come: looked at in every interval, sent when they changed. */
const watched: ReadonlySet<TopicName> = new Set<TopicName>(['consensus', 'log']);

type Listener = (event: TopicEvent) => void;
interface Subscription {
  readonly listener: Listener;
  readonly hasRoom: () => boolean;
  sequence: number;
}
interface Feed {
  readonly subscriptions: Set<Subscription>;
  timer: NodeJS.Timeout | undefined;
  changed: boolean;
  building: boolean;
  /** Of what was sent last, without its clock; undefined where that is not compared. */
  lastText: string | undefined;
  lastSentMs: number;
}

/** Pushes views to whoever looks. A topic that nobody looks at costs nothing. */
export class TopicPublisher {
  readonly #services: NodeServices;
  readonly #log: Logger;
  readonly #feeds = new Map<TopicName, Feed>();
  readonly #stopEvents: () => void;
  readonly #stopHealth: () => void;

  constructor(services: NodeServices, log: Logger) {
    this.#services = services;
    this.#log = log;
    this.#stopEvents = services.onEvent((event) => {
      for (const topic of changedBy[event.kind]) {
        const feed = this.#feeds.get(topic);
        if (feed !== undefined) feed.changed = true;
      }
    });
    this.#stopHealth = services.health.onChange(() => {
      const feed = this.#feeds.get('health');
      if (feed !== undefined) feed.changed = true;
    });
  }

  /**
   * Begins with a whole view at once, numbered 1. Undefined if there is no such topic. Views that come while the listener has no room are left out: each is
   * whole, so the next one says all there is to say.
   */
  subscribe(topic: string, listener: Listener, hasRoom: () => boolean = () => true): (() => void) | undefined {
    if (!isTopicName(topic)) return undefined;
    const feed = this.#feeds.get(topic) ?? this.#open(topic);
    const subscription: Subscription = { listener, hasRoom, sequence: 0 };
    feed.subscriptions.add(subscription);
    void this.#build(topic, feed, [subscription]);
    return () => {
      feed.subscriptions.delete(subscription);
      if (feed.subscriptions.size > 0 || this.#feeds.get(topic) !== feed) return;
      clearInterval(feed.timer);
      this.#feeds.delete(topic);
    };
  }

  stop(): void {
    this.#stopEvents();
    this.#stopHealth();
    for (const feed of this.#feeds.values()) {
      clearInterval(feed.timer);
      feed.subscriptions.clear();
    }
    this.#feeds.clear();
  }

  #open(topic: TopicName): Feed {
    const feed: Feed = { subscriptions: new Set(), timer: undefined, changed: false, building: false, lastText: undefined, lastSentMs: 0 };
    feed.timer = setInterval(() => {
      // A clock that was set back must not make it wait until it is that late again.
      const stale = Math.abs(this.#services.nowMs() - feed.lastSentMs) >= refreshMs;
      if (!feed.building && (feed.changed || stale || watched.has(topic))) void this.#refresh(topic, feed, stale);
    }, leastIntervalMs);
    feed.timer.unref();
    this.#feeds.set(topic, feed);
    return feed;
  }

  async #refresh(topic: TopicName, feed: Feed, stale: boolean): Promise<void> {
    feed.building = true;
    feed.changed = false;
    await this.#build(topic, feed, undefined, stale);
    feed.building = false;
  }

  /** To all, unless it says what was said last; or to some, whatever it says. */
  async #build(topic: TopicName, feed: Feed, only: readonly Subscription[] | undefined, evenIfSame = true): Promise<void> {
    try {
      const value = await builders[topic](this.#services);
      if (reliesOnDisk[topic]) await this.#services.storage.settled();
      // Half a megabyte for hundreds of peers, which change by the second: only where it may save sending it.
      const text = watched.has(topic) || !evenIfSame ? JSON.stringify({ ...value, nowms: 0 }) : undefined;
      if (!evenIfSame && text === feed.lastText) return;
      if (only === undefined) {
        feed.lastText = text;
        feed.lastSentMs = this.#services.nowMs();
      }
      for (const subscription of only ?? feed.subscriptions) {
        if (!feed.subscriptions.has(subscription) || !subscription.hasRoom()) continue;
        subscription.sequence++;
        subscription.listener({ topic, sequence: subscription.sequence, value });
      }
    } catch (error) {
      this.#log.warn('a view could not be made', { topic, error: error instanceof Error ? error.message : String(error) });
    }
  }
}
