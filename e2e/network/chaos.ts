import { setTimeout as delay } from 'node:timers/promises';
import { expect } from '@playwright/test';
import type { GenesisFile } from '../../src-main/core/codec/genesis-file.ts';
import type { Tier } from '../../src-main/core/snapshot.ts';
import { tiers } from '../../src-main/core/tiers.ts';
import { formatTime } from '../../src-shared/domain/amount.ts';
import type { Txid } from '../../src-shared/domain/ids.ts';
import { agreement, blockMs, type Header, headersThrough, slotMs } from './chain.ts';
import type { Devnet } from './devnet.ts';
import type { TestNode } from './node.ts';
import { genesisIn, withOwnCoins } from './own-coins.ts';
import { expectFinal, PaymentLoad, payFinally } from './payments.ts';
import { until, untilGone } from './processes.ts';
import { type Random, randomOf } from './random.ts';
import { Recorder } from './recorder.ts';
import { RivalPayments } from './rival-payments.ts';
import { Testimony } from './testimony.ts';
import { wholeLedger } from './whole-ledger.ts';

/** No member has a third of the weight, and three of the four that weigh most are two thirds: whether there are two thirds changes with nearly every fault. */
const mixed: readonly Tier[] = ['gold', 'gold', 'silver', 'bronze', 'free', 'gold', 'gold', 'silver', 'bronze', 'free'];
export const chaosNetwork = { count: mixed.length, genesis: (file: GenesisFile) => withOwnCoins(contestedCoins, withTiers(file)) };
const withTiers = (file: GenesisFile): GenesisFile => ({
  ...file,
  masternodes: file.masternodes.map((member, index) => ({ ...member, tier: mixed[index]! })),
});

const contestedCoins = 4;
/** Ten nodes pay so often: enough to be in the middle of something always, and little enough for a machine to keep its times. */
const restMs = 400;
const pollMs = 500;
/** Of two thirds of the weight being up, until the next block; a busy machine adds what it adds to two starts of a node, which take about a second by themselves. */
const progressMs = 3 * slotMs;
const startsOfSlack = 2;
const stopMs = 10_000;
const healMs = 120_000;

/** What is done to the nodes of one half of the network, one of them or several at once. */
type Fault = (nodes: readonly TestNode[], forMs: number, start: (node: TestNode) => Promise<void>) => Promise<void>;
const faults: Readonly<Record<string, Fault>> = {
  killed: async (nodes, forMs, start) => {
    await Promise.all(nodes.map((node) => node.kill()));
    await delay(forMs);
    await Promise.all(nodes.map(start));
  },
  'killed again and again': async (nodes, forMs, start) => {
    for (let times = 0; times < 3; times++) await faults.killed!(nodes, forMs / 3, start);
  },
  'held still': async (nodes, forMs) => {
    for (const { pid } of nodes) process.kill(pid, 'SIGSTOP');
    await delay(forMs);
    for (const { pid } of nodes) process.kill(pid, 'SIGCONT');
  },
  'stopped in order': async (nodes, forMs, start) => {
    await Promise.all(nodes.map((node) => node.call('stop')));
    await untilGone(
      nodes.map(({ pid }) => pid),
      stopMs,
    );
    await delay(forMs);
    await Promise.all(nodes.map(start));
  },
};

/** Ten nodes for a while under payments, contested ones among them, and under faults; then everything that must hold, held to them all. */
export class Chaos {
  readonly #nodes: readonly TestNode[];
  readonly #testimony = new Testimony();
  readonly #heard: Promise<void>[];
  readonly #down = new Set<TestNode>();
  /** What was said of each height, by whoever said it first. */
  readonly #blocks = new Map<number, string>();
  readonly #seed: number;
  readonly #devnet: Devnet;
  /** When two thirds of the weight were there last after they had not been. */
  #upSinceMs = performance.now();
  #progressedMs = performance.now();
  #highest = 0;
  #faults = 0;
  #longestMs = 0;
  #slowestStartMs = 0;
  #over = false;

