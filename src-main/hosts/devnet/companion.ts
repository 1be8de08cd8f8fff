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

/** How a companion ended, with the last error that it reported; empty if there was none. */
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
/** Of one error, in a message of ours. */
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
    const lastError = lastErrorOf(child.stderr);
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

/** The last error that comes out of a stream of log lines, or of what a program without a log says. */
export function lastErrorOf(output: NodeJS.ReadableStream | null): () => string {
  let last = '';
  if (output !== null) {
    createInterface({ input: output }).on('line', (line) => {
      last = errorIn(line)?.slice(0, maxErrorCharacters) ?? last;
    });
  }
  return () => last;
}

/** Around the words of an error that ends Node: its stack, its properties and the version. */
const notWords = /^(\s|\}|Node\.js v|$)/;

function errorIn(line: string): string | undefined {
  const parsed = parseJson(line);
  if (parsed === undefined) return notWords.test(line) ? undefined : line;
  const { level, message, error } = parsed as { readonly level?: unknown; readonly message?: unknown; readonly error?: unknown };
  return level === 'error' ? [message, error].filter((part) => typeof part === 'string').join(': ') : undefined;
}

/** Undefined if it is not an object. */
function parseJson(line: string): object | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
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
  const parsed = parseJson(line) as Partial<ReadyLine> | undefined;
  return parsed?.ready === true ? (parsed as ReadyLine) : undefined;
}
