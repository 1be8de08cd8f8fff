import { expect } from '@playwright/test';
import { story } from './fixtures/hands.ts';
import { Refusal } from './fixtures/preview-node.ts';
import { healthyPeers } from './fixtures/preview-peers.ts';
import { go, test } from './fixtures/preview-test.ts';
import { addressOf, decidedConsensus, healthyConsensus, healthyOverview, healthyWallet, healthyWalletInfo, hexOf } from './fixtures/preview-views.ts';

const info = (part: Record<string, unknown>): Record<string, unknown> => ({
  txid: hexOf('sent'),
  state: 'voting',
  acceptweight: 0,
  commitweight: 0,
  rejectweight: 0,
  totalweight: 40,
  confirmations: 0,
  hex: '00',
  decoded: { txid: hexOf('sent'), version: 1, kind: 'transfer', size: 250, timestamp: 1, vin: [], vout: [], signatures: 1 },
  ...part,
});

const sizes = [
  { width: 1_280, height: 800 },
  { width: 1_100, height: 760 },
  { width: 900, height: 600 },
  // 1,280 by 800 at 200 % zoom.
  { width: 640, height: 400 },
];
test('every page, at every size, without a sideways scroll', async ({ page, node }) => {
  await page.goto(node.url);
  await expect(page.getByTestId('verdict')).toHaveText('All good');
  expect(new URL(page.url()).hash).toBe('');
  for (const size of sizes) {
    await page.setViewportSize(size);
    for (const name of ['overview', 'peers', 'masternodes', 'consensus', 'wallet', 'console', 'logs', 'settings'] as const) {
      await go(page, name);
      await expect(page.getByRole('main')).toHaveJSProperty('scrollWidth', await page.getByRole('main').evaluate((main) => main.clientWidth));
    }
  }
});

test('a table without room for all of it says so, and whose row it is stays in sight; what a row opens says as well gives way', async ({ page, node }) => {
  await page.setViewportSize({ width: 640, height: 400 });
  await page.goto(node.url);
  await go(page, 'masternodes');
  const table = page.getByRole('region', { name: 'Masternodes' });
  const header = (name: string) => table.getByRole('columnheader', { name });
  await expect(table).toHaveAttribute('data-more-after', '');
  await expect(table).not.toHaveAttribute('data-more-before');
  await table.evaluate((element) => element.scrollTo(element.scrollWidth, 0));
  await expect(table).not.toHaveAttribute('data-more-after');
  await expect(table).toHaveAttribute('data-more-before', '');
  await header('Since').scrollIntoViewIfNeeded();
  await expect(header('Since')).toBeInViewport();
  await expect(header('Masternode')).toBeInViewport();
  await go(page, 'wallet');
  await page.getByTestId('wallet-tabs').getByText('History').click();
  const history = page.getByRole('region', { name: 'History' });
  await expect(history.getByRole('columnheader')).toHaveText([/When/, 'State', 'Amount']);
  await expect(history).not.toHaveAttribute('data-more-after');
  await page.setViewportSize({ width: 900, height: 600 });
  await expect(history.getByRole('columnheader')).toHaveText([/When/, 'What', 'With', 'State', 'Amount']);
});

test('a payment is checked, reviewed, sent and followed to its block', story, async ({ person, page, node }) => {
  let asked = 0;
  const life = [
    info({ acceptweight: 20 }),
    info({ state: 'certified', acceptweight: 40, commitweight: 10 }),
    info({ state: 'final', acceptweight: 40, commitweight: 40, finalafterms: 38 }),
  ];
  let inBlock = false;
  node.answer('gettransaction', () =>
    inBlock ? info({ state: 'confirmed', acceptweight: 40, commitweight: 40, finalafterms: 38, blockheight: 1_205 }) : life[Math.min(asked++, life.length - 1)],
  );
  let sent: Record<string, unknown> = {};
  node.answer('sendtoaddress', (params) => {
    sent = params;
    return hexOf('sent');
  });
  await page.goto(node.url);
  await go(person, 'wallet');
  const to = page.getByTestId('send-address');
  await person.write(to, addressOf('payee').replace('TIME2', 'TIME1'));
  await expect(page.getByText('This address is for another network.')).toBeVisible();
  await expect(page.getByTestId('send-review')).toBeDisabled();
  await person.write(to, `timecoin:${addressOf('payee')}?amount=12.5&label=Coffee`);
  await expect(to).toHaveValue(addressOf('payee'));
  await expect(page.getByTestId('send-amount')).toHaveValue('12.5');
  await person.write(page.getByTestId('send-amount'), '99999');
  await expect(page.getByText('This is more than is spendable.')).toBeVisible();
  await person.write(page.getByTestId('send-amount'), '12.5');
  await expect(page.getByTestId('send-fee')).toHaveText(/0\.0125/);
  await person.press(page.getByTestId('send-review'));
  await expect(page.getByText(addressOf('payee'))).toBeVisible();
  await person.press(page.getByTestId('send-confirm'));
  await expect(page.getByTestId('send-state')).toHaveText(/Final after 38.ms/);
  inBlock = true;
  await expect(page.getByTestId('send-state')).toHaveText(/in block 1,205/);
  // What was reviewed is the most that it may cost.
  expect(sent).toMatchObject({ address: addressOf('payee'), amount: '12.5', label: 'Coffee', maxfee: '0.01250000' });
});

