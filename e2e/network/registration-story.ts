import { expect } from '@playwright/test';
import type { Person } from '../fixtures/hands.ts';
import { go } from '../fixtures/preview-test.ts';
import { blockMs, roomInEpoch } from './chain.ts';
import type { TestNode } from './node.ts';

/**
 * In a masternode's own window: it leaves, and is registered again with another of the coins that the network began with. Ends when the registration is in a block,
 * and shows that it waits for the next epoch.
 */
export async function leaveAndRegister(person: Person, node: TestNode): Promise<void> {
  const { page } = person;
  await page.goto(node.addresses.web);
  await go(person, 'masternodes');
  await expect(page.getByTestId('own-state')).toHaveAttribute('data-state', 'active');
  await expect(page.getByTestId('masternode-row')).toHaveCount(4);

  await person.press(page.getByTestId('own-exit'));
  await person.press(page.getByTestId('change-confirm'));
  await expect(page.getByTestId('change-state')).toHaveAttribute('data-state', 'in-block', { timeout: 2 * blockMs });
  await person.press(page.getByTestId('change-close'));
  await expect(page.getByText('This node has left the masternodes.')).toBeVisible();

  await person.press(page.getByTestId('register-start'));
  await person.press(page.getByTestId('setup-next'));
  await expect(page.getByRole('radio', { checked: true })).toHaveCount(1);
  await person.press(page.getByTestId('setup-next'));
  await expect(page.getByTestId('registration-address')).toHaveValue(node.addresses.p2p);
  await person.press(page.getByTestId('setup-next'));
  await person.press(page.getByTestId('setup-next'));
  const [download] = await Promise.all([page.waitForEvent('download'), person.press(page.getByTestId('node-key-save'))]);
  expect(download.suggestedFilename()).toContain('node');
  await person.press(page.getByTestId('setup-next'));
  await expect(page.getByTestId('registration-fee')).toContainText('TIME');
  await roomInEpoch(node);
  await person.press(page.getByTestId('setup-next'));
  await expect(page.getByTestId('registration-state')).toHaveAttribute('data-state', 'waiting', { timeout: 2 * blockMs });
  expect((await node.call('masternodestatus')).registration).toMatchObject({ tier: 'bronze', status: 'waiting', address: node.addresses.p2p });
}
