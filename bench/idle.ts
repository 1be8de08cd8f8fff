import { makeBenchGenesis, startBenchNetwork } from './bench-network.ts';
import type { Figure } from './result.ts';

const nodeCount = 4;
const settleMs = 2_000;
const watchMs = 8_000;

/** A node of a network in which nobody pays: pings, and blocks that hold a coinbase. */
export async function idle(): Promise<Figure[]> {
  const bench = await makeBenchGenesis(nodeCount);
  const nodes = await startBenchNetwork(bench, nodeCount);
  try {
    await after(settleMs);
    for (const node of nodes) node.tell({ kind: 'reset' });
    await after(watchMs);
    const measured = await Promise.all(nodes.map((node) => node.ask({ kind: 'measure' }, 'measured')));
    const mean = (of: (one: (typeof measured)[number]) => number): number => measured.reduce((sum, one) => sum + of(one), 0) / nodeCount;
    return [
      { name: 'CPU, idle', value: mean((one) => (100 * one.cpuMs) / one.elapsedMs), unit: '% of a core' },
      { name: 'resident memory, with 10,000 coins', value: mean((one) => one.residentBytes / 2 ** 20), unit: 'MiB' },
    ];
  } finally {
    await Promise.all(nodes.map((node) => node.stop()));
    bench.remove();
  }
}

const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
