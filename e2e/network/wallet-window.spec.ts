import { expect, type Page } from '@playwright/test';
import { test } from './fixture.ts';
import type { TestNode } from './node.ts';

const passphrase = 'vermilion-otter-plaza-77';
/** One node has what another reads; the launcher's nodes beside them make the quorum. */
const finalMs = 10_000;
/** Argon2id on a busy machine, and the wait after three wrong passphrases. */
const slowMs = 15_000;
/** The wait doubles with each, so that a page on a busy machine comes to show it. */
const mostGuesses = 6;
/** What a wallet is left alone for. */
const idleSeconds = 2;

async function openWallet(page: Page, node: TestNode): Promise<void> {
  await page.goto(node.addresses.web);
  await expect(page.getByTestId('chain')).toBeVisible();
  await page.evaluate(() => {
    location.hash = '#/wallet';
  });
  await expect(page.getByTestId('balance-spendable')).toBeVisible();
}
const tab = (page: Page, name: string): Promise<void> => page.getByTestId('wallet-tabs').getByText(name, { exact: true }).click();

async function protect(page: Page): Promise<void> {
  await tab(page, 'Keys');
  await page.getByTestId('setup-passphrase').fill(passphrase);
  await page.getByTestId('setup-repeat').fill(passphrase);
  await page.getByTestId('change-confirm').click();
  await expect(page.getByText('The new passphrase holds from now on.')).toBeVisible({ timeout: slowMs });
  await expect(page.getByTestId('lock-state')).toHaveText('Locked');
}

async function unlock(page: Page, typed: string): Promise<void> {
  await page.getByTestId('unlock-passphrase').fill(typed);
  await page.getByTestId('unlock-confirm').click({ timeout: slowMs });
}

test('a wallet is protected, locked, paid from with a chosen coin, and found again in another node’s window from its words', async ({ page, devnet }) => {
  test.setTimeout(90_000);
  const [owner, other, payee] = devnet.nodes as [TestNode, TestNode, TestNode];
  await openWallet(page, owner);
  await protect(page);

  // Wrong ones are slowed down; the right one is taken when the wait is over, and unlocks.
  await page.getByTestId('lock-state').click();
  const delayed = page.getByRole('dialog').getByText('the next one may be tried in').first();
  for (let guess = 0; guess < mostGuesses && !(await delayed.isVisible()); guess++) {
    await unlock(page, `guess ${guess}`);
    await expect(page.getByTestId('unlock-passphrase')).toHaveValue('');
    await expect(page.getByRole('alert')).toContainText(/wrong/, { timeout: slowMs });
  }
  await expect(delayed).toBeVisible();
  // A try that comes too early is refused and not counted.
  await expect(async () => {
    await unlock(page, passphrase);
    await expect(page.getByTestId('lock-state')).toContainText('Unlocked', { timeout: 3_000 });
  }).toPass({ timeout: 2 * slowMs });
  await page.getByTestId('lock-now').click();
  await expect(page.getByTestId('lock-state')).toHaveText('Locked');
  // Left alone, it locks itself.
  await owner.call('walletpassphrase', { passphrase, timeout: idleSeconds });
  await expect(page.getByTestId('lock-state')).toContainText('Unlocked');
  await expect(page.getByTestId('lock-state')).toHaveText('Locked', { timeout: slowMs });

  // Paid with the coin that was chosen, and no other.
  await tab(page, 'Send');
  const coins = await owner.call('listunspent');
  await page.getByTestId('coins-open').click();
  await page.getByTestId('coin-row').filter({ hasText: 'Spendable' }).filter({ hasText: '1,000.00' }).first().getByTestId('coin').check();
  await page.getByTestId('coins-done').click();
  await page.getByTestId('send-address').fill(await payee.call('getnewaddress'));
  await page.getByTestId('send-amount').fill('12.5');
  await page.getByTestId('send-label').fill('Coffee');
  await page.getByTestId('send-review').click();
  await page.getByTestId('send-passphrase').fill(passphrase);
  await page.getByTestId('send-confirm').click();
  await expect(page.getByTestId('send-state')).toHaveText(/Final/, { timeout: slowMs + finalMs });
  const row = page.getByTestId('history-row').first();
  await expect(row).toContainText('Coffee');
  const txid = (await row.getAttribute('data-txid')) ?? '';
  const vin = (await owner.call('gettransaction', { txid })).decoded?.vin ?? [];
  expect(vin).toHaveLength(1);
  const paid = coins.find(({ txid: of, vout }) => vin.some((input) => input.txid === of && input.vout === vout));
  expect(paid?.amount).toBe('1000.00000000');

  // The same words on another node: the same payment, found in the chain once it is in a block.
  await tab(page, 'Keys');
  await page.getByTestId('words-passphrase').fill(passphrase);
  await page.getByTestId('words-confirm').click();
  await expect(page.getByTestId('words')).toBeVisible({ timeout: slowMs });
  const words = await page.getByTestId('words').getByRole('listitem').allTextContents();
  await expect.poll(async () => (await owner.call('gettransaction', { txid })).state, { timeout: 30_000 }).toBe('confirmed');
  await openWallet(page, other);
  await tab(page, 'Keys');
  await page.getByTestId('wallet-other').click();
  await page.getByTestId('choice-words').click();
  await page.getByTestId('setup-next').click();
  await page.getByTestId('setup-restore-words').fill(words.join(' '));
  await expect(page.getByText('These are the words of a wallet.')).toBeVisible();
  await page.getByTestId('setup-next').click();
  await page.getByTestId('setup-passphrase').fill(passphrase);
  await page.getByTestId('setup-repeat').fill(passphrase);
  await page.getByTestId('setup-next').click();
  await expect(page.getByTestId('wallet-made')).toContainText('The wallet is there.', { timeout: slowMs });
  await openWallet(page, other);
  await tab(page, 'History');
  await expect(page.getByTestId('history-row').filter({ hasText: '−12.5' })).toContainText('Final, in block', { timeout: slowMs });
});
