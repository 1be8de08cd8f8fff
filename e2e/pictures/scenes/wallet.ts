import type { Page as Browser } from '@playwright/test';
import { type PreviewNode, Refusal } from '../../fixtures/preview-node.ts';
import { paymentOf } from '../../fixtures/preview-payment.ts';
import { addressOf, healthyWallet, healthyWalletInfo, hexOf } from '../../fixtures/preview-views.ts';
import { accountsOf, coinOf, longHistory } from '../../fixtures/preview-wallet.ts';
import { check, correct, guard } from '../../fixtures/wallet-story.ts';
import { never, type Scene } from '../scene.ts';

const scene = (state: string, show: string, part: Omit<Scene, 'page' | 'state' | 'query'> = {}): Scene => ({
  page: 'wallet',
  state,
  ...(show === 'send' ? {} : { query: `?show=${show}` }),
  ...part,
});

const empty: NonNullable<Scene['say']> = (node, nowMs) => {
  const { balances, ...rest } = healthyWallet(nowMs);
  const zero = '0.00000000';
  node.publish('wallet', {
    ...rest,
    balances: { ...balances, mine: { trusted: zero, untrusted_pending: zero, immature: zero, locked: zero } },
    transactions: [],
  });
  for (const method of ['listtransactions', 'listaddresses', 'listunspent']) node.answer(method, () => []);
  node.answer('listaccounts', () => accountsOf([zero]));
};
const fill = async (browser: Browser): Promise<void> => {
  await browser.getByTestId('send-address').fill(addressOf('payee'));
  // As it is typed in the language of the window.
  await browser.getByTestId('send-amount').fill((await browser.locator('html').getAttribute('lang')) === 'de' ? '12,5' : '12.5');
  await browser.getByTestId('send-label').fill('Coffee beans');
};
const send = async (browser: Browser): Promise<void> => {
  await fill(browser);
  await browser.getByTestId('send-review').click();
  await browser.getByTestId('send-confirm').click();
};
const paid = (state: string, part: Record<string, unknown>): Scene =>
  scene(`send-${state}`, 'send', {
    say: (node) => {
      node.answer('sendtoaddress', () => hexOf('sent'));
      node.answer('gettransaction', () => paymentOf('sent', part));
    },
    reach: async (browser) => {
      await send(browser);
      await browser.getByTestId('send-state').waitFor();
    },
  });
const request = {
  address: addressOf('asked'),
  account: 0,
  amount: '30.00000000',
  label: 'rent',
  uri: `timecoin:${addressOf('asked')}?amount=30.00000000&label=rent`,
  state: 'open',
  received: '0.00000000',
  pending: '0.00000000',
  txids: [],
};
const requests = (node: PreviewNode): void =>
  node.answer('listpaymentrequests', () => [
    { ...request, created: Date.now() - 9_000 },
    {
      ...request,
      address: addressOf('asked 2'),
      label: 'A rather long label that somebody has typed',
      created: Date.now() - 90_000,
      state: 'paid',
      received: '30.00000000',
    },
    { ...request, address: addressOf('asked 3'), amount: undefined, label: '', created: Date.now() - 900_000, pending: '1.00000000' },
  ]);
const guarded: NonNullable<Scene['say']> = (node) => {
  const state = guard(node);
  node.answer('walletpassphrase', ({ passphrase }) => {
    check(state, passphrase);
    state.unlockeduntil = Date.now() + 240_000;
    state.publish();
    return null;
  });
  node.answer('getwords', () => ({ words: Array.from({ length: 24 }, (_, i) => `word${String.fromCharCode(97 + i)}`).join(' ') }));
};
const unlock = async (browser: Browser, passphrases: readonly string[]): Promise<void> => {
  await browser.getByTestId('lock-state').click();
  for (const passphrase of passphrases) {
    await browser.getByTestId('unlock-passphrase').fill(passphrase);
    await browser.getByTestId('unlock-confirm').click();
  }
};
const openRow = (browser: Browser, row: number): Promise<void> => browser.getByTestId('history-row').nth(row).getByRole('button').first().click();

