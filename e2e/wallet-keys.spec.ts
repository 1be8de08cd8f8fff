import { readFile } from 'node:fs/promises';
import { expect } from '@playwright/test';
import { expectAccessible } from './fixtures/accessible.ts';
import { test } from './fixtures/preview-test.ts';
import { addressOf } from './fixtures/preview-views.ts';
import { check, correct, guard, openWallet } from './fixtures/wallet-story.ts';

test('wrong passphrases are slowed down, the right one unlocks, and the wallet locks when told to and when left alone', async ({ page, node }) => {
  const state = guard(node);
  let timeout: unknown;
  node.answer('walletpassphrase', (params) => {
    check(state, params.passphrase);
    timeout = params.timeout;
    state.unlockeduntil = Date.now() + 60_000;
    state.wrong = 0;
    state.publish();
    return null;
  });
  node.answer('walletlock', () => {
    state.unlockeduntil = undefined;
    state.publish();
    return null;
  });
  await openWallet(page, node);
  await expect(page.getByTestId('lock-state')).toContainText('Locked');
  await page.getByTestId('lock-state').click();
  const field = page.getByTestId('unlock-passphrase');
  for (const guess of ['one', 'two', 'three']) {
    await field.fill(guess);
    await page.getByTestId('unlock-confirm').click();
    // Whether it was right or not, it is in the page no more.
    await expect(field).toHaveValue('');
    await expect(page.getByRole('alert')).toContainText('The passphrase is wrong.');
  }
  await expect(page.getByText('the next one may be tried in 4', { exact: false })).toBeVisible();
  await field.fill(correct);
  await expect(page.getByTestId('unlock-confirm')).toBeDisabled();
  await page.screenshot({ path: 'test-results/window/wallet-delayed.png' });
  state.retryafterms = 0;
  state.publish();
  await page.getByTestId('unlock-confirm').click();
  await expect(page.getByTestId('lock-state')).toContainText('Unlocked, locks itself in');
  expect(timeout).toBe(300);
  await page.getByTestId('lock-now').click();
  await expect(page.getByTestId('lock-state')).toContainText('Locked');
  // The other way: by being left alone.
  await page.getByTestId('lock-state').click();
  await page.getByTestId('unlock-passphrase').fill(correct);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('lock-state')).toContainText('Unlocked');
  state.unlockeduntil = undefined;
  state.publish();
  await expect(page.getByTestId('lock-state')).toContainText('Locked');
});

test('a message is signed with the passphrase, and a signature is told from another', async ({ page, node }) => {
  const state = guard(node);
  node.answer('signmessage', ({ message, passphrase }) => {
    check(state, passphrase);
    return `signature of ${message}`;
  });
  node.answer('verifymessage', ({ message, signature }) => signature === `signature of ${message}`);
  await openWallet(page, node, 'Addresses');
  await page.getByRole('button', { name: 'Show all about rent' }).click();
  await page.getByRole('link', { name: 'Sign a message with it' }).click();
  await expect(page.getByTestId('sign-address')).toHaveValue(addressOf('own 1'));
  await page.getByTestId('sign-message').fill('it is mine');
  await page.getByTestId('sign-passphrase').fill(correct);
  await page.getByTestId('sign-confirm').click();
  await expect(page.getByTestId('signature')).toHaveText('signature of it is mine');
  await expect(page.getByTestId('sign-passphrase')).toHaveValue('');
  await page.getByTestId('verify-address').fill(addressOf('own 1'));
  await page.getByTestId('verify-message').fill('it is mine');
  await page.getByTestId('verify-signature').fill('signature of it is mine');
  await page.getByTestId('verify-confirm').click();
  await expect(page.getByTestId('verdict-of-signature')).toContainText('Valid');
  await page.getByTestId('verify-message').fill('it is yours');
  await expect(page.getByTestId('verdict-of-signature')).toBeEmpty();
  await page.getByTestId('verify-confirm').click();
  await expect(page.getByTestId('verdict-of-signature')).toContainText('Not valid');
});

test('words and backup take the passphrase, and nothing of them stays in the page', async ({ page, node }) => {
  const state = guard(node);
  const words = Array.from({ length: 12 }, (_, i) => `word${String.fromCharCode(97 + i)}`);
  node.answer('getwords', ({ passphrase }) => {
    check(state, passphrase);
    return { words: words.join(' ') };
  });
  let backup: Record<string, unknown> = {};
  node.answer('backupwallet', (params) => {
    check(state, params.passphrase);
    backup = params;
    return { name: 'time-devnet-2030-01-01.timebackup', data: Buffer.from('sealed').toString('base64') };
  });
  let changed: Record<string, unknown> = {};
  node.answer('walletpassphrasechange', (params) => {
    check(state, params.oldpassphrase);
    changed = params;
    return null;
  });
  await openWallet(page, node, 'Keys');
  await page.getByTestId('words-passphrase').fill('guess');
  await page.getByTestId('words-confirm').click();
  await expect(page.getByRole('alert')).toContainText('The passphrase is wrong.');
  await page.getByTestId('words-passphrase').fill(correct);
  await page.getByTestId('words-confirm').click();
  await expect(page.getByTestId('words').getByRole('listitem')).toHaveText(words);
  await expectAccessible(page);
  await page.getByTestId('words-hide').click();
  const leftovers = async (): Promise<string> =>
    (await page.content()) + JSON.stringify(await page.evaluate(() => [{ ...localStorage }, { ...sessionStorage }, location.href]));
  for (const secret of ['wordc', correct]) expect(await leftovers()).not.toContain(secret);
  const download = page.waitForEvent('download');
  await page.getByTestId('backup-passphrase').fill(correct);
  await page.getByTestId('backup-confirm').click();
  const file = await download;
  expect(file.suggestedFilename()).toBe('time-devnet-2030-01-01.timebackup');
  expect(await readFile(await file.path(), 'utf8')).toBe('sealed');
  expect(backup).toEqual({ passphrase: correct });
  await page.getByTestId('change-passphrase').fill(correct);
  await page.getByTestId('setup-passphrase').fill('vermilion-otter-plaza-77');
  await expect(page.getByTestId('change-confirm')).toBeDisabled();
  await page.getByTestId('setup-repeat').fill('vermilion-otter-plaza-77');
  await page.getByTestId('change-confirm').click();
  await expect(page.getByText('The new passphrase holds from now on.')).toBeVisible();
  expect(changed).toEqual({ oldpassphrase: correct, newpassphrase: 'vermilion-otter-plaza-77' });
  for (const secret of [correct, 'vermilion-otter']) expect(await leftovers()).not.toContain(secret);
  await page.getByTestId('wallet-other').click();
  await expect(page.locator('[aria-current="step"]', { hasText: 'Wallet' })).toBeVisible();
});

test('hidden amounts stay hidden, but for what is about to be paid', async ({ page, node }) => {
  await openWallet(page, node);
  await page.getByTestId('hide-amounts').click();
  await page.reload();
  await expect(page.getByTestId('balance-spendable')).toContainText('••••');
  expect(await page.content()).not.toMatch(/12[,.]?450/);
  await page.getByTestId('send-address').fill(addressOf('payee'));
  await page.getByTestId('send-amount').fill('3');
  await page.getByTestId('send-review').click();
  await expect(page.locator('p.figure', { hasText: '3.00' })).toBeVisible();
  await page.getByTestId('hide-amounts').click();
  await expect(page.getByTestId('balance-spendable')).toHaveText(/12,450\.50/);
});
