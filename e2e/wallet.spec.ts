import { readFile } from 'node:fs/promises';
import { expect } from '@playwright/test';
import { expectAccessible, expectAccessibleInThemes } from './fixtures/accessible.ts';
import { story } from './fixtures/hands.ts';
import { Refusal } from './fixtures/preview-node.ts';
import { test } from './fixtures/preview-test.ts';
import { addressOf, healthyWallet, healthyWalletInfo, hexOf } from './fixtures/preview-views.ts';
import { accountsOf, coinOf, longHistory } from './fixtures/preview-wallet.ts';
import { guard, openWallet, tab } from './fixtures/wallet-story.ts';

/** The last is 1,280 by 800 at 200 % zoom. */
const sizes = [
  { width: 1_280, height: 800 },
  { width: 900, height: 600 },
  { width: 640, height: 400 },
];

test('every part of the wallet, in both themes and at every size, is accessible and needs no sideways scroll', async ({ person, page, node }) => {
  guard(node);
  await openWallet(person, node);
  for (const name of ['Send', 'Receive', 'History', 'Addresses', 'Messages', 'Keys']) {
    await tab(person, name);
    await expect(page.getByTestId('balance-spendable')).toBeVisible();
    await expectAccessibleInThemes(page);
    for (const size of sizes) {
      await page.setViewportSize(size);
      const main = page.getByRole('main');
      await expect(main).toHaveJSProperty('scrollWidth', await main.evaluate((element) => element.clientWidth));
    }
  }
});

test('who chooses the coins pays with these, and what is set aside stays until it is given back', story, async ({ person, page, node }) => {
  const coins = [
    coinOf('big', '12000.00000000'),
    coinOf('small', '450.50000000', { label: 'rent' }),
    coinOf('new', '50.00000000', { state: 'immature', spendable: false }),
  ];
  let asked: unknown;
  let sent: Record<string, unknown> = {};
  node.answer('listunspent', () => coins);
  node.answer('lockunspent', ({ unlock }) => {
    Object.assign(coins[0]!, { setaside: unlock === false, spendable: unlock === true });
    return true;
  });
  node.answer('estimatefee', ({ amount = '450.04949500', inputs }) => {
    asked = inputs;
    return { fee: '0.45050500', amount: Number(amount).toFixed(8), total: (Number(amount) + 0.450505).toFixed(8), change: '0.00000000', size: 250, inputs: [] };
  });
  node.answer('sendtoaddress', (params) => {
    sent = params;
    return hexOf('sent');
  });
  await openWallet(person, node);
  await person.press(page.getByTestId('coins-open'));
  const row = (text: string) => page.getByTestId('coin-row').filter({ hasText: text });
  await expect(page.getByTestId('coin-row')).toHaveCount(3);
  await expect(row('Immature').getByTestId('coin')).toBeDisabled();
  await person.press(row('12,000').getByRole('button', { name: 'Set aside' }));
  await expect(row('12,000').getByRole('button', { name: 'Give back' })).toBeVisible();
  await person.press(row('rent').getByTestId('coin'));
  await expectAccessible(page);
  await person.press(page.getByTestId('coins-done'));
  await expect(page.getByTestId('coins-chosen')).toHaveText('1 coin chosen, 450.50 TIME');
  await person.write(page.getByTestId('send-address'), addressOf('payee'));
  await person.write(page.getByTestId('send-amount'), '451');
  await expect(page.getByText('This is more than is spendable.')).toBeVisible();
  await person.press(page.getByTestId('send-max'));
  await expect(page.getByTestId('send-amount')).toHaveValue('450.049495');
  const inputs = [{ txid: hexOf('coin small'), vout: 0 }];
  await person.press(page.getByTestId('send-review'));
  expect(asked).toEqual(inputs);
  await expect(page.getByText('Paid with 1 coin that you chose.')).toBeVisible();
  await person.press(page.getByTestId('send-confirm'));
  await expect(page.getByTestId('send-state')).toBeVisible();
  expect(sent).toMatchObject({ inputs, amount: '450.049495', maxfee: '0.45050500' });
});

test('an amount can be typed in units, and the payee can bear the fee', story, async ({ person, page, node }) => {
  let asked: Record<string, unknown> = {};
  node.answer('estimatefee', (params) => {
    asked = params;
    return { fee: '0.00100000', amount: '1.49900000', total: '1.50000000', change: '0.00000000', size: 250, inputs: [] };
  });
  await openWallet(person, node);
  await person.write(page.getByTestId('send-address'), addressOf('payee'));
  await person.write(page.getByTestId('send-amount'), '1.5');
  await person.press(page.getByTestId('send-unit'));
  await expect(page.getByTestId('send-amount')).toHaveValue('150000000');
  await person.write(page.getByTestId('send-amount'), '1.5');
  await expect(page.getByText('A whole number of units.')).toBeVisible();
  await person.write(page.getByTestId('send-amount'), '150000000');
  await person.press(page.getByTestId('send-subtract'));
  // What was asked before the box was ticked may be answered first.
  await expect.poll(() => asked).toMatchObject({ amount: '1.50000000', subtractfeefromamount: true });
  await person.press(page.getByTestId('send-review'));
  await expect(page.locator('p.figure', { hasText: '1.499' })).toBeVisible();
});

