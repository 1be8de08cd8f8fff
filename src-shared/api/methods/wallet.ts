import * as z from 'zod';
import { blockHash, count, height, noParams, time, timeInput, timestampMs, transactionReason, txid } from '../fields.ts';
import { method } from '../method.ts';
import { transactionState } from './transactions.ts';

export const balances = z.object({
  mine: z.object({
    trusted: time.describe('spendable'),
    untrusted_pending: time.describe('coming in, not final yet'),
    immature: time.describe('rewards of the last blocks'),
    locked: time.describe('masternode collateral'),
  }),
  lastprocessedblock: z.object({ hash: blockHash, height }),
});

export const walletInfo = z.object({
  walletname: z.string(),
  passphraserequired: z.boolean().describe('spending and signing take the passphrase'),
  unlocked: z.boolean().describe('the keys are in memory now'),
});

export const walletTransaction = z.object({
  txid,
  category: z.enum(['send', 'receive', 'reward', 'self', 'genesis']),
  amount: time.describe('what it changed in this wallet, the fee included; negative when coins left'),
  fee: time.optional().describe('if this wallet paid it'),
  addresses: z.array(z.string()).describe('paid addresses of others when sending, own ones when receiving'),
  label: z.string(),
  state: transactionState,
  finalafterms: z.number().min(0).optional(),
  blockheight: height.optional(),
  time: timestampMs,
  reason: transactionReason.optional(),
});

export const walletMethods = {
  getbalances: method({ group: 'wallet', summary: 'What this wallet has, by what can be done with it.', request: noParams, response: balances, errors: [] }),
  getwalletinfo: method({
    group: 'wallet',
    summary: 'Which wallet this is, and whether it asks for a passphrase.',
    request: noParams,
    response: walletInfo,
    errors: ['wallet-error'],
  }),
  getnewaddress: method({
    group: 'wallet',
    summary: 'A new address to receive at.',
    request: z.strictObject({ label: z.string().max(100).default('') }),
    response: z.string(),
    errors: ['wallet-locked', 'wallet-error'],
  }),
  validateaddress: method({
    group: 'wallet',
    summary: 'Says whether an address is valid on this network, and why not.',
    request: z.strictObject({ address: z.string().max(200) }),
    response: z.object({
      isvalid: z.boolean(),
      address: z.string().optional(),
      ismine: z.boolean().optional(),
      error: z.enum(['prefix', 'network', 'alphabet', 'length', 'checksum']).optional(),
    }),
    errors: [],
  }),
  sendtoaddress: method({
    group: 'wallet',
    summary: 'Pays an address.',
    request: z.strictObject({
      address: z.string().max(200),
      amount: timeInput.describe('in TIME'),
      label: z.string().max(100).default(''),
      subtractfeefromamount: z.boolean().default(false),
      passphrase: z.string().max(1_024).default(''),
      maxfee: timeInput.optional().describe('in TIME; refused if it would cost more'),
    }),
    response: txid,
    errors: [
      'invalid-address',
      'invalid-parameter',
      'insufficient-funds',
      'max-fee-exceeded',
      'wallet-passphrase-incorrect',
      'wallet-error',
      'transaction-rejected',
    ],
  }),
  estimatefee: method({
    group: 'wallet',
    summary: 'What a payment would cost now, and the most that could be sent.',
    request: z.strictObject({ address: z.string().max(200), amount: timeInput.optional().describe('in TIME; absent: everything') }),
    response: z.object({ fee: time, amount: time, total: time, change: time, size: count }),
    errors: ['invalid-address', 'invalid-parameter', 'insufficient-funds', 'wallet-error'],
  }),
  listtransactions: method({
    group: 'wallet',
    summary: 'This wallet’s history, newest first.',
    request: z.strictObject({ count: z.number().int().min(1).max(1_000).default(10), skip: z.number().int().min(0).max(1_000_000).default(0) }),
    response: z.array(walletTransaction),
    errors: ['wallet-error'],
  }),
  listunspent: method({
    group: 'wallet',
    summary: 'This wallet’s coins, but those that a final transaction spends.',
    request: noParams,
    response: z.array(
      z.object({
        txid,
        vout: count,
        address: z.string(),
        label: z.string(),
        amount: time,
        confirmations: count,
        coinbase: z.boolean(),
        spendable: z.boolean(),
        state: z.enum(['unspent', 'locked', 'spentPending', 'immature', 'collateral', 'unconfirmed-pending', 'unconfirmed-final']),
      }),
    ),
    errors: ['wallet-error'],
  }),
};
