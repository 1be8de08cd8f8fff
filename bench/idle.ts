import { BenchNode, makeBenchGenesis, startBenchNetwork } from './bench-network.ts';
import type { Measured } from './node-messages.ts';
import { RawPeer } from './raw-peer.ts';
import type { Figure } from './result.ts';

const nodeCount = 4;
const settleMs = 2_000;
const watchMs = 8_000;
const manyPeers = 20;
/** Of each connection, and either way. */
const pingMs = 30_000;
const longWatchMs = 30_000;

/** A node of a network in which nobody pays: pings, and blocks that hold a coinbase. */
export async function idle(): Promise<Figure[]> {
  const bench = await makeBenchGenesis(nodeCount);
  const nodes = await startBenchNetwork(bench, nodeCount);
  try {
    const measured = await watch(nodes, watchMs);
    const mean = (of: (one: Measured) => number): number => measured.reduce((sum, one) => sum + of(one), 0) / nodeCount;
    return [
      { name: 'CPU, idle, 4 nodes of a devnet', value: mean(cpuPercent), unit: '% of a core' },
      { name: 'resident memory, with 10,000 coins', value: mean((one) => one.residentBytes / 2 ** 20), unit: 'MiB' },
      { name: `CPU, idle, ${manyPeers} peers`, value: await idleWithManyPeers(), unit: '% of a core', limit: { what: 'protocol', value: 1 } },
    ];
  } finally {
    await Promise.all(nodes.map((node) => node.stop()));
    bench.remove();
  }
}

/** A node that makes a block every ten seconds, and peers that ping it and are pinged. */
async function idleWithManyPeers(): Promise<number> {
  const bench = await makeBenchGenesis(1);
  const node = new BenchNode(bench, { index: 0, connect: [], masternode: true, limits: { pingIntervalMs: pingMs, maxOutbound: 0 } });
  const peers = Array.from({ length: manyPeers }, () => new RawPeer(bench));
  try {
    await node.next('ready');
    for (const peer of peers) {
      await peer.dial(node.address);
      peer.pingEvery(pingMs);
    }
    await node.ask({ kind: 'await-peers', count: manyPeers }, 'peers');
    const [measured] = await watch([node], longWatchMs);
    return measured === undefined ? Number.NaN : cpuPercent(measured);
  } finally {
    await Promise.all(peers.map((peer) => peer.stop()));
    await node.stop();
    bench.remove();
  }
}

async function watch(nodes: readonly BenchNode[], watchedMs: number): Promise<readonly Measured[]> {
  await after(settleMs);
  for (const node of nodes) node.tell({ kind: 'reset', loopDelay: false });
  await after(watchedMs);
  return Promise.all(nodes.map((node) => node.ask({ kind: 'measure' }, 'measured')));
}

const cpuPercent = ({ cpuMs, elapsedMs }: Measured): number => (100 * cpuMs) / elapsedMs;
const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
