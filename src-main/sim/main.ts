import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { faultNames } from './faults.ts';
import { defaults, type Mode, type ModeName, modes, type Values, wholeNumber } from './modes.ts';
import { peerFaultNames } from './peers/peer-faults.ts';
import { runSeeds } from './seeds.ts';

const usage = `npm run sim -- [--nodes 4] [--heights 20] [--byzantine 0] [--faults all] [--payment-every 700] [--cross-check]
npm run sim -- --mix [--kind usual|bulky|wide]
npm run sim -- --expect violation [--nodes 10]
npm run sim -- --latency wan [--nodes 200] [--rate 1] [--load-seconds 10]
npm run sim -- --mode peers [--nodes 12] [--hours 10] [--faults all] [--max-peers 50] [--hostile 0]
               each with [--seed 1] [--seeds 1] [--jobs N] [--trace 60] [--trace-file FILE [--follow HEIGHT|TXID]]

  --nodes N          masternodes, of equal weight; with --mode peers nodes of all kinds
  --heights N        blocks to decide; the first part of them with faults, the rest must go without a hitch
  --hours N          virtual hours without blocks: rounds of faults, each followed by peace
  --seed S           everything follows from it
  --seeds N          as many seeds, from S on
  --jobs N           so many at once; as many as there are cores if left out
  --byzantine N      faulty masternodes: below a third
  --mix              how many masternodes of which tiers, how many of them faulty, which faults and how many heights: each seed draws its own
  --kind K           of a mix: bulky has bursts of payments with a thousand inputs or outputs, more than blocks take; wide has 20 to 60 masternodes on all continents
  --expect violation a third of the weight, or a little more, works together: fails unless two honest nodes come to contradict each other
  --latency wan      masternodes on all continents and nothing that goes wrong: how long payments take to be final
  --rate N           payments a second
  --load-seconds N   seconds of payments
  --faults F         all, none, or some of ${faultNames.join(',')};
                     with --mode peers of ${peerFaultNames.join(',')}
  --payment-every MS milliseconds between payments, on average
  --max-peers N      places of each node
  --hostile N        nodes that mean no good: a liar about addresses, one that asks without end …, and many that only want places
  --cross-check      every signature is checked anew, and by the readable reference too (slow)
  --trace N          events to show when something breaks
  --trace-file FILE  everything that happens, a line each: who said, heard, decided and bound itself to what (not with --mode peers)
  --follow X         only what is about this height, or this transaction`;

const nodesOf: { readonly [M in ModeName]: string } = { blocks: '4', mix: '4', violation: '10', wan: '200', peers: '12' };

function readValues(): { readonly values: Values; readonly jobs: string | undefined } {
  const text = (name: keyof typeof defaults) => ({ type: 'string', default: defaults[name] }) as const;
  const { values } = parseArgs({
    options: {
      mode: { type: 'string', default: 'blocks' },
      mix: { type: 'boolean', default: false },
      expect: { type: 'string' },
      latency: { type: 'string' },
      jobs: { type: 'string' },
      nodes: { type: 'string' },
      seed: text('seed'),
      seeds: text('seeds'),
      faults: text('faults'),
      trace: text('trace'),
      kind: text('kind'),
      heights: text('heights'),
      byzantine: text('byzantine'),
      'payment-every': text('payment-every'),
      'cross-check': { type: 'boolean', default: false },
      hours: text('hours'),
      'max-peers': text('max-peers'),
      hostile: text('hostile'),
      rate: text('rate'),
      'load-seconds': text('load-seconds'),
      'trace-file': { type: 'string' },
      follow: { type: 'string' },
    },
  });
  const mode = modeOf(values);
  const { 'trace-file': traceFile, follow } = values;
  return { values: { ...values, mode, nodes: values.nodes ?? nodesOf[mode], 'trace-file': traceFile, follow }, jobs: values.jobs };
}

function modeOf({ mode, mix, expect, latency }: { mode: string; mix: boolean; expect?: string; latency?: string }): ModeName {
  if (mode !== 'blocks' && mode !== 'peers') throw new RangeError('--mode must be blocks or peers');
  if (expect !== undefined && expect !== 'violation') throw new RangeError('--expect knows violation alone');
  if (latency !== undefined && latency !== 'wan') throw new RangeError('--latency knows wan alone');
  const chosen: ModeName[] = [];
  if (mode === 'peers') chosen.push('peers');
  if (mix) chosen.push('mix');
  if (expect !== undefined) chosen.push('violation');
  if (latency !== undefined) chosen.push('wan');
  if (chosen.length > 1) throw new RangeError('--mode peers, --mix, --expect and --latency are each a simulation of its own');
  return chosen[0] ?? 'blocks';
}

async function main(): Promise<number> {
  let mode: Mode;
  let values: Values;
  let numbers: { readonly seed: number; readonly seeds: number; readonly jobs: number; readonly trace: number };
  try {
    const read = readValues();
    values = read.values;
    mode = modes[values.mode](values);
    const jobs = read.jobs === undefined ? availableParallelism() : Number(read.jobs);
    if (!Number.isSafeInteger(jobs) || jobs < 1) throw new RangeError('--jobs must be a whole number from 1 on');
    numbers = { seed: wholeNumber(values, 'seed', 0), seeds: wholeNumber(values, 'seeds', 1), jobs, trace: wholeNumber(values, 'trace', 0) };
    if (values['trace-file'] !== undefined && numbers.seeds > 1) throw new RangeError('--trace-file is of one seed');
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`);
    return 2;
  }
  let failures = 0;
  await runSeeds(values, { ...numbers, heapMb: mode.heapMb, progress: (line) => console.error(line) }, ({ seed, outcome, realMs, cpuMs }) => {
    const { broken, summary, traceDigest, lastEvents } = outcome;
    const times = `${(realMs / 1_000).toFixed(1)} s real, ${(cpuMs / 1_000).toFixed(1)} s of a core`;
    console.log(`seed ${seed}: ${broken === undefined ? 'ok' : 'BROKEN'}, ${summary}, ${times}, trace ${traceDigest.slice(0, 12)}`);
    if (broken === undefined) return;
    failures++;
    const events = numbers.trace === 0 ? [] : lastEvents.slice(-numbers.trace);
    console.log([...events, '', broken, '', `again: npm run sim -- ${mode.again} --seed ${seed}`].join('\n'));
  });
  if (numbers.seeds > 1) console.log(`${numbers.seeds - failures} of ${numbers.seeds} seeds ok`);
  return failures === 0 ? 0 : 1;
}

process.exitCode = await main();
