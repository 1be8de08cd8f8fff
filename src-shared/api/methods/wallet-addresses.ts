import * as z from 'zod';
import { noParams, time, timeInput, timestampMs, txid } from '../fields.ts';
import { method } from '../method.ts';
import { accountNumber, address, label, ofAccount, passphrase } from './wallet-fields.ts';
import { passphraseErrors } from './wallet-keys.ts';

/** Accounts, addresses and what people call them, payment requests, and messages signed with an address. */

const accountInfo = z.object({
  account: accountNumber,
  name: z.string().describe('empty: it has none'),
  used: z.boolean().describe('something was paid to it'),
  spendable: time,
  untrusted_pending: time,
  immature: time,
  locked: time.describe('masternode collateral'),
});

const addressInfo = z.object({
  address: z.string(),
  label: z.string(),
  ismine: z.boolean(),
  account: accountNumber.optional(),
  hdkeypath: z.string().optional().describe('as m/44h/0h/0h/0h/7h'),
  used: z.boolean().optional().describe('of an own one: it is in a block'),
  balance: time.optional().describe('of an own one: all its coins, whatever can be done with them'),
});

export const paymentRequest = z.object({
  address: z.string(),
  account: accountNumber,
  amount: time.optional().describe('absent: whatever the payer likes'),
  label: z.string(),
  uri: z.string().describe('timecoin: with all of it'),
  created: timestampMs,
  state: z.enum(['open', 'partly', 'paid']).describe('by what is final or in a block'),
  received: time,
  pending: time.describe('coming in, not final yet'),
  txids: z.array(txid).describe('that paid it, oldest first; at most 100'),
});

export const walletAddressMethods = {
  listaccounts: method({
    group: 'wallet',
    summary: 'The wallet’s accounts, each with what it has.',
    request: noParams,
    response: z.array(accountInfo),
    errors: ['wallet-not-found'],
  }),
  createaccount: method({
    group: 'wallet',
    summary: 'One more account. At most three in a row may be unused: more would not be found again from the words.',
    request: z.strictObject({ name: label }),
    response: z.object({ account: accountNumber }),
    errors: ['wallet-not-found', 'wallet-locked', 'wallet-error'],
  }),
  setaccountname: method({
    group: 'wallet',
    summary: 'Names an account.',
    request: z.strictObject({ account: accountNumber, name: label }),
    response: z.null(),
    errors: ['wallet-not-found', 'invalid-parameter'],
  }),
  getnewaddress: method({
    group: 'wallet',
    summary: 'A new address to receive at. At most a hundred in a row may be unused: more would not be found again from the words.',
    request: z.strictObject({ label: label.default(''), account: accountNumber.default(0) }),
    response: z.string(),
    errors: ['wallet-not-found', 'wallet-locked', 'invalid-parameter', 'wallet-error'],
  }),
  getaddressinfo: method({
    group: 'wallet',
    summary: 'What the wallet knows of an address.',
    request: z.strictObject({ address }),
    response: addressInfo,
    errors: ['wallet-not-found', 'invalid-address'],
  }),
  listaddresses: method({
    group: 'wallet',
    summary: 'The wallet’s own addresses that were given out or used, newest first, or the address book: those of others that have a label, by label.',
    request: z.strictObject({
      kind: z.enum(['mine', 'others']).default('mine'),
      count: z.number().int().min(1).max(1_000).default(100),
      skip: z.number().int().min(0).max(1_000_000).default(0),
      account: ofAccount,
      text: z.string().max(100).default('').describe('only those with this in the address or the label, whatever the case'),
    }),
    response: z.array(addressInfo),
    errors: ['wallet-not-found', 'invalid-parameter'],
  }),
  setlabel: method({
    group: 'wallet',
    summary: 'Names an address, an own one or somebody’s; an empty label takes the name, and what is not own leaves the address book.',
    request: z.strictObject({ address, label }),
    response: z.null(),
    errors: ['wallet-not-found', 'invalid-address', 'wallet-error'],
  }),
  createpaymentrequest: method({
    group: 'wallet',
    summary: 'Asks for a payment at an address of its own.',
    request: z.strictObject({ amount: timeInput.optional().describe('in TIME'), label: label.default(''), account: accountNumber.default(0) }),
    response: paymentRequest,
    errors: ['wallet-not-found', 'wallet-locked', 'invalid-parameter', 'wallet-error'],
  }),
  listpaymentrequests: method({
    group: 'wallet',
    summary: 'The payment requests with what was paid, newest first.',
    request: z.strictObject({ count: z.number().int().min(1).max(1_000).default(100), skip: z.number().int().min(0).max(1_000_000).default(0) }),
    response: z.array(paymentRequest),
    errors: ['wallet-not-found'],
  }),
  deletepaymentrequest: method({
    group: 'wallet',
    summary: 'Forgets a payment request; its address stays the wallet’s.',
    request: z.strictObject({ address }),
    response: z.null(),
    errors: ['wallet-not-found', 'invalid-address', 'not-found'],
  }),
  signmessage: method({
    group: 'wallet',
    summary: 'Signs a message with an address’s key, to show that the address is one’s own.',
    request: z.strictObject({ address, message: z.string().max(10_000), passphrase: passphrase.default('') }),
    response: z.string().describe('public key and signature, in base64'),
    errors: ['invalid-address', 'not-found', ...passphraseErrors],
  }),
  verifymessage: method({
    group: 'wallet',
    summary: 'Says whether a message was signed with an address’s key, on this network.',
    request: z.strictObject({ address, signature: z.string().max(200), message: z.string().max(10_000) }),
    response: z.boolean(),
    errors: ['invalid-address'],
  }),
  validateaddress: method({
    group: 'wallet',
    summary: 'Says whether an address is valid on this network, and why not.',
    request: z.strictObject({ address }),
    response: z.object({
      isvalid: z.boolean(),
      address: z.string().optional(),
      ismine: z.boolean().optional(),
      error: z.enum(['prefix', 'network', 'alphabet', 'length', 'checksum']).optional(),
    }),
    errors: [],
  }),
};
