import { mkdirSync, writeFileSync } from 'node:fs';
import { expect } from '@playwright/test';
import { test as base } from '../fixtures/hands.ts';
import { Devnet, type DevnetOptions } from './devnet.ts';
import type { TestNode } from './node.ts';
import { until } from './processes.ts';

const votingMs = 60_000;

/**
 * A local network of real processes, new for each test, of four nodes unless `network` says otherwise. At its end nobody must have seen two votes that an honest node never signs, a bug, or a
 * block that is certified and invalid: whatever else a test does, these would have to be looked at.
 */
export const test = base.extend<{ network: DevnetOptions; devnet: Devnet }>({
  /** Set by `test.use`. */
  network: [{}, { option: true }],
  devnet: async ({ network }, use, info) => {
    const devnet = await Devnet.start(network);
    // Each listens two seconds before it votes, and until then nothing is final.
    await until('every node votes', votingMs, async () =>
      (await Promise.all(devnet.nodes.map((node) => node.call('getconsensusinfo')))).every(({ voting }) => voting),
    );
    await use(devnet);
    const alarms = devnet.nodes.flatMap((node) => alarmsOf(node));
    if (info.status !== info.expectedStatus || alarms.length > 0) {
      mkdirSync(info.outputDir, { recursive: true });
      for (const node of devnet.nodes) writeFileSync(info.outputPath(`node-${node.index}.log`), node.log());
      writeFileSync(info.outputPath('launcher.log'), devnet.errors);
    }
    await devnet.remove();
    expect(alarms, 'what no node of this network may log').toEqual([]);
  },
});

/** What it has logged that has to be looked at, over all its starts; alerts tell of the situation that the test has made. */
export const alarmsOf = (node: TestNode): string[] =>
  node
    .log()
    .split('\n')
    .filter((line) => / error (?!health alert )|^\S+ \S+ \S+ evidence /.test(line))
    .map((line) => `node ${node.index}: ${line}`);
