import { parseArgs } from 'node:util';
import { explore, type Report } from './explorer.ts';
import { type Mutation, mutations, noMutation } from './mutation.ts';
import { Recovery } from './recovery.ts';
import { type Bounds, boundsOf, SmallCase } from './small-case.ts';

const usage = `npm run explore -- [--heights 1] [--rounds 2] [--blocks=X,Y,-] [--no-voting] [--recover 100] [--states 400000000] [--mutation M]

  --heights H    heights that are decided one after another
  --rounds R     rounds of each height
  --blocks=B     what may be proposed: X, Y, - (neither), each with ! where it closes the epoch; for each height from the first on, separated by ;
                 the last for all that follow
  --no-voting    nobody votes on transfers: Tendermint alone
  --recover N    every Nth state is tried for a dead end; 0 for none
  --states S     ends unfinished with more states than that, of 30 bytes each
  --mutation M   with a mistake put in: ${Object.keys(mutations).join(', ')}

Four members of equal weight, one of them Byzantine; two transfers X and Y of one coin. Without arguments: every case of the quick table.`;

/** Some seconds each; the epoch closes at the first height, at the second, and at either. */
const quickCases: readonly Bounds[] = [
  boundsOf(1, 1, 'X,Y,-,-!,X!'),
  boundsOf(1, 2, 'X,Y,-'),
  boundsOf(1, 2, 'X,-,-!,X!'),
  boundsOf(2, 1, 'X,Y,-,-!,X!'),
  boundsOf(3, 1, 'X,Y,-,-!'),
];

const nameOf = ({ heights, rounds, blocks, voting }: Bounds): string =>
  `heights: ${heights}, rounds: ${rounds}, blocks: ${blocks.map((names) => names.join()).join(' then ')}${voting ? '' : ', no voting'}`;
const grouped = (value: number): string => value.toLocaleString('en');

function run(bounds: Bounds, mutation: Mutation, recoverEvery: number, maxStates: number): boolean {
  const recovery = new Recovery(bounds, mutation);
  const startMs = performance.now();
  const words = ({ states, transitions, depth, situations }: Report): string => {
    const seconds = (performance.now() - startMs) / 1_000;
    return `${grouped(states)} states, ${grouped(transitions)} transitions, depth ${depth}, ${grouped(situations)} situations of a member, ${grouped(recovery.tried)} recoveries, ${seconds.toFixed(1)} s, ${grouped(Math.round(states / seconds))} states/s`;
  };
  console.log(`${nameOf(bounds)}${mutation === noMutation ? '' : `, ${mutation.name}`}`);
  const report = explore({
    smallCase: new SmallCase(bounds),
    mutation,
    maxStates,
    check: recovery.checkEvery(recoverEvery),
    progress: (sofar) => console.log(`  … ${words(sofar)}`),
  });
  console.log(`  ${words(report)}`);
  if (report.violation !== undefined) console.log(`  VIOLATION: ${report.violation.what}\n${report.violation.trace.map((line) => `    ${line}`).join('\n')}`);
  else console.log(report.complete ? '  complete, no violation' : '  not complete: more states than allowed');
  return report.complete;
}

function main(): number {
  const { values } = parseArgs({
    options: {
      heights: { type: 'string' },
      rounds: { type: 'string' },
      blocks: { type: 'string', default: 'X,Y,-' },
      'no-voting': { type: 'boolean', default: false },
      recover: { type: 'string', default: '100' },
      states: { type: 'string', default: '400000000' },
      mutation: { type: 'string' },
    },
  });
  const whole = (name: string, value: string, least: number): number => {
    const number = Number(value);
    if (!Number.isSafeInteger(number) || number < least) throw new RangeError(`--${name} must be a whole number from ${least} on`);
    return number;
  };
  const mutation = values.mutation === undefined ? noMutation : new Map<string, Mutation>(Object.entries(mutations)).get(values.mutation);
  if (mutation === undefined) throw new RangeError(`there is no mutation ${values.mutation}`);
  const [recoverEvery, maxStates] = [whole('recover', values.recover, 0), whole('states', values.states, 1)];
  const isQuick = values.heights === undefined && values.rounds === undefined && mutation === noMutation;
  const cases = isQuick
    ? quickCases
    : [boundsOf(whole('heights', values.heights ?? '1', 1), whole('rounds', values.rounds ?? '2', 1), values.blocks, !values['no-voting'])];
  return cases.map((bounds) => run(bounds, mutation, recoverEvery, maxStates)).every((complete) => complete) ? 0 : 1;
}

try {
  process.exitCode = main();
} catch (error) {
  console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`);
  process.exitCode = 2;
}
