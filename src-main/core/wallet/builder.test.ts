import { describe, expect, test } from 'vitest';
import { lockOf } from '../../../src-shared/domain/address.ts';
import { amount } from '../../../src-shared/domain/amount.ts';
import type { Hash, Lock, PublicKey, Txid } from '../../../src-shared/domain/ids.ts';
import { decodeTransaction, encodeTransaction, hashTransaction } from '../codec/transaction.ts';
import { hashBytes } from '../crypto/hash.ts';
import { fromHex, toHex } from '../crypto/hex.ts';
import { publicKeyOf, sign, verifySignature } from '../crypto/signature.ts';
import { buildTransfer, type SigningKey, signTransaction } from './builder.ts';
import type { SpendPlan } from './coin-selection.ts';

const genesisHash = 'ab'.repeat(32) as Hash;

interface Person extends SigningKey {
  readonly lock: Lock;
}
function person(n: number): Person {
  const seed = new Uint8Array(32).fill(n);
  const publicKey = toHex(publicKeyOf(seed)) as PublicKey;
  return { publicKey, lock: lockOf(publicKey), sign: (message) => sign(seed, message) };
}
const [alice, bob, carol] = [person(1), person(2), person(3)];
const keysOf =
  (...people: readonly Person[]) =>
  (lock: Lock): SigningKey | undefined =>
    people.find((one) => one.lock === lock);

/** Alice pays twice and Bob once. */
const payers = [alice, bob, alice];
const inputLocks = payers.map(({ lock }) => lock);
const plan: SpendPlan = {
  coins: payers.map(({ lock }, n) => ({ outpoint: { txid: `0${n}`.repeat(32) as Txid, vout: n }, amount: 1_000n, lock })),
  outputs: [{ amount: 2_000n, lock: carol.lock }],
  fee: amount(1_000n),
  change: amount(0n),
  paidToOthers: amount(2_000n),
};
const unsigned = buildTransfer(plan, 1_700_000_000_000);

describe('buildTransfer', () => {
  test('spends the plan to its outputs, and survives its encoding', () => {
    expect(unsigned).toMatchObject({ version: 1, kind: 'transfer', inputs: plan.coins.map((coin) => coin.outpoint), outputs: plan.outputs, witnesses: [] });
    expect(decodeTransaction(encodeTransaction(unsigned)).transaction).toEqual(unsigned);
  });
});

describe('signTransaction', () => {
  test('gives one valid witness for each key, in the order of first need', () => {
    const { transaction, missing } = signTransaction(unsigned, inputLocks, genesisHash, keysOf(bob, alice));
    expect(missing).toEqual([]);
    expect(transaction.witnesses.map(({ publicKey }) => publicKey)).toEqual([alice.publicKey, bob.publicKey]);
    const message = hashBytes('sign', fromHex(genesisHash), fromHex(hashTransaction(unsigned).txid));
    for (const { publicKey, signature } of transaction.witnesses) expect(verifySignature({ publicKey: fromHex(publicKey), message, signature })).toBe(true);
    expect(hashTransaction(transaction).txid).toBe(hashTransaction(unsigned).txid);
  });

  test('of another network differs', () => {
    const onNetwork = (hash: Hash) => signTransaction(unsigned, inputLocks, hash, keysOf(alice)).transaction.witnesses[0]?.signature;
    expect(onNetwork('cd'.repeat(32) as Hash)).not.toEqual(onNetwork(genesisHash));
  });

  test('goes from one payer to the next, and ends as if one had signed for both', () => {
    const first = signTransaction(unsigned, inputLocks, genesisHash, keysOf(bob));
    expect(first.missing).toEqual([alice.lock]);
    const second = signTransaction(first.transaction, inputLocks, genesisHash, keysOf(alice));
    expect(second).toEqual(signTransaction(unsigned, inputLocks, genesisHash, keysOf(alice, bob)));
  });

  test('drops a witness that no input needs', () => {
    const useless = { ...unsigned, witnesses: [{ publicKey: carol.publicKey, signature: new Uint8Array(64) }] };
    expect(signTransaction(useless, inputLocks, genesisHash, keysOf())).toEqual({ transaction: unsigned, missing: [alice.lock, bob.lock] });
  });

  test('needs to know what every input is locked to', () => {
    expect(() => signTransaction(unsigned, inputLocks.slice(1), genesisHash, keysOf(alice))).toThrow(RangeError);
  });
});
