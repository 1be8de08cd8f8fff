import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lockOf } from '../../../src-shared/domain/address.ts';
import type { Hash, PublicKey } from '../../../src-shared/domain/ids.ts';
import { hashBytes } from '../crypto/hash.ts';
import { fromHex, toHex } from '../crypto/hex.ts';
import { publicKeyOf, sign } from '../crypto/signature.ts';
import { signMessage, verifyMessage } from './message.ts';

const seed = new Uint8Array(32).fill(3);
const publicKey = toHex(publicKeyOf(seed)) as PublicKey;
const lock = lockOf(publicKey);
const genesisHash = 'ab'.repeat(32) as Hash;
const key = { publicKey, sign: (message: Uint8Array) => sign(seed, message) };
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const proof = signMessage(utf8('mine'), genesisHash, key);

test('is valid for its message, its address and its network alone', () => {
  expect(verifyMessage(proof, utf8('mine'), genesisHash, lock)).toBe(true);
  expect(verifyMessage(proof, utf8('mine '), genesisHash, lock)).toBe(false);
  expect(verifyMessage(proof, utf8('mine'), 'ac'.repeat(32) as Hash, lock)).toBe(false);
  expect(verifyMessage(proof, utf8('mine'), genesisHash, lockOf('11'.repeat(32) as PublicKey))).toBe(false);
});

test('with any bit changed, any byte less or more, is not valid', () => {
  const bits = fc.integer({ min: 0, max: proof.length * 8 - 1 });
  fc.assert(
    fc.property(bits, (bit) => {
      const changed = proof.slice();
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(verifyMessage(changed, utf8('mine'), genesisHash, lock)).toBe(false);
    }),
    { numRuns: 30 },
  );
  for (const length of [0, 31, 32, 95]) expect(verifyMessage(proof.slice(0, length), utf8('mine'), genesisHash, lock)).toBe(false);
  expect(verifyMessage(new Uint8Array([...proof, 0]), utf8('mine'), genesisHash, lock)).toBe(false);
});

test('whatever the message, what is signed is no transaction’s', () => {
  const txid = 'cd'.repeat(32);
  const spending = hashBytes('sign', fromHex(genesisHash), fromHex(txid));
  const asMessage = signMessage(fromHex(txid), genesisHash, key).subarray(32);
  expect(toHex(asMessage)).not.toBe(toHex(sign(seed, spending)));
});
