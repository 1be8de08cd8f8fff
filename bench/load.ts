import { type ChildProcess, fork } from 'node:child_process';
import { BenchNode, makeBenchGenesis } from './bench-network.ts';
import type { Measured } from './node-messages.ts';
import type { Figure } from './result.ts';

const peers = 50;
const perSecond = 200;
/** Each of that many announced transactions is fetched from this node by a peer; the others had it from somebody else. */
const fetchOneOf = 10;
const pingMs = 30_000;
/** Caches fill, code is compiled, blocks are full. */
const settleMs = 25_000;
const watchMs = Number(process.env.TIME_BENCH_LOAD_SECONDS ?? 20) * 1_000;
const readings = 60;
const leastForSlopeMs = 300_000;
/** Of what was sent, beside what waits for the next block: that much may have come since the last one. */
const leastTaken = 0.98;
const waitingMs = 10_000;

/** What load-peers.ts is started with, as JSON. */
export interface LoadPeersJob {
  readonly genesisFile: string;
  readonly ownerSeed: string;
  readonly address: string;
  readonly peers: number;
  readonly perSecond: number;
  readonly fetchOneOf: number;
  readonly pingMs: number;
}
export type LoadPeersReport =
  | { readonly kind: 'connected' }
  | { readonly kind: 'counted'; readonly sent: number; readonly connected: number; readonly received: Readonly<Record<string, number>> };

/** A masternode, the only one of its network, with fifty peers that pay through it. `TIME_BENCH_LOAD_SECONDS=3600` watches its memory for an hour. */
export async function load(): Promise<Figure[]> {
  const bench = await makeBenchGenesis(1);
  const node = new BenchNode(bench, { index: 0, connect: [], masternode: true, limits: { maxPeers: peers, maxOutbound: 0, pingIntervalMs: pingMs } });
  let others: ChildProcess | undefined;
  try {
    await node.next('ready');
    const job: LoadPeersJob = {
      genesisFile: bench.genesisFile,
      ownerSeed: bench.owner.secretKey64.subarray(0, 32).toString('hex'),
      address: node.address,
      peers,
      perSecond,
      fetchOneOf,
      pingMs,
    };
    others = fork(new URL('./load-peers.ts', import.meta.url), [JSON.stringify(job)]);
    await reportOf(others, 'connected');
    await after(settleMs);
    const before = await count(others);
    node.tell({ kind: 'reset', loopDelay: true });
    const { transactionsInBlocks: takenBefore } = await node.ask({ kind: 'measure' }, 'measured');
    const residents: { readonly atMs: number; readonly bytes: number }[] = [];
    let measured: Measured | undefined;
    for (let reading = 0; reading < readings; reading++) {
      await after(watchMs / readings);
      measured = await node.ask({ kind: 'measure' }, 'measured');
      residents.push({ atMs: measured.elapsedMs, bytes: measured.residentBytes });
    }
    if (measured === undefined) throw new Error('nothing was measured');
    const counted = await count(others);
    const sent = counted.sent - before.sent;
    if (counted.connected !== peers) throw new Error(`${counted.connected} of ${peers} peers are still connected`);
    const taken = measured.transactionsInBlocks - takenBefore;
    if (taken < leastTaken * sent - (perSecond * waitingMs) / 1_000) throw new Error(`${taken} of ${sent} payments are in blocks`);
    return [
      {
        name: `CPU, ${peers} peers, ${perSecond} transactions a second`,
        value: (100 * measured.cpuMs) / measured.elapsedMs,
        unit: '% of a core',
        limit: { what: 'at most', value: 50 },
      },
      { name: 'transactions sent a second', value: (sent * 1_000) / measured.elapsedMs, unit: '1/s' },
      { name: 'event loop delay, p99', value: measured.loopDelayP99Ms, unit: 'ms' },
      { name: 'resident memory', value: measured.residentBytes / 2 ** 20, unit: 'MiB' },
      // In less it rises and falls with each block and each collection of garbage.
      ...(watchMs < leastForSlopeMs ? [] : [{ name: 'resident memory grows', value: (slopePerMs(residents) * 3_600_000) / 2 ** 20, unit: 'MiB/h' }]),
    ];
  } finally {
    others?.kill();
    await node.stop();
    bench.remove();
  }
}

/** Least squares. */
function slopePerMs(readings: readonly { readonly atMs: number; readonly bytes: number }[]): number {
  const mean = (of: (one: (typeof readings)[number]) => number): number => readings.reduce((sum, one) => sum + of(one), 0) / readings.length;
  const [meanMs, meanBytes] = [mean(({ atMs }) => atMs), mean(({ bytes }) => bytes)];
  return mean(({ atMs, bytes }) => (atMs - meanMs) * (bytes - meanBytes)) / mean(({ atMs }) => (atMs - meanMs) ** 2);
}

function reportOf<K extends LoadPeersReport['kind']>(process: ChildProcess, kind: K): Promise<Extract<LoadPeersReport, { kind: K }>> {
  return new Promise((resolve, reject) => {
    const onMessage = (report: LoadPeersReport): void => {
      if (report.kind === kind) resolve(report as Extract<LoadPeersReport, { kind: K }>);
    };
    process.once('message', onMessage);
    process.once('exit', (code, signal) => reject(new Error(`the peers ended with ${signal ?? code}`)));
  });
}
function count(process: ChildProcess): Promise<Extract<LoadPeersReport, { kind: 'counted' }>> {
  const counted = reportOf(process, 'counted');
  process.send({ kind: 'count' });
  return counted;
}
const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
