import * as z from 'zod';
import { blockHash, count, height, noParams, time, timeInput, timestampMs, transactionReason, txid } from '../fields.ts';
import { type ErrorCode, method } from '../method.ts';
import { transactionState } from './transactions.ts';
import { walletAddressMethods } from './wallet-addresses.ts';
import { address, label, ofAccount, outpoint, passphrase } from './wallet-fields.ts';
import { passphraseErrors, walletKeyMethods } from './wallet-keys.ts';

/** What the wallet has, what it pays and what it paid; beside it wallet-keys.ts and wallet-addresses.ts. */

export const balances = z.object({
  mine: z.object({
    trusted: time.describe('spendable'),
    untrusted_pending: time.describe('coming in, not final yet'),
    immature: time.describe('rewards of the last blocks'),
    locked: time.describe('masternode collateral'),
  }),
  lastprocessedblock: z.object({ hash: blockHash, height }),
});

export const walletTransaction = z.object({
  txid,
  category: z
    .enum(['send', 'receive', 'reward', 'self', 'masternode', 'genesis'])
    .describe('masternode: registers or changes one; a block decides it, without votes'),
  amount: time.describe('what it changed in this wallet, the fee included; negative when coins left'),
  fee: time.optional().describe('if this wallet paid it'),
  addresses: z.array(z.string()).describe('paid addresses of others when sending, own ones when receiving'),
  label: z.string(),
  state: transactionState,
  finalafterms: z.number().min(0).optional(),
  blockheight: height.optional(),
  time: timestampMs,
  reason: transactionReason.optional(),
  respendable: z.literal(true).optional().describe('respendtransaction can pay it anew with the same coins'),
});

const maxfee = timeInput.optional().describe('in TIME; refused if it would cost more');
const inputs = z.array(outpoint).min(1).max(1_000).optional().describe('exactly these coins pay; absent: the wallet chooses');
const planErrors = [
  'wallet-not-found',
  'invalid-address',
  'invalid-parameter',
  'not-found',
  'insufficient-funds',
  'wallet-error',
] as const satisfies ErrorCode[];
const payErrors: readonly ErrorCode[] = [...new Set([...planErrors, ...passphraseErrors, 'max-fee-exceeded', 'transaction-rejected'] as const)];
/** One page of the export. */
const maxRows = 10_000;

export const walletMethods = {
  getbalances: method({
    group: 'wallet',
    summary: 'What this wallet has, by what can be done with it.',
    request: z.strictObject({ account: ofAccount }),
    response: balances,
    errors: ['invalid-parameter'],
  }),
  getbalance: method({
    group: 'wallet',
    summary: 'What this wallet can spend now.',
    request: z.strictObject({ account: ofAccount }),
    response: time,
    errors: ['wallet-not-found', 'invalid-parameter'],
  }),
  sendtoaddress: method({
    group: 'wallet',
    summary: 'Pays an address.',
    request: z.strictObject({
      address,
      amount: timeInput.describe('in TIME'),
      label: label.default('').describe('for the payee in the address book'),
      subtractfeefromamount: z.boolean().default(false),
      passphrase: passphrase.default(''),
      maxfee,
      account: ofAccount,
      inputs,
    }),
    response: txid,
    errors: payErrors,
  }),
  sendall: method({
    group: 'wallet',
    summary: 'Pays an address everything that can be spent, less the fee.',
    request: z.strictObject({ address, label: label.default(''), passphrase: passphrase.default(''), maxfee, account: ofAccount, inputs }),
    response: txid,
    errors: payErrors,
  }),
  respendtransaction: method({
    group: 'wallet',
    summary: 'Pays anew what was rejected or dropped, with the same coins, so that only one of the two can ever be final.',
    request: z.strictObject({ txid, passphrase: passphrase.default(''), maxfee }),
    response: txid.describe('of the new transaction'),
    errors: payErrors,
  }),
  estimatefee: method({
    group: 'wallet',
    summary: 'What a payment would cost now, and the most that could be sent.',
    request: z.strictObject({
      address,
      amount: timeInput.optional().describe('in TIME; absent: everything'),
      subtractfeefromamount: z.boolean().default(false),
      account: ofAccount,
      inputs,
    }),
    response: z.object({
      fee: time,
      amount: time,
      total: time,
      change: time.describe('back to an address that pays, so that it costs nothing'),
      size: count.describe('bytes'),
      inputs: z.array(z.object({ txid, vout: count })).describe('the coins that pay'),
    }),
    errors: planErrors,
  }),
  listtransactions: method({
    group: 'wallet',
    summary: 'This wallet’s history, newest first.',
    request: z.strictObject({
      count: z.number().int().min(1).max(1_000).default(10),
      skip: z.number().int().min(0).max(1_000_000).default(0),
      account: ofAccount,
      category: z.enum(['all', 'send', 'receive', 'reward', 'self', 'masternode', 'genesis']).default('all'),
      text: z.string().max(100).default('').describe('only those with this in the id, an address or its label, whatever the case'),
    }),
    response: z.array(walletTransaction),
    errors: ['wallet-not-found', 'invalid-parameter', 'wallet-error'],
  }),
  exporttransactions: method({
    group: 'wallet',
    summary: 'This wallet’s history as CSV (RFC 4180), newest first, a page at a time; the first page begins with the names of the columns.',
    request: z.strictObject({
      count: z.number().int().min(1).max(maxRows).default(maxRows),
      skip: z.number().int().min(0).max(1_000_000).default(0),
      account: ofAccount,
    }),
    response: z.object({ csv: z.string(), rows: count, more: z.boolean() }),
    errors: ['wallet-not-found', 'invalid-parameter', 'wallet-error'],
    slow: true,
  }),
  listunspent: method({
    group: 'wallet',
    summary: 'This wallet’s coins, but those that a final transaction spends.',
    request: z.strictObject({ account: ofAccount }),
    response: z.array(
      z.object({
        txid,
        vout: count,
        address: z.string(),
        label: z.string(),
        account: count,
        amount: time,
        confirmations: count,
        coinbase: z.boolean(),
        spendable: z.boolean().describe('a payment may choose it now'),
        setaside: z.boolean().describe('by lockunspent: no payment chooses it unless it is named'),
        state: z.enum(['unspent', 'locked', 'spentPending', 'immature', 'collateral', 'unconfirmed-pending', 'unconfirmed-final']),
      }),
    ),
    errors: ['wallet-not-found', 'invalid-parameter', 'wallet-error'],
  }),
  lockunspent: method({
    group: 'wallet',
    summary: 'Sets coins aside, so that no payment chooses them, or gives them back; it lasts. Without coins, unlock gives all back.',
    request: z.strictObject({ unlock: z.boolean(), transactions: z.array(outpoint).max(1_000).default([]) }),
    response: z.boolean(),
    errors: ['wallet-not-found', 'not-found', 'wallet-error'],
  }),
  listlockunspent: method({
    group: 'wallet',
    summary: 'The coins that are set aside.',
    request: noParams,
    response: z.array(z.object({ txid, vout: count })),
    errors: ['wallet-not-found'],
  }),
  ...walletKeyMethods,
  ...walletAddressMethods,
};
