import { expect, type Page } from '@playwright/test';
import { expectAccessible, expectAccessibleInThemes } from './fixtures/accessible.ts';
import { type Person, story } from './fixtures/hands.ts';
import { blockTxid, fullBlock, fullBlockTransactions, usedAddress } from './fixtures/preview-explorer.ts';
import { Refusal } from './fixtures/preview-node.ts';
import { go, test } from './fixtures/preview-test.ts';
import { addressOf, healthyOverview, hexOf } from './fixtures/preview-views.ts';

const field = (page: Page) => page.getByTestId('explorer-search');
const title = (page: Page) => page.getByTestId('place-title');

async function lookUp(person: Person, what: string): Promise<void> {
  await person.write(field(person.page), what);
  await person.press(person.page.getByTestId('explorer-go'));
}

test('the latest blocks come as they are decided, older ones by the page', async ({ page, node }) => {
  await page.goto(node.url);
  await go(page, 'explorer');
  const rows = page.getByTestId('block-row');
  await expect(rows).toHaveCount(25);
  await expect(rows.first()).toContainText('1,204');
  await expectAccessible(page);
  const { height, ...rest } = healthyOverview(Date.now());
  node.answer('getrecentblocks', () => [
    { height: 1_205, hash: hexOf('new'), time: Date.now(), proposer: hexOf('node 1'), round: 0, transactions: 1, decidedatms: Date.now() },
  ]);
  node.publish('overview', { ...rest, height: height + 1, bestblockhash: hexOf('new') });
  await expect(rows.first()).toContainText('1,205');
  await page.goBack();
  await page.goForward();
});

test('older blocks have an address of their own, which goes back and forth', story, async ({ person, page, node }) => {
  await page.goto(node.url);
  await go(person, 'explorer');
  await person.press(page.getByTestId('blocks-older'));
  await expect(title(page)).toHaveText('Blocks below 1,180');
  await expect(page.getByTestId('block-row').first()).toContainText('1,179');
  await page.goBack();
  await expect(title(page)).toHaveText('Latest blocks');
  await page.goForward();
  await page.reload();
  await expect(title(page)).toHaveText('Blocks below 1,180');
  await person.press(page.getByRole('link', { name: 'Newer' }));
  await expect(title(page)).toHaveText('Latest blocks');
});

test('a block: what its header says, who certified it, the way to its neighbours, and thousands of transactions', async ({ person, page, node }) => {
  await page.goto(node.url);
  await go(page, 'explorer');
  await field(page).pressSequentially('1,20');
  await expect(page.getByTestId('explorer-reading')).toHaveText('This is no height, hash, address or output.');
  await field(page).pressSequentially('0');
  await expect(page.getByTestId('explorer-reading')).toHaveText('Block 1,200');
  await field(page).press('Enter');
  await expect(title(page)).toHaveText('Block 1,200');
  await expect(title(page)).toBeFocused();
  await expect(page.getByTestId('certificate')).toHaveText('3 masternodes signed · 75 % of weight');
  const rows = page.getByTestId('block-transaction');
  await expect(page.getByRole('heading', { name: `Transactions · ${fullBlockTransactions.toLocaleString('en')}` })).toBeVisible();
  await expect(page.getByText('loaded')).toHaveCount(0);
  expect(await rows.count()).toBeLessThan(60);
  await expectAccessible(page);
  await rows
    .first()
    .getByRole('button', { name: `Transaction ${blockTxid(fullBlock, 0).slice(0, 8)}` })
    .focus();
  await page.keyboard.press('End');
  await expect(rows.last()).toContainText((fullBlockTransactions - 1).toLocaleString('en'));
  await page.getByTestId('block-next').click();
  await expect(title(page)).toHaveText('Block 1,201');
  await expect(field(page)).toHaveValue('1201');
  await page.getByTestId('block-previous').click();
  await expect(title(page)).toHaveText('Block 1,200');
  await lookUp(person, '1204');
  await expect(page.getByTestId('block-next')).toHaveCount(0);
  await lookUp(person, '0');
  await expect(page.getByText('Nobody voted on this block.')).toBeVisible();
  await lookUp(person, '100');
  await expect(page.getByText('How much they weighed then is not kept')).toBeVisible();
});

test('a transaction: its state in words, its coins and where they are from, and who spent what it paid', story, async ({ person, page, node, context }) => {
  await page.goto(node.url);
  await go(person, 'explorer');
  // A hash does not say what it is of: it is looked for as both, and the page on the way is no place to go back to.
  await lookUp(person, hexOf('payment'));
  await expect(title(page)).toHaveText('Transaction');
  await expect(page).toHaveURL(new RegExp(`#/explorer/tx/${hexOf('payment')}$`));
  await expect(page.getByTestId('transaction-state')).toHaveText('Final, in a block');
  await expect(page.getByText('after 38 ms')).toBeVisible();
  await expect(page.getByTestId('transaction-input').first()).toContainText('100.00');
  const outputs = page.getByTestId('transaction-output');
  await expect(outputs.nth(0)).toContainText('1,203');
  await expect(outputs.nth(2)).toContainText('not found');
  // Shortened in the middle, and copied whole.
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await expect(outputs.nth(0)).not.toContainText(addressOf('shop'));
  await person.press(outputs.nth(0).getByRole('button', { name: `Copy ${addressOf('shop')}` }));
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(addressOf('shop'));
  await expectAccessible(page);
  await person.press(outputs.nth(0).getByRole('link', { name: 'Output 0' }));
  await expect(title(page)).toHaveText('Output 0');
  await expect(page.getByTestId('outpoint-state')).toHaveText('Spent');
  await page.goBack();
  await page.goBack();
  await expect(title(page)).toHaveText('Latest blocks');
});

