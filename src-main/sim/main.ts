import { parseArgs } from 'node:util';
import { formatFaults, parseFaults } from './faults.ts';
import { type Report, type SimulationOptions, simulate } from './simulation.ts';

const usage = `npm run sim -- [--nodes 4] [--heights 20] [--seed 1] [--seeds 1] [--byzantine 0] [--faults all]
               [--payment-every 700] [--cross-check] [--trace 60]

  --nodes N          masternodes, of equal weight
  --heights N        blocks to decide; the first part of them with faults, the rest must go without a hitch
  --seed S           everything follows from it
  --seeds N          as many seeds, from S on
  --byzantine N      faulty masternodes: below a third
  --faults F         all, none, or some of loss,delay,reorder,duplicate,partition,crash
  --payment-every MS milliseconds between payments, on average
  --cross-check      every signature is checked anew, and by the readable reference too (slow)
  --trace N          events to show when something breaks`;

interface Arguments {
  readonly simulation: SimulationOptions;
  readonly seeds: number;
  readonly traceLines: number;
}

function readArguments(): Arguments {
  const { values } = parseArgs({
    options: {
      nodes: { type: 'string', default: '4' },
      heights: { type: 'string', default: '20' },
      seed: { type: 'string', default: '1' },
      seeds: { type: 'string', default: '1' },
      byzantine: { type: 'string', default: '0' },
      faults: { type: 'string', default: 'all' },
      'payment-every': { type: 'string', default: '700' },
      'cross-check': { type: 'boolean', default: false },
      trace: { type: 'string', default: '60' },
    },
  });
  const number = (name: 'nodes' | 'heights' | 'seed' | 'seeds' | 'byzantine' | 'payment-every' | 'trace', least: number): number => {
    const value = Number(values[name]);
    if (!Number.isSafeInteger(value) || value < least) throw new RangeError(`--${name} must be a whole number from ${least} on`);
    return value;
  };
  const nodes = number('nodes', 1);
  const byzantine = number('byzantine', 0);
  if (3 * byzantine >= nodes) throw new RangeError(`--byzantine ${byzantine} of ${nodes} nodes is not below a third`);
  return {
    seeds: number('seeds', 1),
    traceLines: number('trace', 0),
    simulation: {
      nodes,
      byzantine,
      heights: number('heights', 1),
      seed: number('seed', 0),
      faults: parseFaults(values.faults),
      paymentEveryMs: number('payment-every', 1),
      sampleEvery: values['cross-check'] ? 1 : 2_000,
    },
  };
}

const inMs = (value: number | undefined): string => (value === undefined ? '-' : `${value} ms`);

function summary({ seed }: SimulationOptions, report: Report, realMs: number): string {
  const { virtualMs, height, events, finalTransactions, finalityMedianMs, finalityP99Ms, traceDigest } = report;
  const finality = `${finalTransactions} final, median ${inMs(finalityMedianMs)}, p99 ${inMs(finalityP99Ms)}`;
  const times = `${(virtualMs / 1_000).toFixed(0)} s virtual, ${(realMs / 1_000).toFixed(1)} s real, ${events} events`;
  return `seed ${seed}: ${report.broken === undefined ? 'ok' : 'BROKEN'}, height ${height}, ${finality}, ${times}, trace ${traceDigest.slice(0, 12)}`;
}

/** What everything else follows from; values that are the default stay unsaid. */
const commandOf = ({ nodes, heights, seed, byzantine, faults, paymentEveryMs }: SimulationOptions): string =>
  [
    `npm run sim -- --nodes ${nodes} --heights ${heights} --seed ${seed}`,
    byzantine === 0 ? '' : ` --byzantine ${byzantine}`,
    faults.size === 0 || formatFaults(faults) !== 'all' ? ` --faults ${formatFaults(faults)}` : '',
    paymentEveryMs === 700 ? '' : ` --payment-every ${paymentEveryMs}`,
  ].join('');

function main(): number {
  let args: Arguments;
  try {
    args = readArguments();
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`);
    return 2;
  }
  let failures = 0;
  for (let seed = args.simulation.seed; seed < args.simulation.seed + args.seeds; seed++) {
    const options = { ...args.simulation, seed };
    const started = performance.now();
    const report = simulate(options);
    console.log(summary(options, report, performance.now() - started));
    if (report.broken === undefined) continue;
    failures++;
    const events = args.traceLines === 0 ? [] : report.lastEvents.slice(-args.traceLines);
    console.log([...events, '', report.broken.stack ?? report.broken.message, '', `again: ${commandOf(options)}`].join('\n'));
  }
  return failures === 0 ? 0 : 1;
}

process.exitCode = main();
