import type { utilityProcess } from 'electron';
import { type CompanionEnd, companionArguments, companionStopMs, lastErrorOf, readyOf, type StartCompanion } from '../devnet/companion.ts';

/**
 * Starts `timed` as a process of Electron's: a packaged app's executable cannot be run as Node (its fuse `runAsNode` is off). Such a process has no
 * standard input; it ends with its parent by itself, however the parent ends, since its channel to it breaks.
 */
export const startUtility =
  (utility: Pick<typeof utilityProcess, 'fork'>, timedFile: string): StartCompanion =>
  (datadir) => {
    const child = utility.fork(timedFile, companionArguments(datadir), { stdio: ['ignore', 'pipe', 'pipe'], serviceName: 'TIME companion' });
    const lastError = lastErrorOf(child.stderr);
    const ended = new Promise<CompanionEnd>((resolve) => {
      child.once('exit', (code) => resolve({ code, signal: null, lastError: lastError() }));
    });
    return {
      get pid() {
        return child.pid; // known once it has begun
      },
      ready: readyOf(child.stdout, ended),
      ended,
      stop: async () => {
        child.kill(); // SIGTERM; on Windows it ends at once, which its files bear
        const killer = setTimeout(() => killNow(child.pid), companionStopMs);
        await ended;
        clearTimeout(killer);
      },
    };
  };

function killNow(pid: number | undefined): void {
  // It has a number only while it runs.
  if (pid !== undefined) process.kill(pid, 'SIGKILL');
}
