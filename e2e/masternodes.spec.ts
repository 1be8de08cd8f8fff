import { expect } from '@playwright/test';
import { expectAccessibleInThemes, expectColours } from './fixtures/accessible.ts';
import { story } from './fixtures/hands.ts';
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

test('everybody in the registry: mine first, sorted, filtered and searched, ten thousand of them without a wait', story, async ({ person, page, node }) => {
  answerMasternodes(node, 10_000);
  const mine = `${hexOf('collateral 7')}:0`;
  node.answer('listunspent', () => [{ ...coinOf('locked', '100000.00000000', { state: 'collateral' }), txid: mine.slice(0, 64) }]);
  await page.goto(node.url);
  // The overview says what its masternode was paid, and how the newest payments do.
  await expect(page.getByTestId('rewards-today')).toHaveText('1,250.00 TIME');
  await expect(page.getByTestId('rewards-total')).toHaveText('48,325.12345678 TIME');
  await expect(page.getByText(/^4 of 4 · 100.% · 38.ms$/)).toBeVisible();
  await go(person, 'masternodes');
  await expect(page.getByTestId('own-state')).toHaveAttribute('data-state', 'active');
  await expect(page.getByTestId('rewards-total')).toHaveText('48,325.12345678 TIME');
  const rows = page.getByTestId('masternode-row');
  await expect(rows.nth(0)).toContainText('this node');
  await expect(rows.nth(1)).toContainText('mine');
  expect(await rows.count()).toBeLessThan(60);
  await expectAccessibleInThemes(page);
  await person.press(page.getByRole('button', { name: 'Participation' }));
  await expect(rows.first()).toContainText('71.4 %');
  await person.write(page.getByRole('searchbox'), hexOf('node 9000').slice(0, 16));
  await expect(rows).toHaveCount(1);
  await person.write(page.getByRole('searchbox'), 'nothing like it');
  await person.press(page.getByRole('button', { name: 'Show all' }));
  await person.press(page.getByTestId('masternode-filter').getByText('Mine'));
  await expect(rows).toHaveCount(2);
  // One that runs elsewhere is changed by who owns its collateral.
  await person.press(rows.nth(1).getByRole('button', { name: 'Change' }));
  await expect(page.getByTestId('change-address')).toHaveValue('203.0.113.7:24100');
  await person.press(page.getByRole('button', { name: 'Cancel' }));
  await expect(page.getByTestId('own-state')).toBeVisible();
});

test('a registration: tier, a coin made for it, address, rewards, the key, review, and its life until it counts', story, async ({ person, page, node }) => {
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
  await go(person, 'masternodes');
  await expectAccessibleInThemes(page);
  await person.press(page.getByTestId('register-start'));
  await expect(page.getByTestId('choice-bronze')).toBeChecked();
  await expectAccessibleInThemes(page);
  await person.press(page.getByTestId('setup-next'));

  await expect(page.getByText('This wallet has no coin of exactly 1,000.00 TIME.')).toBeVisible();
  await expect(page.getByTestId('setup-next')).toBeDisabled();
  await person.press(page.getByTestId('make-coin'));
  await person.write(page.getByTestId('make-coin-passphrase'), 'badger');
  await person.press(page.getByTestId('make-coin-confirm'));
  await expect(page.getByRole('alert')).toContainText('The passphrase is wrong.');
  await expectAccessibleInThemes(page);
  await person.write(page.getByTestId('make-coin-passphrase'), 'otter');
  await person.press(page.getByTestId('make-coin-confirm'));
  await expect(page.getByTestId(`choice-${hexOf('coin made')}:0`)).toBeChecked();
  await person.press(page.getByTestId('setup-next'));

  await person.write(page.getByTestId('registration-address'), 'nowhere');
  await expect(page.getByText('A host and a port, such as')).toBeVisible();
  await expectColours(page);
  await expect(page.getByTestId('setup-next')).toBeDisabled();
  await person.write(page.getByTestId('registration-address'), '203.0.113.5:24100');
  await person.press(page.getByTestId('setup-next'));

  await person.press(page.getByTestId('choice-other'));
  await person.write(page.getByTestId('registration-reward'), addressOf('reward').replace('TIME2', 'TIME1'));
  await expect(page.getByText('This address is for another network.')).toBeVisible();
  await expectColours(page);
  await person.write(page.getByTestId('registration-reward'), addressOf('reward'));
  await person.press(page.getByTestId('setup-next'));

  await expectColours(page);
  await person.write(page.getByTestId('node-key-passphrase'), 'otter');
  const [download] = await Promise.all([page.waitForEvent('download'), person.press(page.getByTestId('node-key-save'))]);
  expect(download.suggestedFilename()).toBe('node-key.pem');
  expect(asked).toEqual({});
  await person.press(page.getByTestId('setup-next'));

  await expect(page.getByTestId('registration-fee')).toHaveText('0.0000132 TIME');
  await expect(page.getByTestId('setup-next')).toBeDisabled();
  await person.write(page.getByTestId('registration-passphrase'), 'otter');
  await expectAccessibleInThemes(page);
  await person.press(page.getByTestId('setup-next'));
  await expect(page.getByTestId('registration-state')).toHaveAttribute('data-state', 'sent');
  await expectColours(page);
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
  await expectAccessibleInThemes(page);
  // A look at another page loses nothing.
  await go(person, 'overview');
  await go(person, 'masternodes');
  state = 'active';
  await expect(page.getByTestId('registration-state')).toHaveAttribute('data-state', 'active');
  await expect(page.getByRole('heading', { name: 'This node is a masternode' })).toBeVisible();
  await person.press(page.getByTestId('registration-close'));
  await expect(page.getByTestId('own-state')).toHaveAttribute('data-state', 'active');
});

