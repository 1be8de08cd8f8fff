import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parse } from 'smol-toml';
import { dataFiles, networkDirectory } from '../../src-main/node/data-directory.ts';
import type { MethodName, Request, Response } from '../../src-shared/api/contract.ts';
import { isRunning, kill, untilGone } from './processes.ts';

/** Where the programs under test are: those of the build. */
export const programs = join(process.cwd(), process.env.TIME_OUT_DIR ?? 'out', 'main');

/** What a node says of itself in the launcher's line, and in its own. */
export interface NodeAddresses {
  readonly pid: number;
  readonly datadir: string;
  readonly cookieFile: string;
  readonly p2p: string;
  readonly rpc: string;
  /** With the token in the fragment. */
  readonly web: string;
}

export class RpcError extends Error {
  readonly code: number;
  readonly data: Readonly<Record<string, unknown>>;
  constructor(code: number, message: string, data: Readonly<Record<string, unknown>>) {
    super(`${message} (${code})`);
    this.code = code;
    this.data = data;
  }
}

interface RpcAnswer {
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: Readonly<Record<string, unknown>> };
}

const stopMs = 5_000;
/** A killed process with a gigabyte of memory, on a machine that has much else to do. */
const goneMs = 60_000;
/** Fewer than a node takes in one request. */
const maxBatch = 500;

/** How a process ended, and the last of what it said on its error output. */
export interface NodeEnd {
  readonly code: number | null;
  readonly errors: string;
}

/** One node, in a process of its own: first a child of the launcher, after a restart one of the test. */
export class TestNode {
  readonly index: number;
  #addresses: NodeAddresses;
  #own: ChildProcess | undefined;
  #ended: Promise<NodeEnd> | undefined;
  readonly #nodeOptions: readonly string[];

  constructor(index: number, addresses: NodeAddresses, nodeOptions: readonly string[] = []) {
    this.index = index;
    this.#addresses = addresses;
    this.#nodeOptions = nodeOptions;
  }

  /** By its files: one that is not started yet. `nodeOptions`: for Node.js, of each of its processes. */
  static at(index: number, datadir: string, nodeOptions: readonly string[] = []): TestNode {
    const { config, cookie } = dataFiles(networkDirectory(datadir, 'devnet'));
    const { listen, rpc } = parse(readFileSync(config, 'utf8')) as { readonly listen: string; readonly rpc: string };
    return new TestNode(index, { pid: 0, datadir, cookieFile: cookie, p2p: listen, rpc, web: '' }, nodeOptions);
  }

  get addresses(): NodeAddresses {
    return this.#addresses;
  }
  get pid(): number {
    return this.#addresses.pid;
  }
  get isRunning(): boolean {
    return isRunning(this.pid);
  }
  get url(): string {
    return `http://${this.#addresses.rpc}/`;
  }
  /** As it is now: each start makes a new one. */
  get authorization(): string {
    return `Basic ${Buffer.from(readFileSync(this.#addresses.cookieFile, 'utf8').trim()).toString('base64')}`;
  }

  async call<M extends MethodName>(method: M, params?: Request<M>): Promise<Response<M>> {
    const answer = (await this.#post({ jsonrpc: '2.0', id: 1, method, params: params ?? {} })) as RpcAnswer;
    if (answer.error !== undefined) throw new RpcError(answer.error.code, answer.error.message, answer.error.data ?? {});
    return answer.result as Response<M>;
  }

  /** Few requests for many calls; undefined where one was answered with an error. */
  async batch<M extends MethodName>(method: M, params: readonly Request<M>[]): Promise<(Response<M> | undefined)[]> {
    const all: (Response<M> | undefined)[] = [];
    for (let from = 0; from < params.length; from += maxBatch) {
      const calls = params.slice(from, from + maxBatch).map((one, id) => ({ jsonrpc: '2.0', id, method, params: one }));
      const answers = (await this.#post(calls)) as RpcAnswer[];
      all.push(...answers.map(({ result, error }) => (error === undefined ? (result as Response<M>) : undefined)));
    }
    return all;
  }

  async #post(body: unknown): Promise<unknown> {
    const headers = { authorization: this.authorization, 'content-type': 'application/json' };
    const response = await fetch(this.url, { method: 'POST', headers, body: JSON.stringify(body), signal: AbortSignal.timeout(10_000) });
    return response.json();
  }

  async metric(name: string, labels = ''): Promise<number> {
    const text = await (await fetch(`${this.url}metrics`, { headers: { authorization: this.authorization } })).text();
    const line = text.split('\n').find((candidate) => candidate.startsWith(`${name}${labels} `));
    return line === undefined ? 0 : Number(line.slice(line.lastIndexOf(' ') + 1));
  }

  logDirectory(): string {
    return join(this.#addresses.datadir, 'devnet', 'logs');
  }
  /** All that it has logged so far, over all its starts. */
  log(): string {
    const directory = this.logDirectory();
    if (!existsSync(directory)) return '';
    return readdirSync(directory)
      .sort()
      .map((name) => readFileSync(join(directory, name), 'utf8'))
      .join('');
  }

  /** As by `kill -9`. Resolves when the process is gone. */
  async kill(): Promise<void> {
    kill(this.pid);
    await untilGone([this.pid], goneMs);
  }

  /** Starts the program again over the same data, as a person would. Resolves when it can be used. `more`: options of the command line. */
  async start(...more: readonly string[]): Promise<void> {
    const args = [
      ...this.#nodeOptions,
      join(programs, 'timed.js'),
      '--datadir',
      this.#addresses.datadir,
      '--network',
      'devnet',
      '--log-format',
      'json',
      '--stop-with-stdin',
      ...more,
    ];
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#own = child;
    // It can be killed before it is ready.
    this.#addresses = { ...this.#addresses, pid: child.pid ?? 0 };
    let errors = '';
    child.stdin.on('error', () => {}); // it ended by itself, which its exit says
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors = (errors + text).slice(-4_000);
    });
    this.#ended = new Promise((resolve) => void child.once('close', (code) => resolve({ code, errors })));
    const ready = new Promise<NodeAddresses>((resolve, reject) => {
      createInterface({ input: child.stdout }).once('line', (line) => resolve(JSON.parse(line) as NodeAddresses));
      child.once('close', (code, signal) => reject(new Error(`node ${this.index} ended with ${signal ?? code} instead of starting: ${errors}`)));
    });
    this.#addresses = await ready;
  }
  /** Of a process that `start` started: resolves when it has ended, by whatever. */
  untilEnded(): Promise<NodeEnd> {
    return this.#ended ?? Promise.reject(new Error(`node ${this.index} was not started here`));
  }

  /** Ends what `start` started; what the launcher started is the launcher's. */
  async stop(): Promise<void> {
    const child = this.#own;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.stdin?.end();
    const killer = setTimeout(() => child.kill('SIGKILL'), stopMs);
    await gone;
    clearTimeout(killer);
  }
}
