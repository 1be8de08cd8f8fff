// Child processes that end together with the script that started them. No dependencies: the bootstrap uses this on any Node from 18.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** @typedef {{ code: number | null, signal: NodeJS.Signals | null }} Ending */

const isWindows = process.platform === 'win32';
/** npm repeats a signal that the terminal has already delivered; a person who presses Ctrl-C again takes longer than this. */
const repeatedSignalMs = 500;
const parentCheckMs = 500;
/** Hosts promise to stop within five seconds. */
const stopGraceMs = 10_000;

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();
/** @type {{ signal: NodeJS.Signals, atMs: number } | undefined} */
let lastSignal;
let listening = false;

/** @param {NodeJS.Signals} signal */
function forward(signal) {
  const nowMs = Date.now();
  if (lastSignal?.signal === signal && nowMs - lastSignal.atMs < repeatedSignalMs) return;
  lastSignal = { signal, atMs: nowMs };
  if (running.size === 0) endLike({ code: null, signal });
  if (isWindows) return; // the console has told every process itself, and kill() would end them without a goodbye
  for (const child of running) child.kill(signal);
}

function onParentGone() {
  lastSignal = { signal: 'SIGTERM', atMs: Date.now() };
  for (const child of running) child.kill('SIGTERM');
  const deadline = setTimeout(() => {
    for (const child of running) killTree(child);
  }, stopGraceMs);
  deadline.unref();
}

/** @param {import('node:child_process').ChildProcess} child */
export function killTree(child) {
  if (child.pid === undefined) return;
  try {
    process.kill(isWindows ? child.pid : -child.pid, 'SIGKILL');
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error;
  }
}

/** @returns {string} the processes above us whose end is ours too */
function lineage() {
  const parent = String(process.ppid);
  if (process.env.TIME_LAUNCHER_PID === parent || process.platform !== 'linux') return parent;
  // npm runs a script in a shell; where that shell does not hand its process over, npm is one further up, and the shell outlives it.
  try {
    const status = readFileSync(`/proc/${parent}/status`, 'utf8');
    return `${parent} ${/^PPid:\s*(\d+)$/m.exec(status)?.[1]}`;
  } catch {
    return ''; // it ended just now
  }
}

/** A killed npm, or a killed launcher, cannot pass anything on; its children notice by themselves. A shell that ends is no reason to stop. */
function watchParent() {
  if (process.env.npm_lifecycle_event === undefined && process.env.TIME_LAUNCHER_PID !== String(process.ppid)) return;
  const above = lineage();
  const timer = setInterval(() => {
    if (lineage() === above) return;
    clearInterval(timer);
    onParentGone();
  }, parentCheckMs);
  timer.unref();
}

function listenOnce() {
  if (listening) return;
  listening = true;
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, forward);
  watchParent();
}

/**
 * Starts a program in a process group of its own. Ctrl-C in a terminal reaches every process of the foreground group, and npm sends it once more: with
 * groups of their own, children hear of it from here only, and once.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 */
export function start(command, args, options = {}) {
  listenOnce();
  if (lastSignal !== undefined) endLike({ code: null, signal: lastSignal.signal }); // who was told to stop begins nothing new
  const env = { ...(options.env ?? process.env), TIME_LAUNCHER_PID: String(process.pid) };
  const child = spawn(command, [...args], { stdio: 'inherit', ...options, env, detached: !isWindows });
  running.add(child);
  child.once('close', () => running.delete(child));
  return child;
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<Ending>}
 */
export function ended(child) {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      running.delete(child);
      reject(error);
    });
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 */
export const run = (command, args, options) => ended(start(command, args, options));

/**
 * Runs a program and keeps what it prints: `output` is both streams as they came, `stdout` the first alone.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 */
export async function capture(command, args, options) {
  const child = start(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let stdout = '';
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    output += text;
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
  return { ...(await ended(child)), output, stdout };
}

/** @type {Ending} */
export const success = { code: 0, signal: null };

/** @param {Ending} ending */
export const succeeded = (ending) => ending.code === 0;

/**
 * Ends this process as a child ended, so that whoever waits sees the same.
 * @param {Ending} ending
 * @returns {never}
 */
export function endLike({ code, signal }) {
  if (signal !== null && !isWindows) {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  }
  process.exit(code ?? 1);
}
