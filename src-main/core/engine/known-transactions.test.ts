import { expect, test } from 'vitest';
import { transfer, txidNumber } from '../ledger/ledger-fixtures.ts';
import { KnownTransactions, sameBytes } from './known-transactions.ts';

const signed = (number: number, end: number) => {
  const { transaction } = transfer({ inputs: [{ txid: txidNumber(number), vout: 0 }], outputs: [], signers: [1] });
  const signature = new Uint8Array(64).fill(end);
  return transfer({ ...transaction, signers: [], change: { witnesses: transaction.witnesses.map((witness) => ({ ...witness, signature })) } });
};

test('a second copy of the same bytes is the same object, and does not keep the message alive that it came in', () => {
  const known = new KnownTransactions();
  const { encoded, txid } = signed(1, 1);
  const message = new Uint8Array(encoded.length + 1_000);
  message.set(encoded, 500);
  const first = known.take(message.subarray(500, 500 + encoded.length));
  expect(first.txid).toBe(txid);
  expect(first.encoded.buffer.byteLength).toBe(encoded.length);
  expect(known.take(encoded.slice())).toBe(first);
  expect(known.decode(encoded.slice())).toBe(first);
});

test('another one with the same end is told apart', () => {
  const known = new KnownTransactions();
  const one = known.take(signed(1, 7).encoded);
  const other = signed(2, 7);
  expect(known.find(other.encoded)).toBeUndefined();
  expect(known.take(other.encoded).txid).toBe(other.txid);
  expect(known.find(one.encoded)).toBe(one);
});

test('what is only decoded is not kept, and garbage throws', () => {
  const known = new KnownTransactions();
  const { encoded } = signed(1, 1);
  known.decode(encoded);
  expect(known.find(encoded)).toBeUndefined();
  expect(() => known.take(encoded.subarray(1))).toThrow();
  expect(() => known.take(new Uint8Array())).toThrow();
});

test.each([
  ['count', { maxCount: 2, maxBytes: 1_000_000 }],
  ['bytes', { maxCount: 1_000, maxBytes: 2 * signed(1, 1).encoded.length }],
])('the oldest goes when there are too many by %s', (_, limits) => {
  const known = new KnownTransactions(limits);
  const [first, second, third] = [1, 2, 3].map((number) => known.take(signed(number, number).encoded));
  expect(first && known.find(first.encoded)).toBeUndefined();
  expect(second && known.find(second.encoded)).toBe(second);
  expect(third && known.find(third.encoded)).toBe(third);
});

test('bytes are the same or not', () => {
  expect(sameBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true);
  expect(sameBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
  expect(sameBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2, 3))).toBe(false);
});