test('a payment link that the system hands over opens the form, once', async ({ page, node }) => {
  await page.goto(node.url);
  await expect(page.getByTestId('height')).toBeVisible();
  await page.evaluate(
    (link) => {
      location.hash = `#/wallet?pay=${encodeURIComponent(link)}`;
    },
    `timecoin:${addressOf('payee')}?amount=3&label=Tea`,
  );
  await expect(page.getByTestId('send-address')).toHaveValue(addressOf('payee'));
  await expect(page.getByTestId('send-amount')).toHaveValue('3');
  expect(new URL(page.url()).hash).toBe('#/wallet');
  await page.reload();
  await expect(page.getByTestId('send-amount')).toHaveValue('');
  // The app may be started by the link.
  await page.goto('about:blank');
  await page.goto(`${new URL(node.url).origin}/#/wallet?pay=${encodeURIComponent(`timecoin:${addressOf('payee')}?amount=4`)}`);
  await expect(page.getByTestId('send-amount')).toHaveValue('4');
  expect(new URL(page.url()).hash).toBe('#/wallet');
});

test('a payment that would cost more than was reviewed is not made, and can be reviewed again', story, async ({ person, page, node }) => {
  node.answer('sendtoaddress', () => {
    throw new Refusal('max-fee-exceeded', 'more', { fee: '0.02000000', maxfee: '0.01250000' });
  });
  await page.goto(node.url);
  await go(person, 'wallet');
  await person.write(page.getByTestId('send-address'), addressOf('payee'));
  await person.press(page.getByTestId('send-max'));
  await expect(page.getByTestId('send-amount')).toHaveValue('12437.9975');
  await person.press(page.getByTestId('send-review'));
  await expect(page.getByTestId('send-passphrase')).toBeHidden();
  await person.press(page.getByTestId('send-confirm'));
  await expect(page.getByRole('alert')).toContainText('The fee is 0.02 TIME now, and you reviewed 0.0125.');
  await person.press(page.getByRole('button', { name: 'Back' }));
  await expect(page.getByTestId('send-address')).toBeFocused();
  await expect(page.getByTestId('send-review')).toBeEnabled();
});

test('the passphrase is asked for where the wallet has one, and a node without a wallet says so', async ({ page, node }) => {
  const wallet = healthyWallet(Date.now());
  node.publish('wallet', { ...wallet, info: { ...healthyWalletInfo, passphraserequired: true, unlocked: false } });
  await page.goto(node.url);
  await go(page, 'wallet');
  await page.getByTestId('send-address').fill(addressOf('payee'));
  await page.getByTestId('send-amount').fill('1');
  await page.getByTestId('send-review').click();
  await expect(page.getByTestId('send-passphrase')).toBeVisible();
  node.publish('wallet', { ...wallet, info: null, transactions: [] });
  await expect(page.getByText('This node has no wallet.')).toBeVisible();
  await expect(page.getByTestId('send-confirm')).toBeHidden();
});

