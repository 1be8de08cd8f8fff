import { expect, type Page } from '@playwright/test';
import { expectAccessible } from './fixtures/accessible.ts';
import { Refusal } from './fixtures/preview-node.ts';
import { go, test } from './fixtures/preview-test.ts';
import { healthyWalletInfo, hexOf } from './fixtures/preview-views.ts';

const field = (page: Page) => page.getByTestId('console-input');
const newest = (page: Page) => page.getByTestId('console-entry').last();
const type = async (page: Page, line: string): Promise<void> => {
  await field(page).fill(line);
  await field(page).press('Enter');
};
const words = `hunter${' ability'.repeat(11)}`;

test('a method is completed, explained and asked, and its answer folded and copied, by keyboard alone', async ({ page, node, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const taken: unknown[] = [];
  node.answer('getblockhash', (params) => {
    taken.push(params);
    return hexOf('block 5');
  });
  await page.goto(node.url);
  await go(page, 'console');
  await expect(page.getByText('Whoever tells you to type something here may be a thief.')).toBeVisible();
  await page.getByTestId('console-warned').press('Enter');
  await expect(field(page)).toBeFocused();
  await page.keyboard.type('getblockh');
  await expect(page.getByTestId('console-option')).toHaveText([/^getblockhash/, /^getblockheader/]);
  await expectAccessible(page);
  await page.keyboard.press('Tab');
  await expect(field(page)).toHaveValue('getblockhash ');
  await expect(page.getByTestId('console-hint')).toContainText('height: ');
  await page.keyboard.type('height=5');
  await page.keyboard.press('Enter');
  await expect(newest(page)).toContainText(hexOf('block 5'));
  expect(taken).toEqual([{ height: 5 }]);
  await newest(page).getByRole('button', { name: 'Copy the answer to getblockhash height=5' }).press('Enter');
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(hexOf('block 5'));
  // A list is folded by its button, and unfolded again.
  await type(page, 'getsetup');
  const fold = newest(page).getByRole('button', { expanded: true }).first();
  await fold.press('Enter');
  await expect(newest(page)).not.toContainText('"role"');
  await newest(page).getByRole('button', { expanded: false }).first().press('Enter');
  await expect(newest(page)).toContainText('"role": "masternode"');
  // What takes minutes says so, for how long it has been at it, and how far it is.
  const checked = Promise.withResolvers<unknown>();
  node.answer('verifychain', () => checked.promise);
  node.answer('getauditinfo', () => ({
    running: { checklevel: 3, nblocks: 0, startedat: Date.now(), pass: 'blocks', done: 1_204, total: 52_000 },
  }));
  await type(page, 'verifychain 3 0');
  const running = newest(page).getByTestId('console-running');
  await expect(running).toContainText('It may take minutes');
  await expect(running).toContainText('Reading the blocks: 1,204 of 52,000');
  await expect(running).toContainText(/\d\ss/);
  await expectAccessible(page);
  checked.resolve({ valid: true, checklevel: 3, from: 0, to: 52_000, finishedat: Date.now() });
  await expect(newest(page)).toContainText('"valid": true');
  await type(page, 'help masternode list');
  await expect(newest(page)).toContainText('masternodelist ( status tier text )');
  await expectAccessible(page);
  // The way back through what was typed, and to what was being typed.
  await page.keyboard.type('upt');
  await page.keyboard.press('Escape');
  for (const line of ['help masternode list', 'verifychain 3 0', 'getsetup', 'getblockhash height=5']) {
    await page.keyboard.press('ArrowUp');
    await expect(field(page)).toHaveValue(line);
  }
  for (let time = 0; time < 4; time++) await page.keyboard.press('ArrowDown');
  await expect(field(page)).toHaveValue('upt');
  await page.keyboard.press('Control+l');
  await expect(page.getByTestId('console-entry')).toHaveCount(0);
  // Warned once is warned; what was typed is of this window alone.
  await page.reload();
  await expect(field(page)).toBeVisible();
  await expect(page.getByTestId('console-warned')).toBeHidden();
  await field(page).press('ArrowUp');
  await expect(field(page)).toHaveValue('');
});

test('what is wrong says so in words, with what the node says of it', async ({ page, node }) => {
  node.answer('getblockhash', () => {
    throw new Refusal('invalid-parameter', 'There is no block 9999: the last one is 1204.');
  });
  await page.goto(node.url);
  await go(page, 'console');
  await type(page, 'getblockhash 9999');
  await expect(newest(page)).toContainText('A value is not accepted.');
  await expect(newest(page)).toContainText('There is no block 9999: the last one is 1204. (-8 invalid-parameter)');
  await type(page, 'getblokhash 1');
  await expect(newest(page)).toContainText('did you mean "getblockhash"?');
  await type(page, 'getblock "ab');
  await expect(newest(page)).toContainText('What " opens is not closed.');
  await type(page, 'uptime 1');
  await expect(newest(page)).toContainText('uptime takes no parameters.');
  await expectAccessible(page);
});

test('secrets are asked for unseen, shown nowhere, and gone when the page is left, in the dark theme too', async ({ page, node }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  const taken: Record<string, unknown>[] = [];
  node.answer('getwalletinfo', () => ({ ...healthyWalletInfo, passphraserequired: true }));
  node.answer('walletpassphrase', (params) => {
    taken.push(params);
    return null;
  });
  node.answer('getwords', (params) => {
    taken.push(params);
    return { words };
  });
  await page.goto(node.url);
  await go(page, 'console');
  await type(page, 'walletpassphrase hunter2 60');
  await expect(newest(page)).toContainText('walletpassphrase •••• 60');
  await expect(newest(page)).toContainText('Done.');
  await field(page).press('ArrowUp');
  await expect(field(page)).toHaveValue('');
  await type(page, 'walletpasphrase hunter2');
  await expect(newest(page)).toContainText('walletpasphrase ••••');
  await type(page, 'getwords');
  await expect(page.getByTestId('console-secret-passphrase')).toBeFocused();
  await expect(page.getByTestId('console-secret-passphrase')).toHaveAttribute('type', 'password');
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(newest(page)).toContainText('Not run.');
  await expect(field(page)).toBeFocused();
  await type(page, 'getwords');
  await page.getByTestId('console-secret-passphrase').fill('hunter3');
  await page.keyboard.press('Enter');
  await expect(newest(page)).toContainText(words);
  await expect(newest(page)).toContainText('Secret: gone once you leave this page');
  expect(await page.content()).not.toMatch(/hunter[23]/);
  expect(taken).toEqual([{ passphrase: 'hunter2', timeout: 60 }, { passphrase: 'hunter3' }]);
  await go(page, 'overview');
  await go(page, 'console');
  await expect(newest(page)).toContainText('This was a secret, and is not kept.');
  expect(await page.content()).not.toContain('hunter');
  expect(await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state]))).not.toContain('hunter');
});

test('an answer of any length does not freeze the page', async ({ page, node }) => {
  const names = Array.from({ length: 5_000 }, (_, index) => `127.0.0.1:${index}`);
  node.answer('getblock', () => 'ab'.repeat(200_000));
  node.answer('getaddednodeinfo', () => names.map((addednode) => ({ addednode, connected: false, addresses: [] })));
  await page.goto(node.url);
  await go(page, 'console');
  await type(page, `getblock ${hexOf('block')} 0`);
  await expect(newest(page)).toContainText('and 398,000 more characters, which are copied too');
  await type(page, 'getaddednodeinfo');
  await newest(page).getByRole('button', { name: 'Show 100 of 4,900 more' }).press('Enter');
  await expect(newest(page)).toContainText('Show 100 of 4,800 more');
  expect(await page.locator('*').count()).toBeLessThan(6_000);
});
