import { expect } from '@playwright/test';
import { answerMasternodes, masternode, ownStatus } from './fixtures/preview-masternodes.ts';
import { Refusal } from './fixtures/preview-node.ts';
import { go, test } from './fixtures/preview-test.ts';
import { addressOf, healthyWallet, healthyWalletInfo, hexOf } from './fixtures/preview-views.ts';
import { coinOf } from './fixtures/preview-wallet.ts';

const payment = (part: Record<string, unknown>): Record<string, unknown> => ({
  txid: hexOf('registration'),
  state: 'voting',
  acceptweight: 0,
  commitweight: 0,
  rejectweight: 0,
  totalweight: 40,
  confirmations: 0,
  hex: '00',
  decoded: { txid: hexOf('registration'), version: 1, kind: 'masternode-register', size: 250, timestamp: 1, vin: [], vout: [], signatures: 1 },
  ...part,
});

test('everybody in the registry: mine first, sorted, filtered and searched, ten thousand of them without a wait', async ({ page, node }) => {
  answerMasternodes(node, 10_000);
  const mine = `${hexOf('collateral 7')}:0`;
  node.answer('listunspent', () => [{ ...coinOf('locked', '100000.00000000', { state: 'collateral' }), txid: mine.slice(0, 64) }]);
  await page.goto(node.url);
  await go(page, 'masternodes');
  await expect(page.getByTestId('own-state')).toHaveAttribute('data-state', 'active');
  const rows = page.getByTestId('masternode-row');
  await expect(rows.nth(0)).toContainText('this node');
  await expect(rows.nth(1)).toContainText('mine');
  expect(await rows.count()).toBeLessThan(60);
  await page.screenshot({ path: 'test-results/window/masternodes-many.png' });
  await page.getByRole('button', { name: 'Participation' }).click();
  await expect(rows.first()).toContainText('71.4 %');
  await page.getByRole('searchbox').fill(hexOf('node 9000').slice(0, 16));
  await expect(rows).toHaveCount(1);
  await page.getByRole('searchbox').fill('nothing like it');
  await page.getByRole('button', { name: 'Show all' }).click();
  await page.getByTestId('masternode-filter').getByText('Mine').click();
  await expect(rows).toHaveCount(2);
  // One that runs elsewhere is changed by who owns its collateral.
  await rows.nth(1).getByRole('button', { name: 'Change' }).click();
  await expect(page.getByTestId('change-address')).toHaveValue('203.0.113.7:24100');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByTestId('own-state')).toBeVisible();
});

test('a registration: tier, a coin made for it, address, rewards, the key, review, and its life until it counts', async ({ page, node }) => {
  const bronze = '1000.00000000';
  let made = false;
  let state: 'none' | 'sent' | 'waiting' | 'active' = 'none';
  let asked: Record<string, unknown> = {};
  node.publish('wallet', { ...healthyWallet(Date.now()), info: { ...healthyWalletInfo, passphraserequired: true } });
  node.answer('masternodestatus', () => {
    const now = Date.now();
    if (state === 'active') return ownStatus(now, masternode(0, now));
    return ownStatus(now, state === 'waiting' ? masternode(0, now, { status: 'waiting', weight: 0 }) : null);
  });
  node.answer('listunspent', () => (made ? [coinOf('made', bronze, { confirmations: 1 })] : [coinOf('other', '999.00000000')]));
  node.answer('sendtoaddress', (params) => {
    if (params.passphrase !== 'otter') throw new Refusal('wallet-passphrase-incorrect', 'no');
    made = true;
    return hexOf('made');
  });
  node.answer('exportnodekey', () => ({ name: 'node-key.pem', text: 'KEY' }));
  node.answer('masternoderegister', (params) => {
    asked = params;
    state = 'sent';
    return {
      txid: hexOf('registration'),
      nodeid: hexOf('node 0'),
      owneraddress: addressOf('made'),
      rewardaddress: addressOf('r'),
      activeepoch: 241,
      activems: 1,
    };
  });
  node.answer('gettransaction', () => (state === 'sent' ? payment({}) : payment({ state: 'confirmed', blockheight: 1_205 })));
  await page.goto(node.url);
  await go(page, 'masternodes');
  await page.screenshot({ path: 'test-results/window/masternodes-none.png' });
  await page.getByTestId('register-start').click();
  await expect(page.getByTestId('choice-bronze')).toBeChecked();
  await page.screenshot({ path: 'test-results/window/registration-tier.png' });
  await page.getByTestId('setup-next').click();

  await expect(page.getByText('This wallet has no coin of exactly 1,000.00 TIME.')).toBeVisible();
  await expect(page.getByTestId('setup-next')).toBeDisabled();
  await page.getByTestId('make-coin').click();
  await page.getByTestId('make-coin-passphrase').fill('badger');
  await page.getByTestId('make-coin-confirm').click();
  await expect(page.getByRole('alert')).toContainText('The passphrase is wrong.');
  await page.screenshot({ path: 'test-results/window/registration-coin.png' });
  await page.getByTestId('make-coin-passphrase').fill('otter');
  await page.getByTestId('make-coin-confirm').click();
  await expect(page.getByTestId(`choice-${hexOf('coin made')}:0`)).toBeChecked();
  await page.getByTestId('setup-next').click();

  await page.getByTestId('registration-address').fill('nowhere');
  await expect(page.getByText('A host and a port, such as')).toBeVisible();
  await expect(page.getByTestId('setup-next')).toBeDisabled();
  await page.getByTestId('registration-address').fill('203.0.113.5:24100');
  await page.getByTestId('setup-next').click();

  await page.getByTestId('choice-other').click();
  await page.getByTestId('registration-reward').fill(addressOf('reward').replace('TIME2', 'TIME1'));
  await expect(page.getByText('This address is for another network.')).toBeVisible();
  await page.getByTestId('registration-reward').fill(addressOf('reward'));
  await page.getByTestId('setup-next').click();

  await page.getByTestId('node-key-passphrase').fill('otter');
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('node-key-save').click()]);
  expect(download.suggestedFilename()).toBe('node-key.pem');
  expect(asked).toEqual({});
  await page.getByTestId('setup-next').click();

  await expect(page.getByTestId('registration-fee')).toHaveText('0.0000132 TIME');
  await expect(page.getByTestId('setup-next')).toBeDisabled();
  await page.getByTestId('registration-passphrase').fill('otter');
  await page.screenshot({ path: 'test-results/window/registration-review.png' });
  await page.getByTestId('setup-next').click();
  await expect(page.getByTestId('registration-state')).toHaveAttribute('data-state', 'sent');
  expect(asked).toEqual({
    tier: 'bronze',
    address: '203.0.113.5:24100',
    collateral: `${hexOf('coin made')}:0`,
    rewardaddress: addressOf('reward'),
    passphrase: 'otter',
    maxfee: '0.00001320',
  });
  state = 'waiting';
  await expect(page.getByTestId('registration-state')).toHaveAttribute('data-state', 'waiting');
  await expect(page.getByText('Waiting for the next epoch: 2 blocks')).toBeVisible();
  await page.screenshot({ path: 'test-results/window/registration-waiting.png' });
  // A look at another page loses nothing.
  await go(page, 'overview');
  await go(page, 'masternodes');
  state = 'active';
  await expect(page.getByTestId('registration-state')).toHaveAttribute('data-state', 'active');
  await page.getByTestId('registration-close').click();
  await expect(page.getByTestId('own-state')).toHaveAttribute('data-state', 'active');
});

