import { expect, type Page } from '@playwright/test';
import { blockMs } from './chain.ts';
import type { TestNode } from './node.ts';

/**
 * In a masternode's own window: it leaves, and is registered again with another of the coins that the network began with. Ends when the registration is in a block,
 * and shows that it waits for the next epoch.
 */
export async function leaveAndRegister(page: Page, node: TestNode): Promise<void> {
  await page.goto(node.addresses.web);
  await expect(page.getByTestId('chain')).toBeVisible();
  await page.evaluate(() => {
    location.hash = '#/masternodes';
  });
  await expect(page.getByTestId('own-state')).toHaveAttribute('data-state', 'active');
  await expect(page.getByTestId('masternode-row')).toHaveCount(4);

  await page.getByTestId('own-exit').click();
  await page.getByTestId('change-confirm').click();
  await expect(page.getByTestId('change-state')).toHaveAttribute('data-state', 'in-block', { timeout: 2 * blockMs });
  await page.getByTestId('change-close').click();
  await expect(page.getByText('This node has left the masternodes.')).toBeVisible();

  await page.getByTestId('register-start').click();
  await page.getByTestId('setup-next').click();
  await expect(page.getByRole('radio', { checked: true })).toHaveCount(1);
  await page.getByTestId('setup-next').click();
  await expect(page.getByTestId('registration-address')).toHaveValue(node.addresses.p2p);
  await page.getByTestId('setup-next').click();
  await page.getByTestId('setup-next').click();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('node-key-save').click()]);
  expect(download.suggestedFilename()).toContain('node');
  await page.getByTestId('setup-next').click();
  await expect(page.getByTestId('registration-fee')).toContainText('TIME');
  await page.getByTestId('setup-next').click();
  await expect(page.getByTestId('registration-state')).toHaveAttribute('data-state', 'waiting', { timeout: 2 * blockMs });
  expect((await node.call('masternodestatus')).registration).toMatchObject({ tier: 'bronze', status: 'waiting', address: node.addresses.p2p });
}
