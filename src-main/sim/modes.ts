import { bronze, type Cluster } from './cluster.ts';
import { Explainer, followed } from './explainer.ts';
import { formatFaults, parseFaults } from './faults.ts';
import { describeMix, drawMix, mixKinds } from './mix.ts';
import { formatPeerFaults, parsePeerFaults } from './peers/peer-faults.ts';
import { simulatePeers } from './peers/peers-simulation.ts';
import { simulate } from './simulation.ts';
import { simulateOverThird } from './violation.ts';
import { type Spread, simulateWide } from './wide-simulation.ts';

export const defaults = {
  seed: '1',
  seeds: '1',
  faults: 'all',
  trace: '60',
  kind: 'usual',
  heights: '20',
  byzantine: '0',
  'payment-every': '700',
  hours: '10',
  'max-peers': '50',
  hostile: '0',
  rate: '1',
  'load-seconds': '10',
};
type Name = keyof typeof defaults;
/** Of the command line. */
export type Values = { readonly [N in Name]: string } & {
  readonly mode: ModeName;
  readonly nodes: string;
  readonly 'cross-check': boolean;
  readonly 'trace-file': string | undefined;
  readonly follow: string | undefined;
};

/** One seed's run, as it is told: plain data, that comes from another thread as it is. */
export interface Outcome {
  /** What broke, and where. */
  readonly broken: string | undefined;
  readonly summary: string;
  readonly traceDigest: string;
  readonly lastEvents: readonly string[];
}
export interface Mode {
  readonly run: (seed: number, progress: (line: string) => void) => Outcome;
  /** Every argument but the seed that a run follows from. */
  readonly again: string;
  /** Megabytes of memory that one run may need. */
  readonly heapMb: number;
}

const usualHeapMb = 2_000;
/** Some megabytes pending on every node, or dozens of nodes. */
const largeHeapMb = 4_000;
/** Two hundred nodes with all they know of ten thousand payments. */
const wideHeapMb = 16_000;
const sampleEvery = 2_000;

export function wholeNumber(values: Values, name: Name | 'nodes', least: number): number {
  const value = Number(values[name]);
  if (!Number.isSafeInteger(value) || value < least) throw new RangeError(`--${name} must be a whole number from ${least} on`);
  return value;
}
const inMs = (value: number | undefined): string => (value === undefined ? '-' : `${value} ms`);
const seconds = (ms: number): string => `${(ms / 1_000).toFixed(0)} s virtual`;
const told = (error: Error | undefined): string | undefined => (error === undefined ? undefined : (error.stack ?? error.message));
/** What is the default stays unsaid. */
const unlessDefault = (values: Values, names: readonly Name[]): string =>
  names.map((name) => (values[name] === defaults[name] ? '' : ` --${name} ${values[name]}`)).join('');

/** Writes every line of a run to a file, if that is wanted. */
function watching(values: Values): ((cluster: Cluster) => () => void) | undefined {
  const { 'trace-file': file, follow } = values;
  if (file === undefined) {
    if (follow !== undefined) throw new RangeError('--follow chooses lines of a --trace-file');
    return undefined;
  }
  if (follow !== undefined) followed(follow);
  return (cluster) => {
    const explainer = new Explainer(cluster, { file, follow });
    return () => explainer.end();
  };
}