test('a registration that the node refuses says why, and can be mended', async ({ page, node }) => {
  node.answer('masternodestatus', () => ownStatus(Date.now(), null, { enabled: false }));
  node.answer('estimatemasternodefee', () => {
    throw new Refusal('insufficient-funds', 'no', { needed: '0.00001320', available: '0.00000000' });
  });
  await page.goto(node.url);
  await go(page, 'masternodes');
  await page.getByTestId('register-start').click();
  await expect(page.getByText('This node does not run as a masternode.')).toBeVisible();
  await page.getByTestId('choice-free').click();
  for (const step of ['Tier', 'Address', 'Rewards', 'Key']) {
    await expect(page.locator('[aria-current="step"]')).toHaveText(step);
    await page.getByTestId('setup-next').click();
  }
  await expect(page.getByRole('alert')).toContainText('0.0000132 TIME are needed with the fee, and 0.00 are spendable.');
  await expect(page.getByTestId('setup-next')).toBeDisabled();
  await page.getByRole('button', { name: 'Back' }).click();
  await page.getByTestId('registration-cancel').click();
  await expect(page.getByTestId('register-start')).toBeVisible();
});

test('a masternode is changed, leaves, and says that it is back', async ({ page, node }) => {
  const asked: Record<string, unknown>[] = [];
  const answer = (params: Record<string, unknown>): string => {
    asked.push(params);
    return hexOf('registration');
  };
  for (const method of ['masternodeupdate', 'masternodeexit', 'masternoderevive']) node.answer(method, answer);
  node.answer('gettransaction', () => payment({ state: 'confirmed', blockheight: 1_205 }));
  node.answer('masternodestatus', () => ownStatus(Date.now(), masternode(0, Date.now(), { status: 'inactive', weight: 0, percent: 41.2 })));
  await page.goto(node.url);
  await go(page, 'masternodes');
  await expect(page.getByTestId('own-state')).toHaveText('Inactive');
  await page.screenshot({ path: 'test-results/window/masternodes-inactive.png' });
  const finish = async (): Promise<void> => {
    await page.getByTestId('change-confirm').click();
    await expect(page.getByTestId('change-state')).toHaveText('In block 1,205');
    await page.getByTestId('change-close').click();
  };
  await page.getByTestId('own-update').click();
  await expect(page.getByTestId('change-review')).toBeDisabled();
  await page.getByTestId('change-address').fill('198.51.100.7:24100');
  await page.getByTestId('change-review').click();
  await expect(page.getByTestId('change-fee')).toHaveText('0.0000132 TIME');
  await finish();
  await page.getByTestId('own-exit').click();
  await expect(page.getByText('1,000.00 TIME')).toBeVisible();
  await page.screenshot({ path: 'test-results/window/masternodes-exit.png' });
  await finish();
  await page.getByTestId('own-revive').click();
  await finish();
  const agreed = { nodeid: hexOf('node 0'), passphrase: '', maxfee: '0.00001320' };
  expect(asked).toEqual([{ address: '198.51.100.7:24100', ...agreed }, agreed, {}]);
});
