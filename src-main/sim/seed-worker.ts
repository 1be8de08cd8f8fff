import { parentPort, workerData } from 'node:worker_threads';
import { invariant } from '../core/invariant.ts';
import { modes, type Outcome, type Values } from './modes.ts';

/** A thread that runs one seed after another, as they are handed to it. */
export type SeedAnswer =
  | { readonly kind: 'progress'; readonly line: string }
  /** `cpuMs`: of this thread, which others have no part in. */
  | { readonly kind: 'outcome'; readonly seed: number; readonly outcome: Outcome; readonly realMs: number; readonly cpuMs: number };

const port = parentPort;
invariant(port !== null, 'this runs as a worker');
const values = workerData as Values;
const mode = modes[values.mode](values);
const answer = (message: SeedAnswer): void => port.postMessage(message);

port.on('message', (seed: number) => {
  const startedMs = performance.now();
  const cpuBefore = process.threadCpuUsage();
  const { broken, summary, traceDigest, lastEvents } = mode.run(seed, (line) => answer({ kind: 'progress', line }));
  const cpu = process.threadCpuUsage(cpuBefore);
  const realMs = performance.now() - startedMs;
  answer({ kind: 'outcome', seed, outcome: { broken, summary, traceDigest, lastEvents }, realMs, cpuMs: (cpu.user + cpu.system) / 1_000 });
});
