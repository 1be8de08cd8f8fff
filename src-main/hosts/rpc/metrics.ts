import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { NodeServices } from '../api/node-services.ts';

export interface Metrics {
  readonly contentType: string;
  text(): Promise<string>;
  stop(): void;
}

/** Around the target of 3 s at the 99th percentile, and the devnet's tens of milliseconds. */
const finalityBucketsSeconds = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 30];

/** For Prometheus: the node's numbers and the process's (event loop delay, memory, CPU). */
export function makeMetrics(services: NodeServices): Metrics {
  const { views } = services;
  const register = new Registry();
  collectDefaultMetrics({ register });
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name,
      help,
      registers: [register],
      collect() {
        this.set(read());
      },
    });
  };
  gauge('time_height', 'Height of the last decided block', () => views.tip().height);
  gauge('time_tip_time_seconds', 'Time of the last decided block', () => views.tip().timeMs / 1_000);
  gauge('time_behind_blocks', 'Blocks that peers say they have and this node has not', () => views.behindBy());
  gauge('time_consensus_round', 'Round of the height being decided', () => views.consensus().round);
  new Gauge({
    name: 'time_peers',
    help: 'Connected peers',
    labelNames: ['direction'],
    registers: [register],
    collect() {
      const peers = views.peers();
      for (const direction of ['inbound', 'outbound']) this.set({ direction }, peers.filter((peer) => peer.direction === direction).length);
    },
  });
  new Gauge({
    name: 'time_addresses',
    help: 'Known addresses, by what goes on with each',
    labelNames: ['state'],
    registers: [register],
    collect() {
      this.reset();
      for (const { state } of views.addresses()) this.inc({ state });
    },
  });
  gauge('time_bans', 'Nodes and networks of IPs that are not let in', () => views.bans().length);
  gauge(
    'time_clock_offset_seconds',
    'This clock minus the masternodes’, the median by weight; 0 while it is not known',
    () => (views.clock().offsetMs ?? 0) / 1_000,
  );
  new Gauge({
    name: 'time_alerts',
    help: 'Alerts that are raised now, by code; gethealth says more',
    labelNames: ['code', 'severity'],
    registers: [register],
    collect() {
      this.reset();
      for (const { code, severity } of services.health.view().alerts) this.set({ code, severity }, 1);
    },
  });
  new Counter({
    name: 'time_bytes_total',
    help: 'Sent to and received from peers, encryption and frames included',
    labelNames: ['direction'],
    registers: [register],
    collect() {
      const { sent, received } = services.traffic();
      this.reset();
      this.inc({ direction: 'sent' }, sent.total.bytes);
      this.inc({ direction: 'received' }, received.total.bytes);
    },
  });
  new Gauge({
    name: 'time_mempool_transactions',
    help: 'Pending transactions; those that are certified or final are counted in all, too',
    labelNames: ['state'],
    registers: [register],
    collect() {
      const { size, certified, final } = views.mempool();
      this.set({ state: 'all' }, size);
      this.set({ state: 'certified' }, certified);
      this.set({ state: 'final' }, final);
    },
  });
  gauge('time_mempool_bytes', 'Bytes of pending transactions', () => views.mempool().bytes);
  const finality = new Histogram({
    name: 'time_finality_seconds',
    help: 'From when this node first saw a transaction until it was final',
    buckets: finalityBucketsSeconds,
    registers: [register],
  });
  const votes = new Counter({
    name: 'time_votes_total',
    help: 'Votes on transactions that were counted',
    registers: [register],
    collect() {
      this.reset();
      this.inc(views.votesCounted());
    },
  });
  const events = new Counter({ name: 'time_events_total', help: 'What happened', labelNames: ['kind'], registers: [register] });
  const unsubscribe = services.onEvent((event) => {
    events.inc({ kind: event.kind });
    if (event.kind === 'transaction-final') finality.observe(event.finalAfterMs / 1_000);
  });
  return {
    contentType: register.contentType,
    text: async () => {
      const text = await register.metrics();
      // As every answer: nobody is told what a kill can still undo.
      await services.storage.settled();
      return text;
    },
    stop: () => {
      unsubscribe();
      votes.remove();
      register.clear();
    },
  };
}
