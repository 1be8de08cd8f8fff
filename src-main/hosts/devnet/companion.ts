import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** What `timed --log-format json` prints once it can be used. */
export interface ReadyLine {
  readonly ready: true;
  readonly pid: number;
  readonly datadir: string;
  readonly cookieFile: string;
  readonly p2p: string;
  readonly rpc: string;
  readonly web: string;
}

/** How a companion ended: by itself, with what it last said on its error output. */
export interface CompanionEnd {
  readonly code: number | null;
  readonly signal: string | null;
  readonly lastError: string;
}

/** A node in a process of its own that this one started. */
export interface Companion {
  readonly pid: number;
  /** Rejects if it ends before it is ready. */
  readonly ready: Promise<ReadyLine>;
  readonly ended: Promise<CompanionEnd>;
  /** Asks it to stop, and kills it if it does not in time. Resolves when it is gone. */
  stop(): Promise<void>;
}
/** How processes are started differs: Node's own, or Electron's utility processes. */
export type StartCompanion = (datadir: string) => Companion;

/** A node stops within five seconds; then it is hung. */
const stopMs = 5_000;
/** Of its error output, to say why it ended. */
const maxErrorCharacters = 2_000;

/**
 * Starts `timed` in a process of its own. Its standard input is a pipe that ends with this process, however this process ends, and with it
 * the companion: nothing is left behind, also after `kill -9`.
 */
export const startTimed =
  (timedFile: string): StartCompanion =>
  (datadir) => {
    const args = [timedFile, '--datadir', datadir, '--network', 'devnet', '--log-format', 'json', '--stop-with-stdin'];
    // A process group of its own: Ctrl-C in the terminal reaches this process, which stops its companions in order.
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
    let lastError = '';
    child.stderr.on('data', (chunk: Buffer) => {
      lastError = (lastError + chunk.toString()).slice(-maxErrorCharacters);
    });
    const ended = new Promise<CompanionEnd>((resolve) => {
      child.once('error', (error) => resolve({ code: null, signal: null, lastError: error.message }));
      child.once('close', (code, signal) => resolve({ code, signal, lastError: lastError.trim() }));
    });
    const ready = new Promise<ReadyLine>((resolve, reject) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        const parsed = readyLine(line);
        if (parsed !== undefined) resolve(parsed);
      });
      void ended.then(({ code, signal, lastError: text }) => reject(new Error(`a node of the local network ended with ${signal ?? code}: ${text}`)));
    });
    ready.catch(() => {});
    return {
      pid: child.pid ?? 0,
      ready,
      ended,
      stop: async () => {
        child.stdin.end();
        const killer = setTimeout(() => child.kill('SIGKILL'), stopMs);
        await ended;
        clearTimeout(killer);
      },
    };
  };

function readyLine(line: string): ReadyLine | undefined {
  try {
    const parsed = JSON.parse(line) as Partial<ReadyLine>;
    return parsed.ready === true ? (parsed as ReadyLine) : undefined;
  } catch {
    return undefined;
  }
}