test('a registration that the node refuses says why, and can be mended', story, async ({ person, page, node }) => {
  node.answer('masternodestatus', () => ownStatus(Date.now(), null, { enabled: false }));
  node.answer('estimatemasternodefee', () => {
    throw new Refusal('insufficient-funds', 'no', { needed: '0.00001320', available: '0.00000000' });
  });
  await page.goto(node.url);
  await go(person, 'masternodes');
  await person.press(page.getByTestId('register-start'));
  await expect(page.getByText('This node does not run as a masternode.')).toBeVisible();
  await person.press(page.getByTestId('choice-free'));
  for (const step of ['Tier', 'Address', 'Rewards', 'Key']) {
    await expect(page.locator('[aria-current="step"]')).toHaveText(step);
    await person.press(page.getByTestId('setup-next'));
  }
  await expect(page.getByRole('alert')).toContainText('0.0000132 TIME are needed with the fee, and 0.00 are spendable.');
  await expect(page.getByTestId('setup-next')).toBeDisabled();
  await person.press(page.getByRole('button', { name: 'Back' }));
  await person.press(page.getByTestId('registration-cancel'));
  await expect(page.getByTestId('register-start')).toBeVisible();
});

test('a masternode is changed, leaves, and says that it is back', story, async ({ person, page, node }) => {
  const asked: Record<string, unknown>[] = [];
  const answer = (params: Record<string, unknown>): string => {
    asked.push(params);
    return hexOf('registration');
  };
  for (const method of ['masternodeupdate', 'masternodeexit', 'masternoderevive']) node.answer(method, answer);
  node.answer('gettransaction', () => payment({ state: 'confirmed', blockheight: 1_205 }));
  node.answer('masternodestatus', () => ownStatus(Date.now(), masternode(0, Date.now(), { status: 'inactive', weight: 0, percent: 41.2 })));
  await page.goto(node.url);
  await go(person, 'masternodes');
  await expect(page.getByTestId('own-state')).toHaveText('Inactive');
  await expectAccessibleInThemes(page);
  const finish = async (): Promise<void> => {
    await person.press(page.getByTestId('change-confirm'));
    await expect(page.getByTestId('change-state')).toHaveText('In block 1,205');
    await person.press(page.getByTestId('change-close'));
  };
  await person.press(page.getByTestId('own-update'));
  await expect(page.getByTestId('change-review')).toBeDisabled();
  await person.write(page.getByTestId('change-address'), '198.51.100.7:24100');
  await person.press(page.getByTestId('change-review'));
  await expect(page.getByTestId('change-fee')).toHaveText('0.0000132 TIME');
  await finish();
  await person.press(page.getByTestId('own-exit'));
  await expect(page.getByText('1,000.00 TIME')).toBeVisible();
  await expectAccessibleInThemes(page);
  await finish();
  await person.press(page.getByTestId('own-revive'));
  await finish();
  const agreed = { nodeid: hexOf('node 0'), passphrase: '', maxfee: '0.00001320' };
  expect(asked).toEqual([{ address: '198.51.100.7:24100', ...agreed }, agreed, {}]);
});
