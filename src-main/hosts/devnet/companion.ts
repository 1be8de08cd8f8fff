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

/** How a companion ended, with what it last said on its error output. */
export interface CompanionEnd {
  readonly code: number | null;
  readonly signal: string | null;
  readonly lastError: string;
}

/** A node in a process of its own that this one started. */
export interface Companion {
  /** Undefined if no process could be made; `ended` says why. */
  readonly pid: number | undefined;
  /** Rejects if it ends before it is ready. */
  readonly ready: Promise<ReadyLine>;
  /** Never rejects. */
  readonly ended: Promise<CompanionEnd>;
  /** Asks it to stop, and kills it if it does not in time. Resolves when it is gone. */
  stop(): Promise<void>;
}
/** How processes are started differs: Node's own, or Electron's utility processes. */
export type StartCompanion = (datadir: string) => Companion;

/** Everything of the local network is to be gone within five seconds; a node that takes this long is hung. */
export const companionStopMs = 4_000;
/** Of its error output, to say why it ended. */
const maxErrorCharacters = 2_000;

export const companionArguments = (datadir: string): string[] => ['--datadir', datadir, '--network', 'devnet', '--log-format', 'json'];

/**
 * Starts `timed` in a process of its own. Its standard input is a pipe that ends with this process, however this process ends, and with it
 * the companion: nothing is left behind, also after `kill -9`.
 */
export const startTimed =
  (timedFile: string): StartCompanion =>
  (datadir) => {
    // A process group of its own: Ctrl-C in the terminal reaches this process, which stops its companions in order. Windows has no such groups,
    // and would open a console window.
    const detached = process.platform !== 'win32';
    const args = [timedFile, ...companionArguments(datadir), '--stop-with-stdin'];
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'], detached, windowsHide: true });
    child.stdin.on('error', () => {}); // it is gone already, which `ended` says
    const lastError = tailOf(child.stderr);
    const ended = new Promise<CompanionEnd>((resolve) => {
      child.once('error', (error) => resolve({ code: null, signal: null, lastError: error.message }));
      child.once('close', (code, signal) => resolve({ code, signal, lastError: lastError() }));
    });
    return {
      pid: child.pid,
      ready: readyOf(child.stdout, ended),
      ended,
      stop: async () => {
        child.stdin.end();
        const killer = setTimeout(() => child.kill('SIGKILL'), companionStopMs);
        await ended;
        clearTimeout(killer);
      },
    };
  };

/** The last of what comes out of a stream. */
export function tailOf(stream: NodeJS.ReadableStream | null): () => string {
  let tail = '';
  stream?.setEncoding('utf8');
  stream?.on('data', (text: string) => {
    tail = (tail + text).slice(-maxErrorCharacters);
  });
  return () => tail.trim();
}

/** Reads the output to its end, so that it never fills up. */
export function readyOf(output: NodeJS.ReadableStream | null, ended: Promise<CompanionEnd>): Promise<ReadyLine> {
  const ready = new Promise<ReadyLine>((resolve, reject) => {
    if (output !== null) {
      createInterface({ input: output }).on('line', (line) => {
        const parsed = parseReadyLine(line);
        if (parsed !== undefined) resolve(parsed);
      });
    }
    void ended.then((end) => reject(new Error(`A node of the local network ended before it was ready, with ${wordsOfEnd(end)}`)));
  });
  // Whoever does not wait for it hears of the end through `ended`.
  ready.catch(() => {});
  return ready;
}

export const wordsOfEnd = ({ code, signal, lastError }: CompanionEnd): string =>
  `${signal ?? (code === null ? 'no process' : `exit code ${code}`)}${lastError === '' ? '.' : `: ${lastError}`}`;

function parseReadyLine(line: string): ReadyLine | undefined {
  try {
    const parsed = JSON.parse(line) as Partial<ReadyLine> | null;
    return parsed?.ready === true ? (parsed as ReadyLine) : undefined;
  } catch {
    return undefined;
  }
}
