import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type NodeAddresses, programs, TestNode } from './node.ts';
import { kill, untilGone } from './processes.ts';

export const nodeCount = 4;
/** Hosts promise to be gone within this time. */
export const stopMs = 5_000;

/** `npm run devnet -- --json` as its program: a launcher and its nodes, over a temporary directory. */
export class Devnet {
  readonly directory: string;
  readonly launcher: ChildProcess;
  readonly nodes: readonly TestNode[];
  /** From the start of the launcher to its line. */
  readonly startMs: number;
  readonly #errors: () => string;

  private constructor(directory: string, launcher: ChildProcess, nodes: readonly TestNode[], startMs: number, errors: () => string) {
    this.directory = directory;
    this.launcher = launcher;
    this.nodes = nodes;
    this.startMs = startMs;
    this.#errors = errors;
  }

  /** `directory`: of a network that is there already. */
  static async start(directory = mkdtempSync(join(tmpdir(), 'time-e2e-'))): Promise<Devnet> {
    const startedMs = performance.now();
    const args = [join(programs, 'devnet.js'), '--nodes', String(nodeCount), '--json', '--datadir', directory];
    const launcher = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let errors = '';
    launcher.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors = (errors + text).slice(-4_000);
    });
    const line = await new Promise<string>((resolve, reject) => {
      createInterface({ input: launcher.stdout }).once('line', resolve);
      launcher.once('close', (code, signal) => reject(new Error(`the launcher ended with ${signal ?? code} instead of starting: ${errors}`)));
    });
    const { nodes } = JSON.parse(line) as { readonly nodes: readonly (NodeAddresses & { readonly index: number })[] };
    const made = nodes.map((node) => new TestNode(node.index, node));
    return new Devnet(directory, launcher, made, performance.now() - startedMs, () => errors);
  }

  /** What the launcher said on its error output. */
  get errors(): string {
    return this.#errors();
  }
  node(index: number): TestNode {
    const node = this.nodes[index];
    if (node === undefined) throw new Error(`there is no node ${index}`);
    return node;
  }
  pids(): number[] {
    return this.nodes.map((node) => node.pid);
  }

  /** Resolves with how long everything took to be gone; rejects if that is longer than promised. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number> {
    const startedMs = performance.now();
    if (this.launcher.exitCode === null && this.launcher.signalCode === null) {
      const gone = once(this.launcher, 'exit');
      this.launcher.kill(signal);
      await Promise.all([gone, ...this.nodes.map((node) => node.stop())]);
    } else await Promise.all(this.nodes.map((node) => node.stop()));
    await untilGone(this.pids(), stopMs);
    return performance.now() - startedMs;
  }

  /** Whatever happened before: no process and no file is left. */
  async remove(): Promise<void> {
    await this.stop().catch(() => undefined);
    for (const pid of [this.launcher.pid ?? 0, ...this.pids()]) if (pid > 0) kill(pid);
    await untilGone(this.pids(), stopMs);
    rmSync(this.directory, { recursive: true, force: true });
  }
}
