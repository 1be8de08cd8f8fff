import { describe, expect, it } from 'vitest';
import { type HashedTransaction, hashTransaction, type Transaction } from '../codec/transaction.ts';
import { dustUnits, maxInputs, maxOutputs, maxTransactionBytes } from '../constants.ts';
import { hashBytes } from '../crypto/hash.ts';
import { fromHex } from '../crypto/hex.ts';
import { checkTransaction, signatureItems } from './check-transaction.ts';
import { hashNumber, keyNumber, lockNumber, transfer, txidNumber } from './ledger-fixtures.ts';

const inputs = (count: number): { txid: ReturnType<typeof txidNumber>; vout: number }[] =>
  Array.from({ length: count }, (_, vout) => ({ txid: txidNumber(1), vout }));
const outputs = (count: number, amount = dustUnits) => Array.from({ length: count }, () => ({ amount, lock: lockNumber(1) }));
const good = transfer({ inputs: inputs(2), outputs: outputs(2), signers: [1, 2] });
const changed = (change: Partial<Transaction>): HashedTransaction => hashTransaction({ ...good.transaction, ...change });
const witness = (number: number) => ({ publicKey: keyNumber(number), signature: new Uint8Array(64) });

describe('checkTransaction', () => {
  it.each([
    ['a plain transfer', good],
    ['as many inputs and outputs as there may be', changed({ inputs: inputs(maxInputs), outputs: outputs(maxOutputs) })],
    ['outputs of all the money there can be', changed({ outputs: outputs(1, 2n ** 64n - 1n) })],
    ['one output of one transaction and of another', changed({ inputs: [...inputs(1), { txid: txidNumber(2), vout: 0 }] })],
    ['one key for all inputs', changed({ witnesses: [witness(1)] })],
  ])('passes %s', (_, hashed) => {
    expect(checkTransaction(hashed)).toBeUndefined();
  });

  it.each([
    ['version 0', changed({ version: 0 }), 'bad-version'],
    ['version 2', changed({ version: 2 }), 'bad-version'],
    ['a coinbase', changed({ kind: 'coinbase' }), 'kind-not-allowed'],
    ['a revive that moves coins', changed({ kind: 'masternode-revive', inputs: [] }), 'bad-payload'],
    ['a registration that spends nothing', changed({ kind: 'masternode-register', inputs: [] }), 'no-inputs'],
    ['no inputs', changed({ inputs: [] }), 'no-inputs'],
    ['no outputs', changed({ outputs: [] }), 'no-outputs'],
    ['one output too many', changed({ outputs: outputs(maxOutputs + 1) }), 'too-large'],
    ['more bytes than allowed', { ...good, encoded: new Uint8Array(maxTransactionBytes + 1) }, 'too-large'],
    ['more inputs than allowed', { ...good, transaction: { ...good.transaction, inputs: inputs(maxInputs + 1) } }, 'too-large'],
    ['a payload', changed({ payload: new Uint8Array(1) }), 'bad-payload'],
    ['an outpoint twice', changed({ inputs: [...inputs(2), ...inputs(1)] }), 'duplicate-input'],
    ['an output just below dust', changed({ outputs: [...outputs(1), ...outputs(1, dustUnits - 1n)] }), 'dust-output'],
    ['an output of nothing', changed({ outputs: outputs(1, 0n) }), 'dust-output'],
    ['outputs that overflow together', changed({ outputs: [...outputs(1, 2n ** 64n - 1n), ...outputs(1)] }), 'amount-overflow'],
    ['outputs that would wrap around', changed({ outputs: outputs(4, 2n ** 63n) }), 'amount-overflow'],
    ['no witness', changed({ witnesses: [] }), 'witness-missing'],
    ['more witnesses than inputs', changed({ witnesses: [witness(1), witness(2), witness(3)] }), 'witness-unused'],
    ['a key that signs twice', changed({ witnesses: [witness(1), witness(1)] }), 'witness-unused'],
  ])('refuses %s', (_, hashed, code) => {
    expect(checkTransaction(hashed)?.code).toBe(code);
  });
});

describe('signatureItems', () => {
  it('are one for each witness, over the txid and the network', () => {
    const message = hashBytes('sign', fromHex(hashNumber(7)), fromHex(good.txid));
    expect(signatureItems(good, hashNumber(7))).toEqual([1, 2].map((n) => ({ publicKey: fromHex(keyNumber(n)), message, signature: new Uint8Array(64) })));
    expect(signatureItems(good, hashNumber(8))[0]?.message).not.toEqual(message);
  });
});
