import { parseArgs } from 'node:util';
import { faultNames, formatFaults, parseFaults } from './faults.ts';
import { formatPeerFaults, parsePeerFaults, peerFaultNames } from './peers/peer-faults.ts';
import { simulatePeers } from './peers/peers-simulation.ts';
import { simulate } from './simulation.ts';

const usage = `npm run sim -- [--nodes 4] [--heights 20] [--seed 1] [--seeds 1] [--byzantine 0] [--faults all]
               [--payment-every 700] [--cross-check] [--trace 60]
npm run sim -- --mode peers [--nodes 12] [--hours 10] [--seed 1] [--seeds 1] [--faults all] [--max-peers 50] [--hostile 0]
               [--trace 60]

  --nodes N          masternodes, of equal weight; with --mode peers nodes of all kinds
  --heights N        blocks to decide; the first part of them with faults, the rest must go without a hitch
  --hours N          virtual hours without blocks: rounds of faults, each followed by peace
  --seed S           everything follows from it
  --seeds N          as many seeds, from S on
  --byzantine N      faulty masternodes: below a third
  --faults F         all, none, or some of ${faultNames.join(',')};
                     with --mode peers of ${peerFaultNames.join(',')}
  --payment-every MS milliseconds between payments, on average
  --max-peers N      places of each node
  --hostile N        nodes that mean no good: a liar about addresses, one that asks without end …, and many that only want places
  --cross-check      every signature is checked anew, and by the readable reference too (slow)
  --trace N          events to show when something breaks`;

const defaults = {
  seed: '1',
  seeds: '1',
  faults: 'all',
  trace: '60',
  heights: '20',
  byzantine: '0',
  'payment-every': '700',
  hours: '10',
  'max-peers': '50',
  hostile: '0',
};
type Name = keyof typeof defaults | 'nodes';
type Values = { readonly [N in Name]: string } & { readonly 'cross-check': boolean };

/** One seed's run, as it is told. */
interface Outcome {
  readonly broken: Error | undefined;
  readonly summary: string;
  readonly traceDigest: string;
  readonly lastEvents: readonly string[];
}
interface Mode {
  readonly run: (seed: number) => Outcome;
  /** Every argument but the seed that a run follows from. */
  readonly again: string;
}

function readValues(): { mode: string; values: Values } {
  const text = (name: keyof typeof defaults) => ({ type: 'string', default: defaults[name] }) as const;
  const { values } = parseArgs({
    options: {
      mode: { type: 'string', default: 'blocks' },
      nodes: { type: 'string' },
      seed: text('seed'),
      seeds: text('seeds'),
      faults: text('faults'),
      trace: text('trace'),
      heights: text('heights'),
      byzantine: text('byzantine'),
      'payment-every': text('payment-every'),
      'cross-check': { type: 'boolean', default: false },
      hours: text('hours'),
      'max-peers': text('max-peers'),
      hostile: text('hostile'),
    },
  });
  return { mode: values.mode, values: { ...values, nodes: values.nodes ?? (values.mode === 'peers' ? '12' : '4') } };
}

function wholeNumber(values: Values, name: Name, least: number): number {
  const value = Number(values[name]);
  if (!Number.isSafeInteger(value) || value < least) throw new RangeError(`--${name} must be a whole number from ${least} on`);
  return value;
}
const inMs = (value: number | undefined): string => (value === undefined ? '-' : `${value} ms`);
/** What is the default stays unsaid. */
const unlessDefault = (values: Values, names: readonly (keyof typeof defaults)[]): string =>
  names.map((name) => (values[name] === defaults[name] ? '' : ` --${name} ${values[name]}`)).join('');

const modes: Readonly<Record<string, (values: Values) => Mode>> = {
  blocks: (values) => {
    const nodes = wholeNumber(values, 'nodes', 1);
    const byzantine = wholeNumber(values, 'byzantine', 0);
    if (3 * byzantine >= nodes) throw new RangeError(`--byzantine ${byzantine} of ${nodes} nodes is not below a third`);
    const faults = parseFaults(values.faults);
    const heights = wholeNumber(values, 'heights', 1);
    const paymentEveryMs = wholeNumber(values, 'payment-every', 1);
    return {
      run: (seed) => {
        const report = simulate({ seed, nodes, byzantine, heights, faults, paymentEveryMs, sampleEvery: values['cross-check'] ? 1 : 2_000 });
        const finality = `median ${inMs(report.finalityMedianMs)}, p99 ${inMs(report.finalityP99Ms)}`;
        const times = `${(report.virtualMs / 1_000).toFixed(0)} s virtual, ${report.events} events`;
        return { ...report, summary: `height ${report.height}, ${report.finalTransactions} final, ${finality}, ${times}` };
      },
      again: `--nodes ${nodes} --heights ${heights}${unlessDefault({ ...values, faults: formatFaults(faults) }, ['byzantine', 'faults', 'payment-every'])}`,
    };
  },
  peers: (values) => {
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
        return { ...report, summary: `${connections}, healed within ${(report.slowestHealMs / 1_000).toFixed(0)} s, ${times}` };
      },
      again: `--mode peers --nodes ${nodes} --hours ${hours}${unlessDefault({ ...values, faults: formatPeerFaults(faults) }, ['faults', 'max-peers', 'hostile'])}`,
    };
  },
};

function main(): number {
  let mode: Mode;
  let numbers: { readonly seed: number; readonly seeds: number; readonly trace: number };
  try {
    const read = readValues();
    const modeOf = modes[read.mode];
    if (modeOf === undefined) throw new RangeError(`--mode must be one of ${Object.keys(modes).join(', ')}`);
    mode = modeOf(read.values);
    numbers = { seed: wholeNumber(read.values, 'seed', 0), seeds: wholeNumber(read.values, 'seeds', 1), trace: wholeNumber(read.values, 'trace', 0) };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`);
    return 2;
  }
  let failures = 0;
  for (let seed = numbers.seed; seed < numbers.seed + numbers.seeds; seed++) {
    const started = performance.now();
    const { broken, summary, traceDigest, lastEvents } = mode.run(seed);
    const realSeconds = ((performance.now() - started) / 1_000).toFixed(1);
    console.log(`seed ${seed}: ${broken === undefined ? 'ok' : 'BROKEN'}, ${summary}, ${realSeconds} s real, trace ${traceDigest.slice(0, 12)}`);
    if (broken === undefined) continue;
    failures++;
    const events = numbers.trace === 0 ? [] : lastEvents.slice(-numbers.trace);
    console.log([...events, '', broken.stack ?? broken.message, '', `again: npm run sim -- ${mode.again} --seed ${seed}`].join('\n'));
  }
  return failures === 0 ? 0 : 1;
}

process.exitCode = main();
