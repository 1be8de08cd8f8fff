import { parentPort, workerData } from 'node:worker_threads';
import { Fuzzer, shareOf } from './fuzzer.ts';
import { currentHeaderWords, type FuzzJob, type FuzzReport, type TargetReport } from './messages.ts';
import { targets } from './targets.ts';

const { seed, inputs, targets: names, current } = workerData as FuzzJob;
const header = new Int32Array(current, 0, currentHeaderWords);
const bytes = new Uint8Array(current, 4 * currentHeaderWords);
/** Between two looks at the clock, and a turn of the loop in which reports leave. */
const batch = 256;
const report = (message: FuzzReport): void => parentPort?.postMessage(message);

let begun = 0;
const reports: TargetReport[] = [];
for (const { target, inputs: count } of shareOf(
  targets.filter(({ name }) => names.includes(name)),
  inputs,
)) {
  const fuzzer = new Fuzzer(target, seed);
  const startMs = performance.now();
  for (let tried = 0; tried < count; tried++) {
    const input = fuzzer.next();
    bytes.set(input);
    header.set([++begun, targets.indexOf(target), input.length]);
    const failure = await fuzzer.tryOne(input);
    if (failure !== undefined) {
      report({ kind: 'failure', ...failure });
      process.exit();
    }
    if (begun % batch === 0) {
      report({ kind: 'progress', inputs: begun });
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  reports.push({ name: target.name, inputs: count, ms: performance.now() - startMs, outcomes: fuzzer.outcomes });
}
report({ kind: 'done', targets: reports });
