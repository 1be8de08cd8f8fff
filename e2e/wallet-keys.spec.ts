import { readFile } from 'node:fs/promises';
import { expect } from '@playwright/test';
import { expectAccessible } from './fixtures/accessible.ts';
import { story } from './fixtures/hands.ts';
import { test } from './fixtures/preview-test.ts';
import { addressOf } from './fixtures/preview-views.ts';
import { check, correct, guard, openWallet } from './fixtures/wallet-story.ts';

test(
  'wrong passphrases are slowed down, the right one unlocks, and the wallet locks when told to and when left alone',
  story,
  async ({ person, page, node }) => {
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
    await openWallet(person, node);
    await expect(page.getByTestId('lock-state')).toContainText('Locked');
    await person.press(page.getByTestId('lock-state'));
    const field = page.getByTestId('unlock-passphrase');
    for (const guess of ['one', 'two', 'three']) {
      await person.write(field, guess);
      await person.press(page.getByTestId('unlock-confirm'));
      // Whether it was right or not, it is in the page no more.
      await expect(field).toHaveValue('');
      await expect(page.getByRole('alert')).toContainText('The passphrase is wrong.');
    }
    await expect(page.getByText('the next one may be tried in 4', { exact: false })).toBeVisible();
    await person.write(field, correct);
    await expect(page.getByTestId('unlock-confirm')).toBeDisabled();
    state.retryafterms = 0;
    state.publish();
    await person.press(page.getByTestId('unlock-confirm'));
    await expect(page.getByTestId('lock-state')).toContainText('Unlocked, locks itself in');
    expect(timeout).toBe(300);
    await person.press(page.getByTestId('lock-now'));
    await expect(page.getByTestId('lock-state')).toContainText('Locked');
    // The other way: by being left alone.
    await person.press(page.getByTestId('lock-state'));
    await person.write(page.getByTestId('unlock-passphrase'), correct);
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('lock-state')).toContainText('Unlocked');
    state.unlockeduntil = undefined;
    state.publish();
    await expect(page.getByTestId('lock-state')).toContainText('Locked');
  },
);

test('a message is signed with the passphrase, and a signature is told from another', story, async ({ person, page, node }) => {
  const state = guard(node);
  node.answer('signmessage', ({ message, passphrase }) => {
    check(state, passphrase);
    return `signature of ${message}`;
  });
  node.answer('verifymessage', ({ message, signature }) => signature === `signature of ${message}`);
  await openWallet(person, node, 'Addresses');
  await person.press(page.getByRole('button', { name: 'Show all about rent' }));
  await person.press(page.getByRole('link', { name: 'Sign a message with it' }));
  await expect(page.getByTestId('sign-address')).toHaveValue(addressOf('own 1'));
  await person.write(page.getByTestId('sign-message'), 'it is mine');
  await person.write(page.getByTestId('sign-passphrase'), correct);
  await person.press(page.getByTestId('sign-confirm'));
  await expect(page.getByTestId('signature')).toHaveText('signature of it is mine');
  await expect(page.getByTestId('sign-passphrase')).toHaveValue('');
  await person.write(page.getByTestId('verify-address'), addressOf('own 1'));
  await person.write(page.getByTestId('verify-message'), 'it is mine');
  await person.write(page.getByTestId('verify-signature'), 'signature of it is mine');
  await person.press(page.getByTestId('verify-confirm'));
  await expect(page.getByTestId('verdict-of-signature')).toContainText('Valid');
  await person.write(page.getByTestId('verify-message'), 'it is yours');
  await expect(page.getByTestId('verdict-of-signature')).toBeEmpty();
  await person.press(page.getByTestId('verify-confirm'));
  await expect(page.getByTestId('verdict-of-signature')).toContainText('Not valid');
});

test('words and backup take the passphrase, and nothing of them stays in the page', story, async ({ person, page, node }) => {
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
  await openWallet(person, node, 'Keys');
  await person.write(page.getByTestId('words-passphrase'), 'guess');
  await person.press(page.getByTestId('words-confirm'));
  await expect(page.getByRole('alert')).toContainText('The passphrase is wrong.');
  await person.write(page.getByTestId('words-passphrase'), correct);
  await person.press(page.getByTestId('words-confirm'));
  await expect(page.getByTestId('words').getByRole('listitem')).toHaveText(words);
  await expectAccessible(page);
  await person.press(page.getByTestId('words-hide'));
  const leftovers = async (): Promise<string> =>
    (await page.content()) + JSON.stringify(await page.evaluate(() => [{ ...localStorage }, { ...sessionStorage }, location.href]));
  for (const secret of ['wordc', correct]) expect(await leftovers()).not.toContain(secret);
  const download = page.waitForEvent('download');
  await person.write(page.getByTestId('backup-passphrase'), correct);
  await person.press(page.getByTestId('backup-confirm'));
  const file = await download;
  expect(file.suggestedFilename()).toBe('time-devnet-2030-01-01.timebackup');
  expect(await readFile(await file.path(), 'utf8')).toBe('sealed');
  expect(backup).toEqual({ passphrase: correct });
  await person.write(page.getByTestId('change-passphrase'), correct);
  await person.write(page.getByTestId('setup-passphrase'), 'vermilion-otter-plaza-77');
  await expect(page.getByTestId('change-confirm')).toBeDisabled();
  await person.write(page.getByTestId('setup-repeat'), 'vermilion-otter-plaza-77');
  await person.press(page.getByTestId('change-confirm'));
  await expect(page.getByText('The new passphrase holds from now on.')).toBeVisible();
  expect(changed).toEqual({ oldpassphrase: correct, newpassphrase: 'vermilion-otter-plaza-77' });
  for (const secret of [correct, 'vermilion-otter']) expect(await leftovers()).not.toContain(secret);
  await person.press(page.getByTestId('wallet-other'));
  await expect(page.locator('[aria-current="step"]', { hasText: 'Wallet' })).toBeVisible();
});

test('hidden amounts stay hidden, but for what is about to be paid', story, async ({ person, page, node }) => {
  await openWallet(person, node);
  await person.press(page.getByTestId('hide-amounts'));
  await page.reload();
  await expect(page.getByTestId('balance-spendable')).toContainText('••••');
  expect(await page.content()).not.toMatch(/12[,.]?450/);
  await person.write(page.getByTestId('send-address'), addressOf('payee'));
  await person.write(page.getByTestId('send-amount'), '3');
  await person.press(page.getByTestId('send-review'));
  await expect(page.locator('p.figure', { hasText: '3.00' })).toBeVisible();
  await person.press(page.getByTestId('hide-amounts'));
  await expect(page.getByTestId('balance-spendable')).toHaveText(/12,450\.50/);
});
