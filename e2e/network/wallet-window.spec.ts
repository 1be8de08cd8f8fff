import { expect } from '@playwright/test';
import { expectAccessible } from '../fixtures/accessible.ts';
import type { Person } from '../fixtures/hands.ts';
import { go } from '../fixtures/preview-test.ts';
import { tab } from '../fixtures/wallet-story.ts';
import { test } from './fixture.ts';
import type { TestNode } from './node.ts';

// A person who has no mouse.
test.use({ hands: 'keyboard' });

const passphrase = 'vermilion-otter-plaza-77';
/** One node has what another reads; the launcher's nodes beside them make the quorum. */
const finalMs = 30_000;
/** Argon2id on a busy machine, and the wait after three wrong passphrases. */
const slowMs = 30_000;
/** That the next one has to wait is shown a moment after that this one was wrong. */
const noticeMs = 1_000;
/** The wait doubles with each, so that a page on a busy machine comes to show it. */
const mostGuesses = 6;
/** What a wallet is left alone for: longer than a window on a busy machine takes to show that it is unlocked. */
const idleSeconds = 8;

async function openWallet(person: Person, node: TestNode): Promise<void> {
  const { page } = person;
  await page.goto(node.addresses.web);
  await go(person, 'wallet');
  await expect(page.getByTestId('balance-spendable')).toBeVisible();
}

async function protect(person: Person): Promise<void> {
  const { page } = person;
  await tab(person, 'Keys');
  await person.write(page.getByTestId('setup-passphrase'), passphrase);
  await person.write(page.getByTestId('setup-repeat'), passphrase);
  await person.press(page.getByTestId('change-confirm'));
  await expect(page.getByText('The new passphrase holds from now on.')).toBeVisible({ timeout: slowMs });
  await expect(page.getByTestId('lock-state')).toHaveText('Locked');
}

async function unlock(person: Person, typed: string): Promise<void> {
  const { page } = person;
  await person.write(page.getByTestId('unlock-passphrase'), typed);
  await person.press(page.getByTestId('unlock-confirm'));
}

test('a wallet is protected, locked, paid from with a chosen coin, and found again in another node’s window from its words', async ({
  person,
  page,
  devnet,
}) => {
  test.setTimeout(180_000);
  const [owner, other, payee] = devnet.nodes as [TestNode, TestNode, TestNode];
  await openWallet(person, owner);
  await protect(person);

  // Wrong ones are slowed down; the right one is taken when the wait is over, and unlocks.
  await person.press(page.getByTestId('lock-state'));
  const delayed = page.getByRole('dialog').getByText('the next one may be tried in').first();
  const isDelayed = (): Promise<boolean> =>
    delayed.waitFor({ timeout: noticeMs }).then(
      () => true,
      () => false,
    );
  for (let guess = 0; guess < mostGuesses; guess++) {
    // A wait that begins while this is typed takes the button away until it is over.
    await expect(() => unlock(person, `guess ${guess}`)).toPass({ timeout: 2 * slowMs });
    await expect(page.getByTestId('unlock-passphrase')).toHaveValue('');
    await expect(page.getByRole('alert')).toContainText(/wrong/, { timeout: slowMs });
    if (await isDelayed()) break;
  }
  await expect(delayed).toBeVisible();
  await expectAccessible(page);
  // A try that comes too early is refused and not counted.
  await expect(async () => {
    await unlock(person, passphrase);
    await expect(page.getByTestId('lock-state')).toContainText('Unlocked', { timeout: 3_000 });
  }).toPass({ timeout: 2 * slowMs });
  await person.press(page.getByTestId('lock-now'));
  await expect(page.getByTestId('lock-state')).toHaveText('Locked');
  // Left alone, it locks itself.
  await owner.call('walletpassphrase', { passphrase, timeout: idleSeconds });
  await expect(page.getByTestId('lock-state')).toContainText('Unlocked');
  await expect(page.getByTestId('lock-state')).toHaveText('Locked', { timeout: slowMs });

  // Paid with the coin that was chosen, and no other.
  await tab(person, 'Send');
  const coins = await owner.call('listunspent');
  await person.press(page.getByTestId('coins-open'));
  await person.press(page.getByTestId('coin-row').filter({ hasText: 'Spendable' }).filter({ hasText: '1,000.00' }).first().getByTestId('coin'));
  await person.press(page.getByTestId('coins-done'));
  await person.write(page.getByTestId('send-address'), await payee.call('getnewaddress'));
  await person.write(page.getByTestId('send-amount'), '12.5');
  await person.write(page.getByTestId('send-label'), 'Coffee');
  await person.press(page.getByTestId('send-review'));
  await person.write(page.getByTestId('send-passphrase'), passphrase);
  await person.press(page.getByTestId('send-confirm'));
  await expect(page.getByTestId('send-state')).toHaveText(/Final/, { timeout: slowMs + finalMs });
  const row = page.getByTestId('history-row').first();
  await expect(row).toContainText('Coffee');
  const txid = (await row.getAttribute('data-txid')) ?? '';
  const vin = (await owner.call('gettransaction', { txid })).decoded?.vin ?? [];
  expect(vin).toHaveLength(1);
  const paid = coins.find(({ txid: of, vout }) => vin.some((input) => input.txid === of && input.vout === vout));
  expect(paid?.amount).toBe('1000.00000000');

  // The same words on another node: the same payment, found in the chain once it is in a block.
  await tab(person, 'Keys');
  await person.write(page.getByTestId('words-passphrase'), passphrase);
  await person.press(page.getByTestId('words-confirm'));
  await expect(page.getByTestId('words')).toBeVisible({ timeout: slowMs });
  await expectAccessible(page);
  const words = await page.getByTestId('words').getByRole('listitem').allTextContents();
  await expect.poll(async () => (await owner.call('gettransaction', { txid })).state, { timeout: 30_000 }).toBe('confirmed');
  await openWallet(person, other);
  await tab(person, 'Keys');
  await person.press(page.getByTestId('wallet-other'));
  await person.press(page.getByTestId('choice-words'));
  await person.press(page.getByTestId('setup-next'));
  await person.write(page.getByTestId('setup-restore-words'), words.join(' '));
  await expect(page.getByText('These are the words of a wallet.')).toBeVisible();
  await person.press(page.getByTestId('setup-next'));
  await person.write(page.getByTestId('setup-passphrase'), passphrase);
  await person.write(page.getByTestId('setup-repeat'), passphrase);
  await person.press(page.getByTestId('setup-next'));
  await expect(page.getByTestId('wallet-made')).toContainText('The wallet is there.', { timeout: slowMs });
  await openWallet(person, other);
  await tab(person, 'History');
  const found = page.getByTestId('history-row').filter({ hasText: '−12.5' });
  await expect(found).toContainText('Final, in block', { timeout: slowMs });
  await expect(found.locator('time')).toHaveAttribute('datetime', /^20\d\d-/);
  await expectAccessible(page);
  // All of it: what came, what went, and in which block. Labels are of the machine that they were typed on.
  const historyOf = async (node: TestNode) =>
    (await node.call('listtransactions', { count: 100 })).map((one) => [one.txid, one.category, one.amount, one.blockheight]).sort();
  await expect(async () => expect(await historyOf(other)).toEqual(await historyOf(owner))).toPass({ timeout: slowMs });
});
