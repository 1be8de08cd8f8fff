import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, type TestInfo, test } from '@playwright/test';
import type { Genesis } from '../../src-main/core/genesis.ts';
import { dataFiles, networkDirectory } from '../../src-main/node/data-directory.ts';
import type { NodeId } from '../../src-shared/domain/ids.ts';
import { BulkyPayments } from './bulky-payments.ts';
import { expectExactSupply, isFinal } from './chain.ts';
import { makeNetwork } from './devnet.ts';
import { alarmsOf } from './fixture.ts';
import { missingIn } from './kept.ts';
import { TestNode } from './node.ts';
import { genesisIn, ownLock, withOwnCoins } from './own-coins.ts';
import { until } from './processes.ts';
import type { Random } from './random.ts';
import { Recorder } from './recorder.ts';
import { Testimony } from './testimony.ts';

/** Chains of payments that are sent at once. */
const coins = 8;
/** Of a machine that does much else. */
const votingMs = 60_000;
/** A start takes about half of it, so that as many kills come after it is done as before. */
const startingMs = 1_000;
/** Some blocks' worth of votes, payments and commits after it signs. */
const signingMs = 2_000;

/** A masternode that decides alone, so that it signs everything that a masternode signs as fast as it can; its payments, and who listens to it. */
export class LoneNode {
  readonly node: TestNode;
  readonly genesis: Genesis;
  readonly testimony = new Testimony();
  readonly #nodeId: NodeId;
  readonly #directory: string;

  private constructor(node: TestNode, genesis: Genesis, directory: string) {
    this.node = node;
    this.genesis = genesis;
    this.#nodeId = genesis.registry.members[0]!.nodeId;
    this.#directory = directory;
  }

  /** `from`: the first of its ports. `directory`: empty; one of its own if left out. */
  static async make(from: number, directory: string = mkdtempSync(join(tmpdir(), 'time-lone-'))): Promise<LoneNode> {
    const [made] = await makeNetwork(directory, { count: 1, from, genesis: (file) => withOwnCoins(coins, file) });
    return new LoneNode(TestNode.at(0, made!.datadir), genesisIn(directory), directory);
  }

  get files() {
    return dataFiles(networkDirectory(this.node.addresses.datadir, 'devnet'));
  }
  pay(): BulkyPayments {
    return new BulkyPayments(this.node, this.genesis);
  }
  /** Resolves when it signs, and somebody listens. */
  async signs(): Promise<Recorder> {
    const recorder = await Recorder.of(this.node, this.testimony, [ownLock]);
    await until('it votes', votingMs, async () => (await this.node.call('getconsensusinfo')).voting);
    return recorder;
  }
  /** It does not run. Nothing of what it said is missing in its files, and none of it contradicts another. */
  expectKept(payments: BulkyPayments, words: string): void {
    expect(missingIn(this.node, this.testimony.of(this.#nodeId), payments), words).toEqual([]);
    expect(this.testimony.contradictions, words).toEqual([]);
  }
  /** For whoever looks why the test failed. */
  keepLog(info: TestInfo): void {
    mkdirSync(info.outputDir, { recursive: true });
    writeFileSync(info.outputPath(`node-${this.node.addresses.p2p}.log`), this.node.log());
  }
  async remove(): Promise<void> {
    await this.node.stop();
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

/** Kills one node `times` times under payments, at instants that `random` draws, half of them while it starts. Says how far it came. */
export async function killAgainAndAgain(times: number, random: Random, from: number): Promise<string> {
  const lone = await LoneNode.make(from);
  const { node, testimony } = lone;
  const payments = lone.pay();
  try {
    let whileStarting = 0;
    for (let life = 1; life <= times; life++) {
      const isStarting = random(2) === 0;
      const afterMs = random(isStarting ? startingMs : signingMs);
      const words = `kill ${life}, ${afterMs} ms after it ${isStarting ? 'was started' : 'signs'}`;
      const started = node.start();
      // Killed before it is ready, which is what is wanted; why it did not start otherwise is told below.
      const start = started.then(
        () => undefined,
        (error: Error) => error,
      );
      let recorder: Recorder | undefined;
      if (!isStarting) {
        await started;
        recorder = await lone.signs();
      }
      await delay(afterMs);
      expect(node.isRunning, `${words}: it runs until then`).toBe(true);
      await node.kill();
      await Promise.all([recorder?.untilEnded(), start]);
      lone.expectKept(payments, words);
      if (isStarting) whileStarting++;
    }

    await node.start();
    const recorder = await lone.signs();
    const before = payments.sent;
    await until('payments go on', votingMs, () => payments.sent > before + coins);
    await payments.stop();
    const { blocks } = await node.call('getblockchaininfo');
    await until('all that it took is final', votingMs, async () =>
      (
        await node.batch(
          'gettransaction',
          [...payments.accepted].map((txid) => ({ txid })),
        )
      ).every(isFinal),
    );
    await expectExactSupply([node], votingMs);
    expect(testimony.contradictions).toEqual([]);
    expect(alarmsOf(node)).toEqual([]);
    recorder.stop();
    return `${times} kills, ${whileStarting} of them while it started; ${payments.sent} payments taken, ${blocks} blocks`;
  } catch (error) {
    lone.keepLog(test.info());
    throw error;
  } finally {
    await payments.stop();
    await lone.remove();
  }
}