export const walletScenes: readonly Scene[] = [
  scene('send', 'send'),
  scene('send-filled', 'send', { reach: (browser) => fill(browser) }),
  scene('send-wrong', 'send', {
    reach: async (browser) => {
      await browser.getByTestId('send-address').fill(addressOf('payee').replace('TIME2', 'TIME1'));
      await browser.getByTestId('send-amount').fill('99999');
    },
  }),
  scene('send-coins', 'send', {
    say: (node) =>
      node.answer('listunspent', () => [
        coinOf('big', '12000.00000000'),
        coinOf('small', '450.50000000', { label: 'A rather long label that somebody has typed to remember' }),
        coinOf('new', '50.00000000', { state: 'immature', spendable: false }),
        coinOf('locked', '1000.00000000', { state: 'collateral', spendable: false }),
        coinOf('aside', '7.25000000', { setaside: true, spendable: false }),
      ]),
    reach: (browser) => browser.getByTestId('coins-open').click(),
  }),
  scene('send-review', 'send', {
    say: guarded,
    reach: async (browser) => {
      await fill(browser);
      await browser.getByTestId('send-review').click();
    },
  }),
  scene('send-wrong-passphrase', 'send', {
    say: (node, nowMs) => {
      guarded(node, nowMs);
      node.answer('sendtoaddress', () => {
        throw new Refusal('wallet-passphrase-incorrect', 'wrong');
      });
    },
    reach: async (browser) => {
      await fill(browser);
      await browser.getByTestId('send-review').click();
      await browser.getByTestId('send-passphrase').fill('guess');
      await browser.getByTestId('send-confirm').click();
      await browser.getByRole('alert').waitFor();
    },
  }),
  scene('send-wrong-link', 'send', { reach: (browser) => browser.getByTestId('send-address').fill(`timecoin:${addressOf('payee')}?req-secret=1`) }),
  paid('voting', { acceptweight: 20 }),
  paid('final', { state: 'final', acceptweight: 40, commitweight: 40, finalafterms: 38 }),
  paid('in-block', { state: 'confirmed', acceptweight: 40, commitweight: 40, finalafterms: 38, blockheight: 1_205, confirmations: 1 }),
  paid('rejected', { state: 'rejected', acceptweight: 10, rejectweight: 30, reason: 'conflict-certified' }),
  scene('send-refused', 'send', {
    say: (node) =>
      node.answer('sendtoaddress', () => {
        throw new Refusal('transaction-rejected', 'rejected', { rejection: 'missing-input', detail: '' });
      }),
    reach: async (browser) => {
      await send(browser);
      await browser.getByRole('alert').waitFor();
    },
  }),
  scene('empty', 'send', { say: empty }),
  scene('no-wallet', 'send', { say: (node, nowMs) => node.publish('wallet', { ...healthyWallet(nowMs), info: null, transactions: [] }) }),
  scene('loading', 'send', { say: (node) => node.loseNext('wallet') }),
  scene('scanning', 'send', {
    say: (node, nowMs) => node.publish('wallet', { ...healthyWallet(nowMs), info: { ...healthyWalletInfo, scanning: { checked: 140, found: 12 } } }),
  }),
  scene('accounts', 'send', {
    say: (node, nowMs) => {
      node.answer('listaccounts', () => accountsOf(['12450.50000000', '77.00000000', '0.00000000']));
      node.publish('wallet', { ...healthyWallet(nowMs), info: { ...healthyWalletInfo, accounts: 3 } });
    },
    reach: (browser) => browser.getByTestId('accounts').click(),
  }),
  scene('hidden', 'send', { reach: (browser) => browser.getByTestId('hide-amounts').click() }),
  scene('locked', 'send', { say: guarded }),
  scene('unlock', 'send', { say: guarded, reach: (browser) => unlock(browser, []) }),
  scene('unlock-wrong', 'send', { say: guarded, reach: (browser) => unlock(browser, ['guess']) }),
  scene('unlock-delayed', 'send', { say: guarded, reach: (browser) => unlock(browser, ['one', 'two', 'three']) }),
  scene('unlocked', 'send', { say: guarded, reach: (browser) => unlock(browser, [correct]) }),
  scene('receive', 'receive', { say: requests }),
  scene('receive-nothing', 'receive'),
  scene('receive-request', 'receive', {
    say: requests,
    reach: (browser) => browser.getByTestId('request-row').first().getByRole('button').first().click(),
  }),
  scene('history', 'history', {
    say: (node, nowMs) => {
      const history = longHistory(nowMs, 9_950);
      node.answer('listtransactions', ({ count, skip }) => history.slice(Number(skip), Number(skip) + Number(count)));
    },
  }),
  scene('history-nothing', 'history', { say: empty }),
  scene('history-loading', 'history', { say: (node) => node.answer('listtransactions', never) }),
  scene('history-failing', 'history', {
    say: (node) =>
      node.answer('listtransactions', () => {
        throw new Refusal('misc-error', 'Too many questions wait for an answer. Ask again in a moment.', { reason: 'too-many-queries' });
      }),
  }),
  scene('history-no-match', 'history', { reach: (browser) => browser.getByRole('searchbox').fill('nowhere') }),
  scene('history-final', 'history', {
    say: (node) => node.answer('gettransaction', () => paymentOf('wallet 1', { state: 'final', acceptweight: 40, commitweight: 40, finalafterms: 38 })),
    reach: (browser) => openRow(browser, 1),
  }),
  scene('history-rejected', 'history', {
    say: (node, nowMs) => {
      const wallet = healthyWallet(nowMs);
      const transactions = wallet.transactions.map((entry) => (entry.state === 'rejected' ? { ...entry, respendable: true as const } : entry));
      node.publish('wallet', { ...wallet, transactions });
      node.answer('listtransactions', ({ skip }) => (skip === 0 ? transactions : []));
      node.answer('gettransaction', () => paymentOf('wallet 3', { state: 'rejected', acceptweight: 10, rejectweight: 30, reason: 'conflict-certified' }));
    },
    reach: (browser) => openRow(browser, 3),
  }),
  scene('addresses', 'addresses'),
  scene('addresses-nothing', 'addresses', { say: empty }),
  scene('addresses-panel', 'addresses', { reach: (browser) => browser.getByTestId('address-row').first().getByRole('button').first().click() }),
  scene('addresses-book', 'addresses', { reach: (browser) => browser.getByTestId('address-kind').locator('label').nth(1).click() }),
  scene('addresses-add', 'addresses', {
    reach: async (browser) => {
      await browser.getByTestId('address-kind').locator('label').nth(1).click();
      await browser.getByTestId('book-add').click();
      await browser.getByTestId('book-address').fill('nobody');
    },
  }),
  scene('messages', 'messages', { say: guarded }),
  scene('messages-signed', 'messages', {
    say: (node) => {
      node.answer('signmessage', () => 'H9h3vQ0cmqS0Fbm2c2h5ZGV5c3BpZ25hdHVyZSBvZiBhIG1lc3NhZ2UgdGhhdCBpcyBsb25n');
      node.answer('verifymessage', () => true);
    },
    reach: async (browser) => {
      await browser.getByTestId('sign-address').fill(addressOf('own 1'));
      await browser.getByTestId('sign-message').fill('it is mine');
      await browser.getByTestId('sign-confirm').click();
      await browser.getByTestId('verify-address').fill(addressOf('own 1'));
      await browser.getByTestId('verify-message').fill('it is mine');
      await browser.getByTestId('verify-signature').fill('signature');
      await browser.getByTestId('verify-confirm').click();
    },
  }),
  scene('messages-not-signed', 'messages', {
    say: (node) => node.answer('verifymessage', () => false),
    reach: async (browser) => {
      await browser.getByTestId('verify-address').fill(addressOf('own 1'));
      await browser.getByTestId('verify-message').fill('it is mine');
      await browser.getByTestId('verify-signature').fill('signature');
      await browser.getByTestId('verify-confirm').click();
    },
    shows: (browser) => browser.getByTestId('verdict-of-signature'),
  }),
  scene('keys-no-passphrase', 'keys'),
  scene('keys-saved', 'keys', {
    say: (node, nowMs) => {
      guarded(node, nowMs);
      node.answer('backupwallet', () => ({ name: 'time-2026-11-22.timebackup', data: 'AAAA' }));
      node.answer('walletpassphrasechange', () => null);
    },
    reach: async (browser) => {
      await browser.getByTestId('backup-passphrase').fill(correct);
      await browser.getByTestId('backup-confirm').click();
    },
  }),
  scene('keys', 'keys', { say: guarded }),
  scene('keys-words', 'keys', {
    say: guarded,
    reach: async (browser) => {
      await browser.getByTestId('words-passphrase').fill(correct);
      await browser.getByTestId('words-confirm').click();
      await browser.getByTestId('words').waitFor();
    },
    shows: (browser) => browser.getByTestId('words-hide'),
  }),
];