  constructor(devnet: Devnet, seed: number) {
    this.#devnet = devnet;
    this.#nodes = devnet.nodes;
    this.#seed = seed;
    this.#heard = this.#nodes.map((node) => this.#listen(node));
  }

  async run(forMs: number): Promise<void> {
    const load = await PaymentLoad.start(this.#nodes, restMs);
    const rivals = new RivalPayments(this.#nodes, genesisIn(this.#devnet.directory), this.#testimony, randomOf(this.#seed));
    const watching = this.#watch();
    try {
      await Promise.race([watching, this.#disturbAndHeal(load, rivals, performance.now() + forMs)]);
    } finally {
      this.#over = true;
      await Promise.all([load.stop(), rivals.stop()]);
    }
    await Promise.all([watching, ...this.#heard]);
    await this.#expectWhole(load, rivals);
  }

  async #disturbAndHeal(load: PaymentLoad, rivals: RivalPayments, endMs: number): Promise<void> {
    const nodes = this.#nodes;
    const half = nodes.length / 2;
    await Promise.all([nodes.slice(0, half), nodes.slice(half)].map((some, hand) => this.#disturb(some, randomOf(this.#seed + 1 + hand), endMs)));
    await Promise.all([load.stop(), rivals.stop()]);
    const finals = [...load.finals, ...rivals.finals];
    await until('what was final is final everywhere', healMs, () => expectFinal(nodes, finals).then(() => true));
    await payFinally(nodes[this.#seed % nodes.length]!, nodes, healMs);
    await until('all of it is in blocks', 2 * blockMs + slotMs, async () => {
      for (const node of nodes)
        if (
          (
            await node.batch(
              'gettransaction',
              finals.map((txid) => ({ txid })),
            )
          ).some((info) => info?.state !== 'confirmed')
        )
          return false;
      return true;
    });
  }

  async #disturb(nodes: readonly TestNode[], random: Random, endMs: number): Promise<void> {
    const names = Object.keys(faults);
    while (performance.now() < endMs) {
      await delay(random(3_000));
      const name = names[random(names.length)]!;
      // One most often; and sometimes so many that nothing can be decided.
      const victims = shuffled(nodes, random).slice(0, random(3) === 0 ? 1 + random(nodes.length) : 1);
      const forMs = random(8_000);
      console.log(`${victims.map(({ index }) => index).join(', ')} ${name} for ${forMs} ms`);
      this.#faults++;
      this.#set(victims, true);
      await faults[name]!(victims, forMs, (node) => this.#start(node));
      this.#set(victims, false);
    }
  }

  async #start(node: TestNode): Promise<void> {
    const startedMs = performance.now();
    await node.start();
    this.#slowestStartMs = Math.max(this.#slowestStartMs, performance.now() - startedMs);
  }

  #set(nodes: readonly TestNode[], down: boolean): void {
    const had = this.#hasTwoThirds();
    for (const node of nodes) down ? this.#down.add(node) : this.#down.delete(node);
    if (!had && this.#hasTwoThirds()) this.#upSinceMs = performance.now();
  }
  #hasTwoThirds(): boolean {
    const weigh = (some: readonly TestNode[]): number => some.reduce((sum, { index }) => sum + tiers[mixed[index]!].weight, 0);
    return 3 * weigh(this.#nodes.filter((node) => !this.#down.has(node))) >= 2 * weigh(this.#nodes);
  }

  /** All the time: nobody has another block at a height, nobody signs twice, and while two thirds are there blocks come. */
  async #watch(): Promise<void> {
    while (!this.#over) {
      await Promise.all(this.#nodes.map((node) => this.#look(node)));
      expect(this.#testimony.contradictions).toEqual([]);
      const nowMs = performance.now();
      if (this.#hasTwoThirds()) {
        const withoutMs = nowMs - Math.max(this.#upSinceMs, this.#progressedMs);
        this.#longestMs = Math.max(this.#longestMs, withoutMs);
        expect(withoutMs, `without a block since ${this.#highest}, while two thirds of the weight were up`).toBeLessThan(
          progressMs + startsOfSlack * this.#slowestStartMs,
        );
      }
      await delay(pollMs);
    }
  }

  async #look(node: TestNode): Promise<void> {
    // One that is down says nothing, or what it said while it was killed.
    if (this.#down.has(node)) return;
    const info = await node.call('getblockchaininfo').catch(() => undefined);
    if (info === undefined) return;
    const { blocks, bestblockhash, utxosethash } = info;
    const said = `${bestblockhash} with coins ${utxosethash}`;
    const before = this.#blocks.get(blocks);
    if (before !== undefined) expect(said, `node ${node.index} at height ${blocks}`).toBe(before);
    this.#blocks.set(blocks, said);
    if (blocks <= this.#highest) return;
    this.#highest = blocks;
    this.#progressedMs = performance.now();
  }

  /** Through all its lives. */
  async #listen(node: TestNode): Promise<void> {
    while (!this.#over) {
      const recorder = await Recorder.of(node, this.#testimony).catch(() => undefined);
      if (recorder === undefined) await delay(pollMs);
      else {
        await Promise.race([recorder.untilEnded(), until('it is over', 2 ** 31, () => this.#over)]);
        recorder.stop();
      }
    }
  }

  async #expectWhole(load: PaymentLoad, rivals: RivalPayments): Promise<void> {
    const nodes = this.#nodes;
    const finals = [...load.finals, ...rivals.finals];
    expect(this.#testimony.contradictions).toEqual([]);
    for (const [first, second] of rivals.pairs) expect([rivals.finals.has(first), rivals.finals.has(second)]).not.toEqual([true, true]);

    const { blocks: height } = await agreement(nodes, 0, healMs);
    const chains = await Promise.all(nodes.map((node) => headersThrough(node, height)));
    const identity = (headers: readonly Header[]): string[] => headers.map(({ hash, utxosethash, registryhash }) => `${hash} ${utxosethash} ${registryhash}`);
    for (const [index, headers] of chains.entries()) expect(identity(headers), `the chain of node ${index}`).toEqual(identity(chains[0]!));
    for (const [at, said] of this.#blocks) if (at <= height) expect(said).toBe(`${chains[0]![at]!.hash} with coins ${chains[0]![at]!.utxosethash}`);

    const ledger = await wholeLedger(nodes[0]!, height);
    expect(finals.filter((txid) => ledger.blocksOf.get(txid as Txid) !== 1)).toEqual([]);
    const audits = await until('every node counts its coins at one height', healMs, async () => {
      const read = await Promise.all(nodes.map((node) => node.call('gettxoutsetinfo')));
      return read.every((audit) => audit.height === read[0]!.height) && read;
    });
    const { totalUnits, coins } = await wholeLedger(nodes[0]!, audits[0]!.height);
    const { utxosethash } = (await headersThrough(nodes[0]!, audits[0]!.height)).at(-1)!;
    for (const { txouts, total_amount, muhash } of audits) expect([txouts, total_amount, muhash]).toEqual([coins, formatTime(totalUnits), utxosethash]);
    console.log(
      `${this.#faults} faults, ${load.sent} payments and ${rivals.pairs.length} contested coins, ${finals.length} seen final, ${height} blocks, ` +
        `${(this.#longestMs / 1_000).toFixed(1)} s the longest without a block while two thirds were up; ` +
        `the slowest start took ${(this.#slowestStartMs / 1_000).toFixed(1)} s`,
    );
  }
}

function shuffled<T>(all: readonly T[], random: Random): T[] {
  return all
    .map((one) => ({ one, order: random(1_000_000) }))
    .sort((a, b) => a.order - b.order)
    .map(({ one }) => one);
}
