import { makeBenchGenesis, startBenchNetwork } from './bench-network.ts';
import { payments } from './payments.ts';
import { type Figure, percentile } from './result.ts';

const nodeCount = 4;
const warmUp = { payments: 400, perSecond: 200 };
/** Protocol section 6 allows 3 s across continents; on one machine it is a second. */
const finalWithinMs = 1_000;

/** Payments submitted evenly to four masternodes, each a process of its own; from submission to final where it was submitted. */
export async function finality(perSecond: number, seconds: number): Promise<Figure[]> {
  const bench = await makeBenchGenesis(nodeCount);
  const nodes = await startBenchNetwork(bench, nodeCount);
  try {
    const encoded = payments(bench, 0, warmUp.payments + perSecond * seconds).map((one) => one.encoded);
    const pay = async (some: readonly Uint8Array[], rate: number): Promise<number[]> => {
      const share = (index: number): Uint8Array[] => some.filter((_, at) => at % nodeCount === index);
      const results = await Promise.all(nodes.map((node, index) => node.ask({ kind: 'pay', encoded: share(index), perSecond: rate / nodeCount }, 'paid')));
      for (const { refused, firstRefusal } of results) if (refused > 0) throw new Error(`${refused} payments were refused: ${firstRefusal}`);
      return results.flatMap(({ latenciesMs }) => latenciesMs).sort((a, b) => a - b);
    };
    await pay(encoded.slice(0, warmUp.payments), warmUp.perSecond);
    for (const node of nodes) node.tell({ kind: 'reset', loopDelay: true });
    const startMs = performance.now();
    const latenciesMs = await pay(encoded.slice(warmUp.payments), perSecond);
    const reached = (latenciesMs.length * 1_000) / (performance.now() - startMs);
    const measured = await Promise.all(nodes.map((node) => node.ask({ kind: 'measure' }, 'measured')));
    const cpuMs = measured.reduce((sum, one) => sum + one.cpuMs, 0) / nodeCount;
    return [
      { name: 'final a second', value: reached, unit: '1/s', limit: { what: 'submitted', value: perSecond } },
      { name: 'finality, median', value: percentile(latenciesMs, 0.5), unit: 'ms' },
      { name: 'finality, p99', value: percentile(latenciesMs, 0.99), unit: 'ms', limit: { what: 'target', value: finalWithinMs } },
      { name: 'CPU per payment and node', value: (cpuMs * 1_000) / latenciesMs.length, unit: 'µs' },
      { name: 'event loop delay, p99, worst node', value: Math.max(...measured.map((one) => one.loopDelayP99Ms)), unit: 'ms' },
    ];
  } finally {
    await Promise.all(nodes.map((node) => node.stop()));
    bench.remove();
  }
}