test('while a height waits for its slot, what decided the last block is shown', async ({ page, node }) => {
  const decided = decidedConsensus(Date.now());
  node.publish('consensus', decided);
  await page.goto(node.url);
  await go(page, 'consensus');
  const votes = page.getByTestId('votes');
  await expect(votes).toContainText('Block 1,204 decided');
  await expect(votes).toContainText(/3 of 4 · 75.%/);
  await expect(votes).toContainText('not needed');
  await expect(page.getByText(/^Final after 38.ms \(4 of 4 masternodes, 100.% of weight\)$/)).toBeVisible();
  const { info, ...rest } = healthyConsensus(Date.now());
  node.publish('consensus', { ...rest, info: { ...info, lastdecided: decided.info.lastdecided } });
  await expect(votes).toContainText('Votes on block 1,205');
  await expect(votes).toContainText(/2 of 4 · 50.%/);
});

test('a refused payment says why, and what was typed stays', story, async ({ person, page, node }) => {
  node.answer('sendtoaddress', () => {
    throw new Refusal('transaction-rejected', 'rejected', { rejection: 'missing-input', detail: '' });
  });
  await page.goto(node.url);
  await go(person, 'wallet');
  await person.write(page.getByTestId('send-address'), addressOf('payee'));
  await person.write(page.getByTestId('send-amount'), '1');
  await person.press(page.getByTestId('send-review'));
  await person.press(page.getByTestId('send-confirm'));
  await expect(page.getByRole('alert')).toContainText('it spends a coin that does not exist or is already spent');
  await person.press(page.getByRole('button', { name: 'Back' }));
  await expect(page.getByTestId('send-amount')).toHaveValue('1');
});

test('an address to receive at stays the same until another is asked for', story, async ({ person, page, node }) => {
  let made = 0;
  node.answer('getnewaddress', () => addressOf(`receive ${made++}`));
  await page.goto(node.url);
  await go(person, 'wallet');
  await person.press(page.getByText('Receive', { exact: true }));
  await expect(page.getByTestId('receive-address')).toHaveText(addressOf('receive 0'));
  await expect(page.getByRole('img', { name: `QR code of timecoin:${addressOf('receive 0')}` })).toBeVisible();
  await page.reload();
  await person.press(page.getByText('Receive', { exact: true }));
  await expect(page.getByTestId('receive-address')).toHaveText(addressOf('receive 0'));
  await person.press(page.getByTestId('receive-new'));
  await expect(page.getByTestId('receive-address')).toHaveText(addressOf('receive 1'));
});

test('a lost event is noticed, and the topic heard anew', async ({ page, node }) => {
  await page.goto(node.url);
  await expect(page.getByTestId('height')).toHaveText('1,204');
  const before = node.subscriptions('overview');
  node.loseNext('overview');
  node.publish('overview', { ...healthyOverview(Date.now()), height: 1_205 });
  node.publish('overview', { ...healthyOverview(Date.now()), height: 1_206 });
  await expect(page.getByTestId('height')).toHaveText('1,206');
  expect(node.subscriptions('overview')).toBe(before + 1);
});

test('a node that goes away is missed, and found when it is back', async ({ page, node }) => {
  await page.goto(node.url);
  await expect(page.getByTestId('verdict')).toHaveText('All good');
  node.disconnect(true);
  await expect(page.getByRole('alert')).toContainText('does not accept this page’s key');
  await expect(page.getByTestId('verdict')).toHaveText('Not known');
  node.disconnect(false);
  await expect(page.getByRole('alert')).toBeHidden();
  node.publish('overview', healthyOverview(Date.now()));
  await expect(page.getByTestId('verdict')).toHaveText('All good');
});

test('a node that has stopped is said to, and a page without its key too', async ({ page, node }) => {
  await page.goto(node.url);
  await expect(page.getByTestId('verdict')).toHaveText('All good');
  const url = new URL(node.url);
  const stranger = await page.context().newPage();
  await stranger.goto(url.origin);
  await expect(stranger.getByRole('alert')).toContainText('opened without its key');
  await node.close();
  await expect(page.getByRole('alert')).toContainText('The node is not running.');
  await expect(page.getByTestId('disconnected')).toContainText('What is shown below is from before.');
});