test('what waits is looked at until it is in a block; what blocks alone decide has no votes; the rejected says why', story, async ({ person, page, node }) => {
  await page.goto(`${node.url}`);
  await page.goto(`${new URL(node.url).origin}/#/explorer/tx/${hexOf('voting')}`);
  const state = page.getByTestId('transaction-state');
  await expect(state).toHaveText('Voting');
  await expect(page.getByRole('img', { name: /^Accept: 20 of 40/ })).toBeVisible();
  await lookUp(person, hexOf('registration'));
  await expect(state).toHaveText('Waiting for a block');
  await expect(page.getByText('What it says · Registers a masternode')).toBeVisible();
  await lookUp(person, hexOf('rejected'));
  await expect(state).toContainText('Rejected: it spends a coin that another payment has already spent');
  await expect(page.getByText('Nothing came of it.')).toBeVisible();
});

test('an address: what it has, its history and its coins, each by the page', async ({ person, page, node }) => {
  await page.goto(node.url);
  await go(page, 'explorer');
  await lookUp(person, `timecoin:${usedAddress}?amount=1`);
  await expect(title(page)).toHaveText('Address');
  await expect(page.getByTestId('address-balance')).toContainText('1,250.50 TIME');
  const rows = page.getByTestId('address-transaction');
  await expect(rows).toHaveCount(25);
  await expectAccessible(page);
  await page.getByTestId('page-next').click();
  await expect(rows).toHaveCount(5);
  await page.goBack();
  await expect(rows).toHaveCount(25);
  await page.getByTestId('address-tabs').getByText('Coins').click();
  await expect(page.getByTestId('address-coin')).toHaveCount(50);
  await page.getByTestId('page-next').click();
  await expect(page.getByTestId('address-coin')).toHaveCount(10);
  await page.goBack();
  await expect(page.getByTestId('address-coin')).toHaveCount(50);
  await lookUp(person, addressOf('nobody'));
  await expect(page.getByTestId('address-unused')).toBeVisible();
});

test('what is nothing says why, and what is not there says what to do', story, async ({ person, page, node }) => {
  await page.goto(node.url);
  await go(person, 'explorer');
  const missing = page.getByTestId('explorer-missing');
  await lookUp(person, hexOf('payment').slice(1));
  await expect(missing).toContainText('A hash has 64 digits, and this has 63: a part is missing or doubled.');
  await expect(missing).toContainText('What can be looked up');
  await expectAccessible(page);
  await lookUp(person, hexOf('unheard of'));
  await expect(missing).toContainText('This node knows no block and no transaction with this hash.');
  await lookUp(person, hexOf('node 2'));
  await expect(missing).toContainText('This is the key of a masternode.');
  await lookUp(person, '9999');
  await expect(missing).toContainText('There is no block 9,999 yet.The last one that this node has is 1,204.');
  await lookUp(person, `${hexOf('payment')}:9`);
  await expect(missing).toContainText('It has 3 outputs, counted from 0.');
  await lookUp(person, usedAddress.replace('TIME2', 'TIME1'));
  await expect(missing).toContainText('This address is for another network.');
  node.answer('getblockheader', () => {
    throw new Refusal('internal', 'This is a fault of the program; its log says more.');
  });
  await lookUp(person, '7');
  await expect(page.getByRole('alert')).toContainText('fault');
  await person.press(missing.getByRole('link', { name: 'Latest blocks' }).or(page.getByTestId('nav-explorer')).first());
  await expect(title(page)).toHaveText('Latest blocks');
});

