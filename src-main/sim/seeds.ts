import { Worker } from 'node:worker_threads';
import type { Values } from './modes.ts';
import type { SeedAnswer } from './seed-worker.ts';

/** Of the heap for what is young: a network makes much that is gone a moment later, and a collector that comes too early takes it for old. */
const youngShare = 1 / 16;

export type SeedOutcome = Extract<SeedAnswer, { kind: 'outcome' }>;
interface SeedRange {
  readonly seed: number;
  readonly seeds: number;
  /** Threads. */
  readonly jobs: number;
  readonly heapMb: number;
  readonly progress: (line: string) => void;
}

/** Runs each seed on a thread that is free, and tells of each in the order of seeds. Rejects if a run throws: that is a fault of the simulator. */
export function runSeeds(values: Values, { seed: first, seeds, jobs, heapMb, progress }: SeedRange, tell: (outcome: SeedOutcome) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = new Map<number, SeedOutcome>();
    let next = first;
    let untold = first;
    const resourceLimits = { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: youngShare * heapMb };
    const workers = Array.from({ length: Math.min(jobs, seeds) }, () => {
      return new Worker(new URL('./seed-worker.ts', import.meta.url), { workerData: values, resourceLimits });
    });
    const end = (): void => {
      for (const worker of workers) void worker.terminate();
    };
    for (const worker of workers) {
      const nextSeed = (): void => {
        if (next < first + seeds) worker.postMessage(next++);
      };
      worker.on('error', (error) => {
        end();
        reject(error);
      });
      worker.on('message', (answer: SeedAnswer) => {
        if (answer.kind === 'progress') {
          progress(answer.line);
          return;
        }
        done.set(answer.seed, answer);
        nextSeed();
        for (let outcome = done.get(untold); outcome !== undefined; outcome = done.get(untold)) {
          done.delete(untold++);
          tell(outcome);
        }
        if (untold < first + seeds) return;
        end();
        resolve();
      });
      nextSeed();
    }
  });
}