test('a payment is asked for, and seen to come', story, async ({ person, page, node }) => {
  const requests: Record<string, unknown>[] = [];
  node.answer('listpaymentrequests', () => requests);
  node.answer('createpaymentrequest', ({ amount, label }) => {
    const made = {
      address: addressOf('asked'),
      account: 0,
      amount: `${amount}.00000000`,
      label,
      uri: `timecoin:${addressOf('asked')}?amount=${amount}.00000000&label=${label}`,
      created: Date.now(),
      state: 'open',
      received: '0.00000000',
      pending: '0.00000000',
      txids: [],
    };
    requests.push(made);
    return made;
  });
  await openWallet(person, node, 'Receive');
  await person.write(page.getByTestId('request-amount'), '30');
  await person.write(page.getByTestId('request-label'), 'rent');
  await person.press(page.getByTestId('request-create'));
  await expect(page.getByTestId('request-state')).toHaveText('Open');
  await expectAccessible(page);
  Object.assign(requests[0]!, { pending: '30.00000000' });
  const wallet = healthyWallet(Date.now());
  node.publish('wallet', { ...wallet, balances: { ...wallet.balances, mine: { ...wallet.balances.mine, untrusted_pending: '33.00000000' } } });
  await expect(page.getByTestId('request-state')).toHaveText('30.00 coming in');
  Object.assign(requests[0]!, { pending: '0.00000000', received: '30.00000000', state: 'paid', txids: [hexOf('paid')] });
  node.publish('wallet', wallet);
  await expect(page.getByTestId('request-state')).toHaveText('Paid');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('request-row')).toContainText('Paid');
});

test('ten thousand transactions are searched, filtered, opened and taken along', story, async ({ person, page, node }) => {
  const history = longHistory(Date.now(), 9_950);
  node.answer('listtransactions', ({ count, skip }) => history.slice(Number(skip), Number(skip) + Number(count)));
  node.answer('exporttransactions', ({ skip }) => ({ csv: skip === 0 ? 'time,amount\r\n1,2\r\n' : '3,4\r\n', rows: 1, more: skip === 0 }));
  node.answer('gettransaction', ({ txid }) => ({
    txid,
    state: 'confirmed',
    acceptweight: 40,
    commitweight: 40,
    rejectweight: 0,
    totalweight: 40,
    finalafterms: 38,
    blockheight: 1_000,
    confirmations: 200,
    hex: '00',
    decoded: { txid, version: 1, kind: 'transfer', size: 250, timestamp: 1, vin: [], vout: [], signatures: 1 },
  }));
  await openWallet(person, node, 'History');
  await expect(page.getByTestId('history-count')).toHaveText('9,950 transactions');
  expect(await page.getByTestId('history-row').count()).toBeLessThan(60);
  await person.write(page.getByRole('searchbox'), 'invoice 7');
  await expect(page.getByTestId('history-row').first()).toContainText('Invoice 7');
  await person.write(page.getByRole('searchbox'), 'Invoice 4900');
  await expect(page.getByTestId('history-row')).toHaveCount(1);
  await person.press(page.getByTestId('history-row').getByRole('button'));
  await expect(page.getByRole('dialog')).toContainText('In block 1,000');
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await person.write(page.getByRole('searchbox'), 'nowhere');
  await expect(page.getByText('Nothing matches.')).toBeVisible();
  await person.press(page.getByRole('button', { name: 'Clear the filter' }));
  await person.choose(page.getByTestId('history-group'), 'Not done');
  await expect(page.getByTestId('history-count')).toHaveText('1 transaction');
  const download = page.waitForEvent('download');
  await person.press(page.getByTestId('export-csv'));
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^time-history-\d{4}-\d\d-\d\d\.csv$/);
  expect(await readFile(await file.path(), 'utf8')).toBe('time,amount\r\n1,2\r\n3,4\r\n');
});

