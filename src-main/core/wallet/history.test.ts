import { expect, test } from 'vitest';
import { lockOf } from '../../../src-shared/domain/address.ts';
import type { PublicKey, Txid } from '../../../src-shared/domain/ids.ts';
import { hashTransaction, type Transaction, type TransactionOutput } from '../codec/transaction.ts';
import { type HistoryEntry, historyEntry, type WalletTransaction } from './history.ts';

const key = (digit: string): PublicKey => digit.repeat(64) as PublicKey;
const [mine, mineToo, shop, friend] = [key('a'), key('b'), key('c'), key('d')];
const own = new Set([lockOf(mine), lockOf(mineToo)]);
const output = (publicKey: PublicKey, amount: bigint): TransactionOutput => ({ amount, lock: lockOf(publicKey) });

function entryOf(parts: {
  spent: (TransactionOutput | undefined)[];
  outputs: TransactionOutput[];
  payers: PublicKey[];
  kind?: Transaction['kind'];
}): HistoryEntry {
  const transaction: Transaction = {
    version: 1,
    kind: parts.kind ?? 'transfer',
    inputs: parts.spent.map((_, vout) => ({ txid: '00'.repeat(32) as Txid, vout })),
    outputs: parts.outputs,
    timestamp: 1_700_000_000_000,
    payload: new Uint8Array(0),
    witnesses: parts.payers.map((publicKey) => ({ publicKey, signature: new Uint8Array(64) })),
  };
  const one: WalletTransaction = { hashed: hashTransaction(transaction), spent: parts.spent };
  return historyEntry(one, own);
}

test('what was sent costs the payment and the fee; the change is not a counterparty', () => {
  const entry = entryOf({ spent: [output(mine, 900n), output(mineToo, 600n)], outputs: [output(shop, 1_000n), output(mine, 400n)], payers: [mine, mineToo] });
  expect(entry).toMatchObject({ kind: 'sent', net: -1_100n, fee: 100n, counterparties: [lockOf(shop)] });
  expect(entry.timestampMs).toBe(1_700_000_000_000);
});

test('what was received names its payers once; its fee is unknown, as their coins are', () => {
  const entry = entryOf({ spent: [undefined, undefined], outputs: [output(mine, 250n), output(shop, 5n), output(mineToo, 50n)], payers: [friend] });
  expect(entry).toMatchObject({ kind: 'received', net: 300n, fee: undefined, counterparties: [lockOf(friend)] });
});

test('between own keys only the fee is lost', () => {
  const entry = entryOf({ spent: [output(mine, 900n)], outputs: [output(mineToo, 880n)], payers: [mine] });
  expect(entry).toMatchObject({ kind: 'self', net: -20n, fee: 20n, counterparties: [] });
});

test('what registers or changes a masternode is not a payment to oneself, and what comes from another’s is received', () => {
  const entry = entryOf({ kind: 'masternode-register', spent: [output(mine, 900n)], outputs: [output(mineToo, 880n)], payers: [mine] });
  expect(entry).toMatchObject({ kind: 'masternode', net: -20n, fee: 20n, counterparties: [] });
  expect(entryOf({ kind: 'masternode-exit', spent: [undefined], outputs: [output(mine, 5n)], payers: [friend] })).toMatchObject({ kind: 'received', net: 5n });
});

test('a coinbase is a reward without a fee', () => {
  const entry = entryOf({ kind: 'coinbase', spent: [], outputs: [output(shop, 70n), output(mine, 30n)], payers: [] });
  expect(entry).toMatchObject({ kind: 'reward', net: 30n, fee: undefined, counterparties: [] });
});

test('paid together with somebody else, it says what this wallet lost', () => {
  const entry = entryOf({ spent: [output(mine, 500n), undefined], outputs: [output(shop, 900n), output(shop, 10n)], payers: [mine, friend] });
  expect(entry).toMatchObject({ kind: 'sent', net: -500n, fee: undefined, counterparties: [lockOf(shop)] });
});