test('what is wrong says what it means and what to do', async ({ page, node }) => {
  const now = Date.now();
  node.publish('overview', {
    ...healthyOverview(now),
    masternode: null,
    peers: { inbound: 0, outbound: 0, masternodes: 0 },
    finality: { samples: [] },
    mempool: { size: 0, bytes: 0 },
    votespersecond: 0,
    behind: 3,
  });
  node.publish('health', {
    verdict: 'bad',
    alerts: [
      { code: 'halted', severity: 'critical', sincems: now - 3_600_000, height: 7, blocks: ['aa'.repeat(32), 'bb'.repeat(32)], faulty: 2 },
      { code: 'no-peers', severity: 'critical', sincems: now - 60_000, keyelsewhere: false },
      { code: 'no-block', severity: 'critical', sincems: now - 30_000, seconds: 64 },
    ],
    nowms: now,
  });
  node.publish('peers', { ...healthyPeers(now), peers: [] });
  node.publish('consensus', { ...healthyConsensus(now), voting: [], blocks: [] });
  node.publish('wallet', { ...healthyWallet(now), transactions: [] });
  await page.goto(node.url);
  await expect(page.getByTestId('verdict')).toHaveText('Not working');
  await expect(page.getByText('No other node is connected.')).toBeVisible();
  for (const name of ['overview', 'peers', 'masternodes', 'consensus', 'wallet', 'console', 'logs', 'settings'] as const) {
    await go(page, name);
  }
});

test('hundreds of peers stay quick to sort, to filter and to scroll', async ({ page, node }) => {
  node.publish('peers', healthyPeers(Date.now(), 500));
  await page.goto(node.url);
  await go(page, 'peers');
  expect(await page.getByTestId('peer-row').count()).toBeLessThan(60);
  await page.getByRole('button', { name: 'Address' }).click();
  await expect(page.getByTestId('peer-row').first()).toContainText('203.0.113.0:24100');
  // By keyboard alone: the rows are one stop, and the arrow keys move among them, also to rows that are not there yet.
  const rowButton = (address: string) => page.getByRole('button', { name: `Show all about ${address}`, exact: true });
  await rowButton('203.0.113.0:24100').focus();
  await page.keyboard.press('ArrowDown');
  await expect(rowButton('203.0.113.1:24100')).toBeFocused();
  await page.keyboard.press('End');
  await expect(rowButton('203.0.114.243:24100')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toContainText('203.0.114.243:24100');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await page.getByRole('searchbox').fill('203.0.114.243');
  await expect(page.getByTestId('peer-row')).toHaveCount(1);
  await page.getByRole('searchbox').fill('nowhere');
  await expect(page.getByText('No peer matches the filter.')).toBeVisible();
});

test('a system whose language has no name that Intl takes gets its window too', async ({ page, node }) => {
  await page.addInitScript(() => {
    Object.defineProperty(navigator, 'language', { value: 'en-US@posix', configurable: true });
    Object.defineProperty(navigator, 'languages', { value: ['en-US@posix'], configurable: true });
  });
  await page.goto(node.url);
  await expect(page.getByTestId('verdict')).toHaveText('All good');
});

test('the theme goes from the system’s to light, to dark, and stays', async ({ page, node }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await page.goto(node.url);
  const toggle = page.getByTestId('theme-toggle');
  await expect(toggle).toContainText('As the system');
  await toggle.click();
  await toggle.click();
  await expect(toggle).toContainText('Dark');
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
});

test.describe('in German', () => {
  test.use({ locale: 'de-DE' });
  test('words, numbers and typed amounts are German where the system is, until somebody chooses another language', async ({ person, page, node }) => {
    await page.goto(node.url);
    await expect(page.locator('html')).toHaveAttribute('lang', 'de');
    await expect(page.getByTestId('verdict')).toHaveText('Alles gut');
    await expect(page.getByTestId('height')).toHaveText('1.204');
    for (const size of sizes) {
      await page.setViewportSize(size);
      for (const name of ['overview', 'peers', 'masternodes', 'consensus', 'settings', 'wallet'] as const) {
        await go(page, name);
        await expect(page.getByRole('main')).toHaveJSProperty('scrollWidth', await page.getByRole('main').evaluate((main) => main.clientWidth));
      }
    }
    await page.getByTestId('send-address').fill(addressOf('payee'));
    await page.getByTestId('send-amount').fill('1.250');
    await expect(page.getByText('Eine Zahl von TIME mit Komma')).toBeVisible();
    await page.getByTestId('send-max').click();
    await expect(page.getByTestId('send-amount')).toHaveValue('12437,9975');
    await expect(page.getByTestId('send-fee')).toHaveText(/0,0125/);
    await go(person, 'settings');
    await person.choose(page.getByTestId('setting-language'), 'English');
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
    await go(person, 'wallet');
    await expect(page.getByTestId('balance-spendable')).toContainText('12,450.50');
  });
});
