import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { Fuzzer } from './fuzzer.ts';
import { currentHeaderWords, type FuzzJob, type FuzzReport, type TargetReport } from './messages.ts';
import { maxInputBytes, type Target } from './target.ts';
import { targets } from './targets.ts';

const usage = `npm run fuzz -- [--inputs 100000] [--seed 1] [--workers N] [--targets a,b] [--replay target:hex]

  --inputs N     inputs in all, shared out by the targets' weights
  --seed S       the mutations follow from it
  --workers N    threads; as many as there are cores
  --targets T    some of ${targets.map(({ name }) => name).join(', ')}
  --replay R     one input, as a failure names it`;

/** An input that takes this long takes for ever. */
const maxSilenceMs = 30_000;
const tellEveryMs = 10_000;
/** What a worker may need: corpora, and engines that are made by the thousand. An input that makes it need more is a failure. */
const maxOldGenerationSizeMb = 512;
/** Of the whole process: buffers do not count as a worker's memory. */
const maxResidentBytes = 1_500_000_000;

const commandOf = (target: string, input: Uint8Array): string => `npm run fuzz -- --replay ${target}:${Buffer.from(input).toString('hex')}`;

async function replay(text: string): Promise<number> {
  const [name, hex = ''] = text.split(':', 2);
  const target = targets.find((one) => one.name === name);
  if (target === undefined) throw new RangeError(`there is no target ${name}`);
  const failure = await new Fuzzer(target, 0).tryOne(Buffer.from(hex, 'hex'));
  console.log(failure?.error ?? `nothing wrong: ${await target.run(Buffer.from(hex, 'hex'))}`);
  return failure === undefined ? 0 : 1;
}

interface Running {
  readonly worker: Worker;
  readonly header: Int32Array;
  readonly bytes: Uint8Array;
  lastBegun: number;
  lastBegunAtMs: number;
}

/** Resolves with what each target got, or with the first failure's words. */
function runAll(jobs: readonly FuzzJob[]): Promise<readonly TargetReport[] | string> {
  return new Promise((resolve) => {
    const running: Running[] = [];
    const reports: TargetReport[][] = [];
    const begun = jobs.map(() => 0);
    const startMs = performance.now();
    let told = startMs;
    const finish = (result: readonly TargetReport[] | string): void => {
      clearInterval(watch);
      for (const { worker } of running) void worker.terminate();
      resolve(result);
    };
    const currentOf = ({ header, bytes }: Running): string => commandOf(targets[header[1] ?? 0]?.name ?? '', bytes.slice(0, header[2]));
    const watch = setInterval(() => {
      const nowMs = performance.now();
      for (const one of running) {
        const count = one.header[0] ?? 0;
        if (count !== one.lastBegun) [one.lastBegun, one.lastBegunAtMs] = [count, nowMs];
        else if (nowMs - one.lastBegunAtMs > maxSilenceMs && !reports[running.indexOf(one)])
          finish(`an input takes longer than ${maxSilenceMs} ms\n${currentOf(one)}`);
      }
      const resident = process.memoryUsage.rss();
      if (resident > maxResidentBytes) finish(`${Math.round(resident / 2 ** 20)} MiB of memory, with one of\n${running.map(currentOf).join('\n')}`);
      if (nowMs - told < tellEveryMs) return;
      told = nowMs;
      const sum = begun.reduce((all, one) => all + one, 0);
      console.log(
        `${sum.toLocaleString('en')} inputs, ${Math.round((sum * 1_000) / (nowMs - startMs)).toLocaleString('en')}/s, ${Math.round(resident / 2 ** 20)} MiB`,
      );
    }, 1_000);
    for (const [index, job] of jobs.entries()) {
      const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: job, resourceLimits: { maxOldGenerationSizeMb } });
      const one: Running = {
        worker,
        header: new Int32Array(job.current, 0, currentHeaderWords),
        bytes: new Uint8Array(job.current, 4 * currentHeaderWords),
        lastBegun: 0,
        lastBegunAtMs: performance.now(),
      };
      running.push(one);
      worker.on('message', (report: FuzzReport) => {
        if (report.kind === 'progress') begun[index] = report.inputs;
        else if (report.kind === 'failure') finish(`${report.target}: ${report.error}\n${commandOf(report.target, report.input)}`);
        else {
          reports[index] = [...report.targets];
          if (reports.filter((done) => done !== undefined).length === jobs.length) finish(reports.flat());
        }
      });
      worker.on('error', (error) => finish(`a worker died of ${error.message}\n${currentOf(one)}`));
    }
  });
}

function table(reports: readonly TargetReport[]): string {
  const line = ({ name }: Target): string => {
    const ofTarget = reports.filter((one) => one.name === name);
    const sum = (of: (one: TargetReport) => number): number => ofTarget.reduce((all, one) => all + of(one), 0);
    const [inputs, ms] = [sum((one) => one.inputs), sum((one) => one.ms)];
    return `${name.padEnd(20)} ${inputs.toLocaleString('en').padStart(12)} inputs ${Math.round((inputs * 1_000) / ms)
      .toLocaleString('en')
      .padStart(10)}/s on one core, ${sum((one) => one.outcomes)} outcomes`;
  };
  return targets
    .filter(({ name }) => reports.some((one) => one.name === name))
    .map(line)
    .join('\n');
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      inputs: { type: 'string', default: '100000' },
      seed: { type: 'string', default: '1' },
      workers: { type: 'string', default: String(availableParallelism()) },
      targets: { type: 'string', default: targets.map(({ name }) => name).join() },
      replay: { type: 'string' },
    },
  });
  if (values.replay !== undefined) return replay(values.replay);
  const whole = (name: 'inputs' | 'seed' | 'workers', least: number): number => {
    const value = Number(values[name]);
    if (!Number.isSafeInteger(value) || value < least) throw new RangeError(`--${name} must be a whole number from ${least} on`);
    return value;
  };
  const [inputs, seed, workers] = [whole('inputs', 1), whole('seed', 0), whole('workers', 1)];
  const names = values.targets.split(',');
  for (const name of names) if (!targets.some((target) => target.name === name)) throw new RangeError(`there is no target ${name}`);
  const startMs = performance.now();
  const result = await runAll(
    Array.from({ length: workers }, (_, index) => ({
      seed: seed * 1_000 + index,
      inputs: Math.ceil(inputs / workers),
      targets: names,
      current: new SharedArrayBuffer(4 * currentHeaderWords + maxInputBytes),
    })),
  );
  if (typeof result === 'string') {
    console.error(`FAILED\n${result}`);
    return 1;
  }
  const sum = result.reduce((all, one) => all + one.inputs, 0);
  const seconds = (performance.now() - startMs) / 1_000;
  console.log(`${table(result)}\nok: ${sum.toLocaleString('en')} inputs in ${seconds.toFixed(0)} s, ${Math.round(sum / seconds).toLocaleString('en')}/s`);
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`);
  process.exitCode = 2;
}