test('what was rejected is paid again with the same coins, for a fee that was read', story, async ({ person, page, node }) => {
  const wallet = healthyWallet(Date.now());
  const transactions = wallet.transactions.map((entry) => (entry.state === 'rejected' ? { ...entry, respendable: true as const } : entry));
  node.publish('wallet', { ...wallet, transactions });
  node.answer('listtransactions', ({ skip }) => (skip === 0 ? transactions : []));
  const agreed: unknown[] = [];
  node.answer('respendtransaction', ({ maxfee }) => {
    agreed.push(maxfee);
    if (maxfee !== '0.20000000') throw new Refusal('max-fee-exceeded', 'more', { fee: '0.20000000', maxfee: String(maxfee) });
    return hexOf('again');
  });
  await openWallet(person, node, 'History');
  await person.press(page.getByTestId('history-row').filter({ hasText: 'Rejected' }).getByRole('button').first());
  await expect(page.getByRole('dialog')).toContainText('nobody is paid twice');
  await person.press(page.getByTestId('respend'));
  await expect(page.getByRole('alert')).toContainText('The fee is 0.20 TIME now');
  await expect(page.getByText('It costs at most 0.20 TIME.')).toBeVisible();
  await person.press(page.getByTestId('respend'));
  await expect(page.getByTestId('respend-state')).toBeVisible();
  expect(agreed).toEqual(['0.10000000', '0.20000000']);
});

test('the address book keeps names, and pays who is in it', story, async ({ person, page, node }) => {
  const labels = new Map<string, string>([[addressOf('payee 0'), 'Coffee beans']]);
  node.answer('setlabel', ({ address, label }) => {
    labels.set(String(address), String(label));
    return null;
  });
  node.answer('listaddresses', ({ kind }) => (kind === 'mine' ? [] : [...labels].map(([address, label]) => ({ address, label, ismine: false }))));
  node.answer('getaddressinfo', ({ address }) => ({ address, label: labels.get(String(address)) ?? '', ismine: false }));
  await openWallet(person, node, 'Addresses');
  await expect(page.getByText('No address was given out yet.')).toBeVisible();
  await person.press(page.getByTestId('address-kind').getByText('Address book'));
  await expect(page.getByTestId('address-row')).toHaveCount(1);
  await person.press(page.getByTestId('book-add'));
  await person.write(page.getByTestId('book-address'), 'nobody');
  await expect(page.getByTestId('book-save')).toBeDisabled();
  await person.write(page.getByTestId('book-address'), addressOf('baker'));
  await person.write(page.getByTestId('book-label'), 'Baker');
  await person.press(page.getByTestId('book-save'));
  await expect(page.getByTestId('address-row')).toHaveCount(2);
  await page.keyboard.press('Escape');
  await person.press(page.getByRole('button', { name: 'Show all about Baker' }));
  await person.write(page.getByTestId('label'), 'The baker');
  await person.press(page.getByTestId('label-save'));
  await expect(page.getByTestId('address-row').filter({ hasText: 'The baker' })).toBeVisible();
  await person.press(page.getByTestId('book-pay'));
  await expect(page.getByTestId('send-address')).toHaveValue(addressOf('baker'));
  await expect(page.getByText('In your address book: The baker')).toBeVisible();
});

test('an account of its own keeps coins apart: what it has, receives, pays and paid', story, async ({ person, page, node }) => {
  const accounts = accountsOf(['12450.50000000']);
  const asked: Record<string, unknown> = {};
  const note = (method: string, answer: unknown): void =>
    node.answer(method, (params) => {
      asked[method] = params.account;
      return answer;
    });
  node.answer('listaccounts', () => accounts);
  node.answer('createaccount', () => {
    accounts.push({ ...accountsOf(['0.00000000', '77.00000000'])[1]!, name: 'savings' });
    node.publish('wallet', { ...healthyWallet(Date.now()), info: { ...healthyWalletInfo, accounts: 2 } });
    return { account: 1 };
  });
  note('estimatefee', { fee: '0.00100000', amount: '76.99900000', total: '77.00000000', change: '0.00000000', size: 250, inputs: [] });
  note('getnewaddress', addressOf('of savings'));
  note('listtransactions', []);
  await openWallet(person, node);
  await expect(page.locator('.balance-parts')).toHaveText(/^Pending\D*3\.00\D+Immature\D*50\.12345678\D+Collateral\D*1,000\.00\D+$/);
  await person.press(page.getByTestId('accounts'));
  await person.write(page.getByTestId('account-name'), 'savings');
  await person.press(page.getByTestId('account-create'));
  await expect(page.getByTestId('account-row')).toHaveCount(2);
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await person.choose(page.getByTestId('account'), 'savings');
  await expect(page.getByTestId('balance-spendable')).toHaveText(/77\.00/);
  await person.write(page.getByTestId('send-address'), addressOf('payee'));
  await person.press(page.getByTestId('send-max'));
  await expect(page.getByTestId('send-amount')).toHaveValue('76.999');
  await tab(person, 'Receive');
  await expect(page.getByTestId('receive-address')).toHaveText(addressOf('of savings'));
  await tab(person, 'History');
  await expect(page.getByText('Nothing has come or gone yet.')).toBeVisible();
  expect(asked).toEqual({ estimatefee: 1, getnewaddress: 1, listtransactions: 1 });
});