/** Each throws RangeError for values that make no sense. */
export const modes = {
  blocks: (values: Values): Mode => {
    const nodes = wholeNumber(values, 'nodes', 1);
    const byzantine = wholeNumber(values, 'byzantine', 0);
    if (3 * byzantine >= nodes) throw new RangeError(`--byzantine ${byzantine} of ${nodes} nodes is not below a third: only --expect violation goes beyond`);
    const faults = parseFaults(values.faults);
    const heights = wholeNumber(values, 'heights', 1);
    const paymentEveryMs = wholeNumber(values, 'payment-every', 1);
    const watch = watching(values);
    const every = values['cross-check'] ? 1 : sampleEvery;
    return {
      run: (seed) => blocksOutcome(simulate({ seed, members: bronze(nodes), byzantine, heights, faults, paymentEveryMs, sampleEvery: every, watch })),
      again: `--nodes ${nodes} --heights ${heights}${unlessDefault({ ...values, faults: formatFaults(faults) }, ['byzantine', 'faults', 'payment-every'])}`,
      heapMb: usualHeapMb,
    };
  },
  mix: (values: Values): Mode => {
    const watch = watching(values);
    const kind = mixKinds.find((one) => one === values.kind);
    if (kind === undefined) throw new RangeError(`--kind must be one of ${mixKinds.join(', ')}`);
    return {
      run: (seed) => {
        const mix = drawMix(seed, kind);
        const outcome = blocksOutcome(simulate({ seed, ...mix, sampleEvery: values['cross-check'] ? 1 : sampleEvery, watch }));
        return { ...outcome, summary: `${describeMix(mix)}: ${outcome.summary}` };
      },
      again: `--mix${unlessDefault(values, ['kind'])}`,
      heapMb: kind === 'usual' ? usualHeapMb : largeHeapMb,
    };
  },
  violation: (values: Values): Mode => {
    const nodes = wholeNumber(values, 'nodes', 4);
    const faults = parseFaults(values.faults === defaults.faults ? 'none' : values.faults);
    const watch = watching(values);
    return {
      run: (seed) => {
        const report = simulateOverThird({ seed, members: bronze(nodes), faults, sampleEvery, watch });
        const { found, faulty, virtualMs, events } = report;
        return {
          ...report,
          broken: found === undefined ? `${faulty} of ${nodes} nodes work together, and no two honest nodes contradict each other` : undefined,
          summary: `${faulty} of ${nodes} faulty: ${found ?? 'nothing found'}, ${seconds(virtualMs)}, ${events} events`,
        };
      },
      again: `--expect violation --nodes ${nodes}${faults.size === 0 ? '' : ` --faults ${formatFaults(faults)}`}`,
      heapMb: usualHeapMb,
    };
  },
  wan: (values: Values): Mode => {
    const nodes = wholeNumber(values, 'nodes', 4);
    const rate = wholeNumber(values, 'rate', 1);
    const loadSeconds = wholeNumber(values, 'load-seconds', 1);
    const watch = watching(values);
    const spread = ({ median, p99, most }: Spread): string => `median ${inMs(median)}, p99 ${inMs(p99)}, most ${inMs(most)}`;
    return {
      run: (seed, progress) => {
        const report = simulateWide({ seed, nodes, rate, loadSeconds, progress, watch });
        const { payments, everywhere, atPayee, blocks, sentBytesPerNodeAndSecond, virtualMs, events } = report;
        const lines = [
          `${payments} payments at ${rate}/s among ${nodes} nodes, ${seconds(virtualMs)}, ${events} events`,
          `final on all nodes: ${spread(everywhere)}`,
          `final at the payee's: ${spread(atPayee)}`,
          `${blocks.count} blocks decided on all nodes: ${spread(blocks)}`,
          `each node sends ${(sentBytesPerNodeAndSecond / 1e6).toFixed(2)} MB/s under load`,
        ];
        return { ...report, broken: told(report.broken), summary: lines.join('\n  ') };
      },
      again: `--latency wan --nodes ${nodes}${unlessDefault(values, ['rate', 'load-seconds'])}`,
      heapMb: wideHeapMb,
    };
  },
  peers: (values: Values): Mode => {
    const nodes = wholeNumber(values, 'nodes', 2);
    const hours = wholeNumber(values, 'hours', 1);
    const maxPeers = wholeNumber(values, 'max-peers', 1);
    const hostile = wholeNumber(values, 'hostile', 0);
    const faults = parsePeerFaults(values.faults);
    return {
      run: (seed) => {
        const report = simulatePeers({ seed, nodes, hours, faults, maxPeers, hostile });
        const connections = `${report.ready} times ready, ${report.dials} dials of which ${report.dialFailures} failed`;
        const times = `${(report.virtualMs / 3_600_000).toFixed(1)} h virtual, ${report.events} events`;
        const summary = `${connections}, healed within ${(report.slowestHealMs / 1_000).toFixed(0)} s, ${times}`;
        return { ...report, broken: told(report.broken), summary };
      },
      again: `--mode peers --nodes ${nodes} --hours ${hours}${unlessDefault({ ...values, faults: formatPeerFaults(faults) }, ['faults', 'max-peers', 'hostile'])}`,
      heapMb: usualHeapMb,
    };
  },
} as const satisfies Record<string, (values: Values) => Mode>;
export type ModeName = keyof typeof modes;

function blocksOutcome(report: ReturnType<typeof simulate>): Outcome {
  const finality = `median ${inMs(report.finalityMedianMs)}, p99 ${inMs(report.finalityP99Ms)}`;
  const summary = `height ${report.height}, ${report.finalTransactions} final, ${finality}, ${seconds(report.virtualMs)}, ${report.events} events`;
  return { broken: told(report.broken), summary, traceDigest: report.traceDigest, lastEvents: report.lastEvents };
}