for (const [locale, leadsNowhere, none, never, unheardOf, noPayment, noHeight] of [
  [
    'en-GB',
    'This leads nowhere',
    'This is no height, hash, address or output.',
    'Never type them anywhere but in Restore.',
    'no block and no transaction',
    'no such transaction',
    'There is no block 48,219,931 yet.',
  ],
  [
    'de-DE',
    'Das führt nirgendwohin',
    'Das ist weder Höhe noch Hash, Adresse oder Ausgang.',
    'Geben Sie sie nirgends ein als beim Wiederherstellen.',
    'keinen Block und keine Transaktion',
    'keine solche Transaktion',
    'Block 48.219.931',
  ],
] as const)
  test.describe(locale, () => {
    test.use({ locale });
    test('a passphrase, a key or the words of a wallet, typed here by mistake, are in no address and no history', async ({ person, page, node }) => {
      const visited: string[] = [];
      page.on('framenavigated', (frame) => visited.push(frame.url()));
      await page.goto(node.url);
      await go(page, 'explorer');
      const missing = page.getByTestId('explorer-missing');
      await lookUp(person, 'correct horse');
      await expect(missing).toContainText(none);
      await expect(title(page)).toHaveText(leadsNowhere);
      await expect(title(page)).toBeFocused();
      // To be mended, where it was a hash with a part missing.
      await expect(field(page)).toHaveValue('correct horse');
      const key = hexOf('a private key');
      await lookUp(person, key);
      await expect(missing).toContainText(unheardOf);
      await expect(field(page)).toHaveValue(key);
      // Looked up once more, it is asked for once more.
      const asked: unknown[] = [];
      node.answer('gettransaction', ({ txid }) => {
        asked.push(txid);
        throw new Refusal('not-found', 'no');
      });
      await person.press(page.getByTestId('explorer-go'));
      await expect.poll(() => asked).toEqual([key]);
      // Not with the number of an output either, nor in the address of a page, nor a number that is no height.
      for (const typed of [`${key}:0`, `${key}/1`, `#/explorer/tx/${key}`, `#/explorer/outpoint/${key}:0`, '48219931']) {
        await lookUp(person, typed);
        await expect(field(page)).toHaveValue(typed);
        await expect(missing).toContainText(typed === '48219931' ? noHeight : typed.includes(':0') || typed.includes('/1') ? noPayment : unheardOf);
      }
      const words = `${'abandon '.repeat(11)}about`;
      await field(page).fill(words);
      await expect(page.getByTestId('explorer-reading')).toContainText(never);
      for (let turn = 0; turn < 2; turn++) {
        await lookUp(person, words);
        await expect(missing).toContainText(never);
        await expect(field(page)).toHaveValue('');
        await expect(title(page)).toBeFocused();
      }
      await expectAccessible(page);
      await page.goBack();
      await expect(page.getByTestId('block-row').first()).toBeVisible();
      // Nothing of it is left to come back to.
      await page.goForward();
      await expect(page.getByTestId('block-row').first()).toBeVisible();
      await expect(missing).toHaveCount(0);
      expect(visited.filter((url) => url.endsWith('/search')).length).toBeGreaterThan(0);
      expect(visited.join(' ')).not.toMatch(new RegExp(`correct|horse|abandon|about|${key}|48219931`));
    });
  });

test('the keyboard leads to the search from everywhere, and what is pasted whole is looked up at once', async ({ page, node, context }) => {
  await page.goto(node.url);
  await go(page, 'peers');
  await page.keyboard.press('ControlOrMeta+k');
  await expect(field(page)).toBeFocused();
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.evaluate((text) => navigator.clipboard.writeText(text), ` ${hexOf('block 1203').toUpperCase()}\n`);
  await page.keyboard.press('ControlOrMeta+v');
  await expect(title(page)).toHaveText('Block 1,203');
  await expect(title(page)).toBeFocused();
  await page.keyboard.press('ControlOrMeta+k');
  await expect(field(page)).toBeFocused();
  await page.evaluate((text) => navigator.clipboard.writeText(text), 'nothing of the kind');
  await page.keyboard.press('ControlOrMeta+v');
  await expect(page.getByTestId('explorer-reading')).toHaveText('This is no height, hash, address or output.');
  await expect(title(page)).toHaveText('Block 1,203');
});

test('hashes, heights and addresses elsewhere lead here', story, async ({ person, page, node }) => {
  await page.goto(node.url);
  await person.press(page.getByTestId('height').getByRole('link'));
  await expect(title(page)).toHaveText('Block 1,204');
  await go(person, 'consensus');
  await person.press(page.getByTestId('block-row').first().getByRole('link').first());
  await expect(title(page)).toHaveText('Block 1,204');
  await page.goBack();
  await expect(page.getByTestId('nav-consensus')).toHaveAttribute('aria-current', 'page');
});

test('at the smallest size in German, in both themes, nothing is cut and nothing scrolls sideways', async ({ page, node }) => {
  await page.setViewportSize({ width: 900, height: 600 });
  await page.addInitScript(() => localStorage.setItem('time.language', 'de'));
  await page.goto(node.url);
  for (const [name, path] of [
    ['blocks', ''],
    ['block', '/block/1202'],
    ['transaction', `/tx/${hexOf('payment')}`],
    ['registration', `/tx/${hexOf('registration')}`],
    ['address', `/address/${usedAddress}`],
    ['outpoint', `/outpoint/${hexOf('payment')}:0`],
  ] as const) {
    await page.goto(`${new URL(node.url).origin}/#/explorer${path}`);
    await expect(title(page)).toBeVisible();
    await expectAccessibleInThemes(page);
    const overflow = await page.locator('main').evaluate((main) => main.scrollWidth - main.clientWidth);
    expect([name, overflow]).toEqual([name, 0]);
  }
});
