import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** How often a condition is looked at again: short beside what is measured with it. */
const pollMs = 25;

/**
 * Waits until `read` answers something else than undefined or false. What it throws counts as not yet: a node that is being killed does not answer.
 * Rejects after `timeoutMs` with what it last threw, or said.
 */
export async function until<T>(what: string, timeoutMs: number, read: () => Promise<T | undefined | false> | T | undefined | false): Promise<T> {
  const deadlineMs = performance.now() + timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      const value = await read();
      if (value !== undefined && value !== false) return value;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (performance.now() > deadlineMs) throw new Error(`not within ${timeoutMs} ms: ${what}`, { cause: last });
    await delay(pollMs);
  }
}

/** Looks again and again for a while, and rejects at once when `check` throws. For what must not happen. */
export async function throughout(durationMs: number, check: () => Promise<void>): Promise<void> {
  const endMs = performance.now() + durationMs;
  while (performance.now() < endMs) {
    await check();
    await delay(pollMs * 4);
  }
}

/** A process that nobody has waited for yet is a zombie: it runs nothing and holds nothing. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  if (process.platform !== 'linux') return true;
  try {
    return !/^\d+ \(.*\) [ZX] /s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

export const untilGone = (pids: readonly number[], timeoutMs: number): Promise<true> =>
  until(`processes ${pids.join(', ')} are gone`, timeoutMs, () => pids.every((pid) => !isRunning(pid)) || undefined);

/** By its number: only ever one that the tests started. */
export function kill(pid: number, signal: NodeJS.Signals = 'SIGKILL'): void {
  if (isRunning(pid)) process.kill(pid, signal);
}
