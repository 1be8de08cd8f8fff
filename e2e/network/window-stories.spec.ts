import { expect } from '@playwright/test';
import { formatTime } from '../../src-shared/domain/amount.ts';
import { expectAccessible } from '../fixtures/accessible.ts';
import type { Person } from '../fixtures/hands.ts';
import { go } from '../fixtures/preview-test.ts';
import { blockMs, units } from './chain.ts';
import { test } from './fixture.ts';
import type { TestNode } from './node.ts';
import { payFinally } from './payments.ts';
import { until } from './processes.ts';

// A network of processes, and a person who has no mouse.
test.use({ hands: 'keyboard' });

const changeMs = 60_000;
const finalMs = 30_000;
/** A thousandth of a coin of 1,000, and some more. */
const feeUnits = units('2');

const connections = (node: TestNode, count: number): Promise<unknown> =>
  until(`node ${node.index} has ${count} peers`, changeMs, async () => (await node.call('getconnectioncount')) === count);

/** Signed, and given to nobody: another payment of the coins that a payment spends. */
async function rivalOf(txid: string, owner: TestNode, address: string): Promise<string> {
  const { decoded } = await owner.call('gettransaction', { txid });
  const inputs = decoded!.vin.map((input) => ({ txid: input.txid, vout: input.vout }));
  const coins = await Promise.all(inputs.map((input) => owner.call('gettxout', { txid: input.txid, n: input.vout, include_mempool: false })));
  const amount = formatTime(coins.reduce((sum, coin) => sum + units(coin?.value ?? '0'), 0n) - feeUnits);
  const hexstring = await owner.call('createrawtransaction', { inputs, outputs: [{ address, amount }] });
  return (await owner.call('signrawtransactionwithwallet', { hexstring })).hex;
}

const showPeers = (person: Person, tab: 'Connected' | 'Banned'): Promise<void> =>
  person.press(person.page.getByTestId('peer-tabs').getByText(new RegExp(`^${tab}`)));

async function banFirst(person: Person, node: TestNode): Promise<void> {
  const { page } = person;
  const [peer] = await node.call('getpeerinfo');
  await go(person, 'peers');
  await expect(page.getByTestId('peer-row')).toHaveCount(3, { timeout: changeMs });
  await person.press(page.getByRole('button', { name: `Show all about ${peer!.addr}`, exact: true }));
  const panel = page.getByRole('dialog');
  await person.press(panel.getByTestId('peer-ban'));
  await person.press(panel.getByText('1 hour', { exact: true }));
  await person.press(panel.getByTestId('peer-ban-confirm'));
  await expect(panel).toContainText('This peer is no longer connected.', { timeout: changeMs });
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(panel).toBeHidden();
  await expect(page.getByTestId('peer-row')).toHaveCount(2);
  await showPeers(person, 'Banned');
  await expect(page.getByTestId('ban-row')).toHaveCount(1);
  await expect(page.getByTestId('ban-row')).toContainText(peer!.nodeid.slice(0, 8));
  await expectAccessible(page);
}

test('peers are banned and let in again, and a payment whose coin was spent elsewhere meanwhile says why it was rejected', async ({ person, page, devnet }) => {
  test.setTimeout(180_000);
  const [owner, other, payee] = devnet.nodes as [TestNode, TestNode, TestNode, TestNode];
  await connections(owner, 3);
  await page.goto(owner.addresses.web);
  await banFirst(person, owner);
  for (const { nodeid } of await owner.call('getpeerinfo')) await owner.call('setban', { subnet: nodeid, command: 'add', bantime: 600 });
  await connections(owner, 0);

  // Who hears nobody pays, while the others spend the same coin.
  await go(person, 'wallet');
  await person.write(page.getByTestId('send-address'), await payee.call('getnewaddress'));
  await person.write(page.getByTestId('send-amount'), '12.5');
  await person.press(page.getByTestId('send-review'));
  await person.press(page.getByTestId('send-confirm'));
  const state = page.getByTestId('send-state');
  await expect(state).toHaveAttribute('data-state', 'voting');
  const row = page.getByTestId('history-row').first();
  await expect(row).toContainText('−12.5');
  const txid = (await row.getAttribute('data-txid')) ?? '';
  const rival = await other.call('sendrawtransaction', { hexstring: await rivalOf(txid, owner, await other.call('getnewaddress')) });
  await until('the other payment is final', finalMs, async () => ['final', 'confirmed'].includes((await payee.call('gettransaction', { txid: rival })).state));

  await go(person, 'peers');
  await showPeers(person, 'Banned');
  await expect(page.getByTestId('ban-row')).toHaveCount(3);
  await person.press(page.getByRole('button', { name: 'Lift all' }));
  await person.press(page.getByRole('button', { name: 'Lift all' }));
  await expect(page.getByText('Nobody is banned.')).toBeVisible();
  await showPeers(person, 'Connected');
  await expect(page.getByTestId('peer-row')).toHaveCount(3, { timeout: changeMs });
  await go(person, 'wallet');
  // By the others' votes, or by the block that has the other payment: whichever this node hears of first.
  await expect(state).toHaveAttribute('data-state', /rejected|dropped/, { timeout: 2 * blockMs });
  await expect(state).toHaveText(/^(Rejected: (it spends a coin|more than a third of the voting weight)|Not done: a block spent its coins otherwise\.$)/);
  await expect(page.locator(`[data-txid="${txid}"]`)).toContainText(/(Rejected|Not done): /);
  await expectAccessible(page);
  await payFinally(owner, [other, payee], finalMs);
});
