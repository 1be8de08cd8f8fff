import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { MethodName, Request, Response } from '../../src-shared/api/contract.ts';
import { type NodeAddresses, programs } from '../network/node.ts';
import type { Namespaces } from './namespaces.ts';

const agentFile = join(import.meta.dirname, 'rpc-agent.ts');

type Answer = {
  readonly id: number;
  readonly failure?: string;
  readonly answer?: { readonly result?: unknown; readonly error?: { readonly message: string } };
};

/** A real node in a namespace, and somebody in there who talks to it. */
export class NamespacedNode {
  readonly #namespaces: Namespaces;
  readonly #namespace: string;
  readonly #datadir: string;
  readonly #agent: ChildProcess;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #child: ChildProcess | undefined;
  #addresses: NodeAddresses | undefined;
  #nextId = 1;

  constructor(namespaces: Namespaces, namespace: string, datadir: string) {
    this.#namespaces = namespaces;
    this.#namespace = namespace;
    this.#datadir = datadir;
    this.#agent = namespaces.spawn(namespace, process.execPath, [agentFile]);
    createInterface({ input: this.#agent.stdout! }).on('line', (line) => {
      const answer = JSON.parse(line) as Answer;
      this.#waiting.get(answer.id)?.(answer);
      this.#waiting.delete(answer.id);
    });
  }

  /** Resolves when it can be used. */
  async start(): Promise<void> {
    const args = [join(programs, 'timed.js'), '--datadir', this.#datadir, '--network', 'devnet', '--log-format', 'json', '--stop-with-stdin'];
    const child = this.#namespaces.spawn(this.#namespace, process.execPath, args);
    this.#child = child;
    let errors = '';
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      errors = (errors + text).slice(-4_000);
    });
    this.#addresses = await new Promise<NodeAddresses>((resolve, reject) => {
      createInterface({ input: child.stdout! }).once('line', (line) => resolve(JSON.parse(line) as NodeAddresses));
      child.once('exit', (code, signal) => reject(new Error(`the node in ${this.#namespace} ended with ${signal ?? code} instead of starting: ${errors}`)));
    });
  }

  async call<M extends MethodName>(method: M, params?: Request<M>): Promise<Response<M>> {
    const { rpc, cookieFile } = this.#addresses!;
    const authorization = `Basic ${Buffer.from(readFileSync(cookieFile, 'utf8').trim()).toString('base64')}`;
    const id = this.#nextId++;
    const heard = new Promise<Answer>((resolve) => this.#waiting.set(id, resolve));
    const body = { jsonrpc: '2.0', id, method, params: params ?? {} };
    this.#agent.stdin!.write(`${JSON.stringify({ id, url: `http://${rpc}/`, authorization, body })}\n`);
    const { failure, answer } = await heard;
    if (failure !== undefined || answer?.error !== undefined) throw new Error(`${method}: ${failure ?? answer?.error?.message}`);
    return answer?.result as Response<M>;
  }

  log(): string {
    const directory = join(this.#datadir, 'devnet', 'logs');
    return readdirSync(directory)
      .sort()
      .map((name) => readFileSync(join(directory, name), 'utf8'))
      .join('');
  }

  /** As a person would. Resolves with how long it took. */
  async stop(): Promise<number> {
    const startedMs = performance.now();
    await this.#end((child) => child.stdin?.end());
    return performance.now() - startedMs;
  }
  /** As by `kill -9`. */
  kill(): Promise<void> {
    return this.#end((child) => child.kill('SIGKILL'));
  }

  async #end(how: (child: ChildProcess) => void): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    how(child);
    await gone;
  }
}
