import { expect } from '@playwright/test';
import { expectAccessible } from '../fixtures/accessible.ts';
import type { Person } from '../fixtures/hands.ts';
import { startNewcomer } from './newcomer.ts';
import type { TestNode } from './node.ts';
import { SlowLine } from './slow-line.ts';

const changeMs = 60_000;
/** A block of a few masternodes is a little more than a thousand: one or two a second. */
const slowBytesPerSecond = 2_000;
/** It has one place for a peer, and asks for one block at a time. */
const alone = {
  masternode: false,
  max_peers: 1,
  max_outbound: 1,
  masternode_slots_percent: 0,
  masternode_slots_min: 0,
  sync_range_blocks: 1,
  sync_parallel: 1,
};

/** In the window of a node that begins with nothing, and hears of the chain, which has ten blocks or more, over a slow line: until it is in sync. */
export async function catchUp(person: Person, directory: string, from: TestNode): Promise<void> {
  const { page } = person;
  const line = await SlowLine.to(from, slowBytesPerSecond);
  const newcomer = await startNewcomer({ directory, index: 9, connect: [line.address], settings: alone });
  try {
    await page.goto(newcomer.addresses.web);
    await expect(page.getByTestId('sync')).toContainText('behind', { timeout: changeMs });
    await expect(page.getByRole('progressbar')).toBeVisible();
    await expect(page.getByTestId('sync-pace')).toContainText('blocks per second', { timeout: changeMs });
    await expectAccessible(page);
    await expect(page.getByTestId('sync')).toHaveText('In sync', { timeout: changeMs });
    const [here, there] = await Promise.all([newcomer.call('getblockchaininfo'), from.call('getblockchaininfo')]);
    expect(here.blocks).toBeGreaterThanOrEqual(there.blocks - 1);
  } finally {
    await newcomer.stop();
    line.close();
  }
}
