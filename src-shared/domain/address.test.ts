import { createHash } from 'node:crypto';
import { base58 } from '@scure/base';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeAddress, lockOf, parseAddress } from './address.ts';
import type { Lock, PublicKey } from './ids.ts';
import { type NetworkName, networks } from './networks.ts';
import { testRuns } from './test-runs.fixture.ts';

const names = Object.keys(networks) as NetworkName[];
const network = fc.constantFrom(...names);
const hexOf = (byteCount: number) => fc.uint8Array({ minLength: byteCount, maxLength: byteCount }).map((bytes) => Buffer.from(bytes).toString('hex'));
const lock = fc.oneof(hexOf(20), fc.constantFrom('00'.repeat(20), 'ff'.repeat(20), `${'00'.repeat(19)}01`)) as fc.Arbitrary<Lock>;
const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();
const error = (text: string, name: NetworkName): string => {
  const parsed = parseAddress(text, name);
  return parsed.ok ? 'accepted' : parsed.error;
};

describe('an address', () => {
  it('is built as protocol section 3 says', () => {
    fc.assert(
      fc.property(hexOf(32), network, (publicKey, name) => {
        const p = sha256(Buffer.from(publicKey, 'hex')).subarray(0, 20);
        const c = sha256(sha256(p)).subarray(0, 4);
        expect(lockOf(publicKey as PublicKey)).toBe(p.toString('hex'));
        expect(encodeAddress(lockOf(publicKey as PublicKey), name)).toBe(`TIME${networks[name].addressDigit}${base58.encode(Buffer.concat([p, c]))}`);
      }),
    );
  });

  it('keeps its form: a changed vector here is money sent to nobody', () => {
    expect(encodeAddress(lockOf('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a' as PublicKey), 'mainnet')).toBe(
      'TIME146jp6a3cnphZZ4orZEBvg3GhVkwobjy2g',
    );
    expect(encodeAddress('00'.repeat(20) as Lock, 'testnet')).toBe('TIME0111111111111111111117K4nzc');
  });

  it('round-trips on its own network and on no other', () => {
    fc.assert(
      fc.property(lock, network, network, (wanted, name, other) => {
        expect(parseAddress(encodeAddress(wanted, name), other)).toEqual(name === other ? { ok: true, lock: wanted } : { ok: false, error: 'network' });
      }),
    );
  });

  it('is refused with any one character changed, taken out, put in or swapped with the next', () => {
    const character = fc.constantFrom(...'123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0OIl \u00e9');
    fc.assert(
      fc.property(lock, network, fc.nat(), character, (wanted, name, position, put) => {
        const address = encodeAddress(wanted, name);
        const at = position % address.length;
        const [before, here, next, after] = [address.slice(0, at), address.charAt(at), address.charAt(at + 1), address.slice(at + 2)];
        const changed = [before + put + next + after, before + next + after, before + put + here + next + after, before + next + here + after];
        for (const text of changed) if (text !== address) expect(error(text, name)).not.toBe('accepted');
      }),
      { numRuns: testRuns(300) },
    );
  });

  it('is never accepted from text that is not one, and nothing is thrown', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `TIME1${text}`),
          fc.base64String({ maxLength: 40 }).map((text) => `TIME1${text}`),
        ),
        (text) => {
          expect(error(text, 'mainnet')).not.toBe('accepted');
        },
      ),
    );
  });

  const good = encodeAddress('11'.repeat(20) as Lock, 'mainnet');
  const payload = good.slice(5);
  it.each([
    ['', 'prefix'],
    ['TIM', 'prefix'],
    [`time1${payload}`, 'prefix'],
    [` ${good}`, 'prefix'],
    [payload, 'prefix'],
    ['TIME', 'network'],
    [`TIME0${payload}`, 'network'],
    [`TIME2${payload}`, 'network'],
    [`TIME9${payload}`, 'network'],
    [`TIME${payload}`, 'network'],
    [`TIME1${payload.slice(1)}0`, 'alphabet'],
    [`${good} `, 'alphabet'],
    [`${good}\n`, 'alphabet'],
    [`TIME1${payload.slice(1)}\u00e9`, 'alphabet'],
    ['TIME1', 'length'],
    [`TIME1${payload.slice(3)}`, 'length'],
    [`TIME1${payload.slice(1)}`, 'checksum'],
    [`TIME11${payload}`, 'length'],
    [`TIME1${'z'.repeat(33)}`, 'length'],
    [`TIME1${base58.encode(new Uint8Array(24))}`, 'checksum'],
    [`TIME1${base58.encode(new Uint8Array(24).fill(255))}`, 'checksum'],
  ])('%j is refused for %s', (text, expected) => {
    expect(error(text, 'mainnet')).toBe(expected);
  });

  it('is refused by its length before a long text is decoded', () => {
    expect(error(`TIME1${'z'.repeat(1_000_000)}`, 'mainnet')).toBe('length');
  });
});
