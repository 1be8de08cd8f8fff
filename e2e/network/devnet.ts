import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { stringify } from 'smol-toml';
import type { GenesisFile } from '../../src-main/core/codec/genesis-file.ts';
import { type LocalNode, openLocalNetwork } from '../../src-main/hosts/devnet/local-network.ts';
import { dataFiles, networkDirectory } from '../../src-main/node/data-directory.ts';
import { type NodeAddresses, programs, TestNode } from './node.ts';
import { kill, untilGone } from './processes.ts';

export const nodeCount = 4;
/** Where this worker of this run looks for free ports: those of a node that is down are free too, and nobody else must take them meanwhile. */
export const firstPort = 20_000 + 500 * (3 * (process.ppid % 8) + Number(process.env.TEST_PARALLEL_INDEX ?? 0));
/** Hosts promise to be gone within this time. */
export const stopMs = 5_000;

export interface DevnetOptions {
  /** Of a network that is there already; else a new one. */
  readonly directory?: string;
  /** Nodes. */
  readonly count?: number;
  /** Added to every node's config.toml, of a new network. */
  readonly settings?: Readonly<Record<string, string | number | boolean | readonly string[]>>;
  /** What a new network's genesis is to be instead. */
  readonly genesis?: (made: GenesisFile) => GenesisFile;
}

/** The files of a new network, and of no process yet. `from`: the first port that may be taken; networks that are made at once have different ones. */
export async function makeNetwork(
  directory: string,
  { count = nodeCount, settings = {}, genesis = (made) => made, from = firstPort }: Omit<DevnetOptions, 'directory'> & { readonly from?: number },
): Promise<readonly LocalNode[]> {
  const { nodes, release } = await openLocalNetwork({ directory, count, firstPort: from, nowMs: Date.now() });
  for (const { datadir } of nodes) appendFileSync(dataFiles(networkDirectory(datadir, 'devnet')).config, stringify(settings));
  writeFileSync(genesisFile(directory), JSON.stringify(genesis(JSON.parse(readFileSync(genesisFile(directory), 'utf8')) as GenesisFile)));
  release();
  return nodes;
}
export const genesisFile = (directory: string): string => join(directory, 'genesis.json');

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

  static async start({ directory, count = nodeCount, ...contents }: DevnetOptions = {}): Promise<Devnet> {
    if (directory === undefined) {
      const fresh = mkdtempSync(join(tmpdir(), 'time-e2e-'));
      await makeNetwork(fresh, { count, ...contents });
      return Devnet.start({ directory: fresh, count });
    }
    const startedMs = performance.now();
    const args = [join(programs, 'devnet.js'), '--nodes', String(count), '--json', '--datadir', directory];
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
