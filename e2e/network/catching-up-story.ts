import { expect } from '@playwright/test';
import { expectAccessible } from '../fixtures/accessible.ts';
import type { Person } from '../fixtures/hands.ts';
import { startNewcomer } from './newcomer.ts';
import type { TestNode } from './node.ts';
import { SlowLine } from './slow-line.ts';

const changeMs = 60_000;
/** There and back is one block: ten of them take longer than a window that is open needs to show how fast they come. A handshake has time for it, and so has a ping. */
const delayMs = 1_000;
/** It has one place for a peer, dials nobody but whom it is told to, and asks for one block at a time. */
const alone = {
  masternode: false,
  max_peers: 1,
  max_outbound: 0,
  masternode_slots_percent: 0,
  masternode_slots_min: 0,
  sync_range_blocks: 1,
  sync_parallel: 1,
};

/** In the window of a node that begins with nothing, and hears of the chain, which has ten blocks or more, over a slow line once it is open: until it is in sync. */
export async function catchUp(person: Person, directory: string, from: TestNode): Promise<void> {
  const { page } = person;
  const line = await SlowLine.to(from, delayMs);
  const newcomer = await startNewcomer({ directory, index: 9, connect: [], settings: alone });
  try {
    await page.goto(newcomer.addresses.web);
    await expect(page.getByTestId('height')).toHaveAttribute('data-height', '0', { timeout: changeMs });
    await newcomer.call('addnode', { node: line.address, command: 'add' });
    await expect(page.getByTestId('sync')).toContainText('behind', { timeout: changeMs });
    await expect(page.getByRole('progressbar')).toBeVisible();
    await expect(page.getByTestId('sync-pace')).toContainText('blocks per second', { timeout: changeMs });
    await expectAccessible(page);
    line.hurry();
    await expect(page.getByTestId('sync')).toHaveText('In sync', { timeout: changeMs });
    const [here, there] = await Promise.all([newcomer.call('getblockchaininfo'), from.call('getblockchaininfo')]);
    expect(here.blocks).toBeGreaterThanOrEqual(there.blocks - 1);
  } finally {
    await newcomer.stop();
    line.close();
  }
}
