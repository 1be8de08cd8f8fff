import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeGenesis, type GenesisContents } from '../src-main/core/codec/genesis.ts';
import { maxGenesisOutputs } from '../src-main/core/constants.ts';
import { createGenesis, type Genesis } from '../src-main/core/genesis.ts';
import { type KeyPair, keyPairOf } from '../src-main/node/keys/ed25519.ts';
import { nodeKeyOf } from '../src-main/node/keys/node-key.ts';
import { lockOf } from '../src-shared/domain/address.ts';
import type { Lock, PublicKey } from '../src-shared/domain/ids.ts';
import type { NetLimits } from '../src-shared/domain/net-limits.ts';
import type { NodeCommand, NodeReport, ReportOf } from './node-messages.ts';

/** Every coin of a benchmark's genesis: enough for fees and 0.1 % many times over. */
export const coinUnits = 1_000_000_000n;
const host = '127.0.0.1';

/** One key owns all coins: what is measured does not depend on whose they are. */
export interface BenchGenesis {
  readonly genesis: Genesis;
  readonly owner: KeyPair;
  readonly ownerLock: Lock;
  readonly nodeSeeds: readonly Buffer[];
  readonly ports: readonly number[];
  /** Made for this run; removed by `remove`. */
  readonly directory: string;
  readonly genesisFile: string;
  remove(): void;
}

/** A devnet of `members` Bronze masternodes, and as many coins as a genesis holds beside their collaterals. */
export async function makeBenchGenesis(members: number, startsMsAgo = 0): Promise<BenchGenesis> {
  const owner = keyPairOf(randomBytes(32));
  const ownerLock = lockOf(owner.publicKey.toString('hex') as PublicKey);
  const nodeSeeds = Array.from({ length: Math.max(1, members) }, () => randomBytes(32));
  const ports = await freePorts(nodeSeeds.length + 1);
  const contents: GenesisContents = {
    network: 'devnet',
    time: Date.now() - startsMsAgo,
    masternodes: nodeSeeds.slice(0, members).map((seed, index) => ({
      nodeKey: nodeKeyOf(seed).nodeId,
      tier: 'bronze',
      ownerLock,
      rewardLock: ownerLock,
      serviceAddress: `${host}:${ports[index]}`,
    })),
    allocations: Array.from({ length: maxGenesisOutputs - members }, () => ({ lock: ownerLock, amount: coinUnits, label: '' })),
  };
  const directory = mkdtempSync(join(tmpdir(), 'time-bench-'));
  const genesisFile = join(directory, 'genesis.bin');
  writeFileSync(genesisFile, encodeGenesis(contents));
  const remove = (): void => rmSync(directory, { recursive: true, force: true });
  return { genesis: createGenesis(contents), owner, ownerLock, nodeSeeds, ports, directory, genesisFile, remove };
}

export interface BenchNodeOptions {
  readonly index: number;
  readonly connect: readonly string[];
  readonly masternode: boolean;
  readonly syncDelayMs?: number;
  /** Instead of the devnet's own. */
  readonly limits?: Partial<NetLimits>;
}

/** A node in a process of its own, driven by messages. */
export class BenchNode {
  readonly address: string;
  readonly #child: ChildProcess;
  readonly #waiting: { readonly kind: NodeReport['kind']; resolve(report: NodeReport): void; reject(error: Error): void }[] = [];
  readonly #exited: Promise<void>;

  constructor(bench: BenchGenesis, { index, connect, masternode, syncDelayMs, limits }: BenchNodeOptions) {
    this.address = `${host}:${bench.ports[index]}`;
    const seed = bench.nodeSeeds[index] ?? randomBytes(32);
    const options = {
      genesisFile: bench.genesisFile,
      directory: join(bench.directory, `node-${index}`),
      seed: seed.toString('hex'),
      port: bench.ports[index],
      connect,
      masternode,
      syncDelayMs,
      limits,
    };
    // Bytes of transactions travel as they are, and a profile can be asked for: TIME_BENCH_NODE_ARGS="--cpu-prof …".
    const execArgv = process.env.TIME_BENCH_NODE_ARGS?.split(' ') ?? [];
    this.#child = fork(new URL('./bench-node.ts', import.meta.url), [JSON.stringify(options)], { serialization: 'advanced', execArgv });
    this.#child.on('message', (report: NodeReport) => {
      const at = this.#waiting.findIndex(({ kind }) => kind === report.kind);
      if (at >= 0) this.#waiting.splice(at, 1)[0]?.resolve(report);
    });
    this.#exited = new Promise((resolve) => {
      this.#child.once('exit', (code, signal) => {
        for (const { kind, reject } of this.#waiting) reject(new Error(`node ${index} ended with ${signal ?? code} before its ${kind}`));
        resolve();
      });
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }
  next<K extends NodeReport['kind']>(kind: K): Promise<ReportOf<K>> {
    return new Promise((resolve, reject) => this.#waiting.push({ kind, resolve: resolve as (report: NodeReport) => void, reject }));
  }
  tell(command: NodeCommand): void {
    this.#child.send(command);
  }
  ask<K extends NodeReport['kind']>(command: NodeCommand, kind: K): Promise<ReportOf<K>> {
    const answer = this.next(kind);
    this.tell(command);
    return answer;
  }
  async stop(): Promise<void> {
    if (this.#child.connected) this.tell({ kind: 'stop' });
    await this.#exited;
  }
}

/** A whole network, each pair connected. */
export async function startBenchNetwork(bench: BenchGenesis, count: number, options: { readonly syncDelayMs?: number } = {}): Promise<BenchNode[]> {
  const nodes: BenchNode[] = [];
  for (let index = 0; index < count; index++) {
    nodes.push(new BenchNode(bench, { index, connect: nodes.map(({ address }) => address), masternode: true, ...options }));
  }
  await Promise.all(nodes.map((node) => node.next('ready')));
  await Promise.all(nodes.map((node) => node.ask({ kind: 'await-peers', count: count - 1 }, 'peers')));
  return nodes;
}

/** Between asking and using them others may take them; a benchmark then fails and is started again. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) => {
          server.listen(0, host, () => resolve((server.address() as { port: number }).port));
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
