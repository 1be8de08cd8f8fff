import { readFileSync } from 'node:fs';
import { Point, verify as verifyByZip215 } from '@noble/ed25519';
import { sha512 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import sodium from 'sodium-native';
import { describe, expect, it } from 'vitest';
import { testRuns } from '../../../src-shared/domain/test-runs.fixture.ts';
import { fromHex, toHex } from './hex.ts';
import { publicKeyOf, sign, verifySignature } from './signature.ts';

const numRuns = testRuns(30);

const order = Point.CURVE().n;
/** Generates the eight points of small order. */
const torsion = Point.fromHex('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05');

const numberOf = (littleEndian: Uint8Array): bigint => BigInt(`0x${toHex(littleEndian.slice().reverse())}`);
const scalarBytes = (scalar: bigint): Uint8Array => fromHex(scalar.toString(16).padStart(64, '0')).reverse();
const concat = (...parts: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

interface Signed {
  publicKey: Uint8Array;
  message: Uint8Array;
  signature: Uint8Array;
}

const bySodium = ({ publicKey, message, signature }: Signed): boolean =>
  sodium.crypto_sign_verify_detached(Buffer.from(signature), Buffer.from(message), Buffer.from(publicKey));

/** Both must give this verdict; so a change of rule in either is seen. */
function expectVerdict(signed: Signed, verdict: boolean): void {
  expect({ reference: verifySignature(signed), sodium: bySodium(signed) }).toEqual({ reference: verdict, sodium: verdict });
}

interface Recipe {
  /** Public key = [secret]B + [keyTorsion]T; zero makes it a point of small order. */
  secret: bigint;
  keyTorsion: number;
  /** R = [nonce]B + [nonceTorsion]T; zero makes it a point of small order. */
  nonce: bigint;
  nonceTorsion: number;
  /** Encodings to use in place of the canonical ones. */
  keyBytes?: Uint8Array;
  nonceBytes?: Uint8Array;
}
interface Crafted extends Signed {
  /** SB - kA = R, with k reduced modulo the order. Times the cofactor, that holds for everything crafted here. */
  equationHolds: boolean;
  /** The same with k not reduced first. */
  holdsUnreduced: boolean;
}

function craft(recipe: Recipe, message: Uint8Array): Crafted {
  const point = (scalar: bigint, small: number): Uint8Array =>
    Point.BASE.multiply(scalar, false)
      .add(torsion.multiply(BigInt(small), false))
      .toBytes();
  const publicKey = recipe.keyBytes ?? point(recipe.secret, recipe.keyTorsion);
  const r = recipe.nonceBytes ?? point(recipe.nonce, recipe.nonceTorsion);
  const digest = numberOf(sha512(concat(r, publicKey, message)));
  const k = digest % order;
  const cancels = (factor: bigint): boolean => (Number(factor % 8n) * recipe.keyTorsion + recipe.nonceTorsion) % 8 === 0;
  const s = (recipe.nonce + k * recipe.secret) % order;
  return { publicKey, message, signature: concat(r, scalarBytes(s)), equationHolds: cancels(k), holdsUnreduced: cancels(digest) };
}

/** The first message for which the crafted signature is as wanted. */
function craftUntil(recipe: Recipe, wanted: (crafted: Crafted) => boolean): Crafted {
  for (let i = 0; i < 500; i++) {
    const crafted = craft(recipe, Uint8Array.of(i, i >> 8));
    if (wanted(crafted)) return crafted;
  }
  throw new Error('no message gives such a signature');
}

const pure: Recipe = { secret: 1_234_567_890_123n, keyTorsion: 0, nonce: 9_876_543_210_987n, nonceTorsion: 0 };
const holds = (crafted: Crafted): boolean => crafted.equationHolds;
const holdsOnlyTimesCofactor = (crafted: Crafted): boolean => !crafted.equationHolds;

/** Every encoding of y = 0 and y = ±1 that is not canonical, with the multiple of the torsion generator it would decode to. */
const highBit = (hex: string): string => `${hex.slice(0, 62)}${(Number.parseInt(hex.slice(62), 16) | 0x80).toString(16)}`;
const p = `ed${'ff'.repeat(30)}7f`;
const pPlusOne = `ee${'ff'.repeat(30)}7f`;
const one = `01${'00'.repeat(31)}`;
const minusOne = `ec${'ff'.repeat(30)}7f`;
const decodesTo = (hex: string): number => {
  const point = Point.fromHex(hex, true);
  return [0, 1, 2, 3, 4, 5, 6, 7].find((multiple) => torsion.multiply(BigInt(multiple), false).equals(point)) as number;
};
const notCanonical = [p, highBit(p), pPlusOne, highBit(pPlusOne), highBit(one), highBit(minusOne)].map((hex) => ({ hex, multiple: decodesTo(hex) }));

describe('published vectors', () => {
  const load = (name: string): unknown => JSON.parse(readFileSync(new URL(`./vectors/${name}`, import.meta.url), 'utf8'));

  it('signs and accepts as RFC 8032 does', () => {
    const vectors = load('ed25519-rfc8032.json') as { priv: string; pub: string; msg: string; sig: string }[];
    expect(vectors).toHaveLength(4);
    for (const { priv, pub, msg, sig } of vectors) {
      expect(toHex(publicKeyOf(fromHex(priv)))).toBe(pub);
      expect(toHex(sign(fromHex(priv), fromHex(msg)))).toBe(sig);
      expectVerdict({ publicKey: fromHex(pub), message: fromHex(msg), signature: fromHex(sig) }, true);
    }
  });

  it('refuses every edge case that ZIP 215 accepts', () => {
    const vectors = load('ed25519-zip215.json') as { vk_bytes: string; sig_bytes: string }[];
    expect(vectors).toHaveLength(196);
    for (const { vk_bytes, sig_bytes } of vectors) {
      const signed = { publicKey: fromHex(vk_bytes), message: Buffer.from('Zcash'), signature: fromHex(sig_bytes) };
      expect(verifyByZip215(signed.signature, signed.message, signed.publicKey)).toBe(true);
      expectVerdict(signed, false);
    }
  });
});

describe('the rule, case by case', () => {
  it('accepts a key with a part of small order where the equation holds without the cofactor', () => {
    for (const keyTorsion of [1, 2, 3, 4, 5, 6, 7]) {
      expectVerdict(craftUntil({ ...pure, keyTorsion }, holds), true);
      expectVerdict(craftUntil({ ...pure, keyTorsion, nonceTorsion: keyTorsion }, holds), true);
    }
  });

  it('refuses what holds only times the cofactor', () => {
    for (const part of [1, 2, 3, 4, 5, 6, 7]) {
      expectVerdict(craftUntil({ ...pure, keyTorsion: part }, holdsOnlyTimesCofactor), false);
      expectVerdict(craftUntil({ ...pure, nonceTorsion: part }, holdsOnlyTimesCofactor), false);
    }
  });

  it('reduces k modulo the order before it multiplies the key', () => {
    const mixed = { ...pure, keyTorsion: 1 };
    expectVerdict(
      craftUntil(mixed, (crafted) => crafted.equationHolds && !crafted.holdsUnreduced),
      true,
    );
    expectVerdict(
      craftUntil(mixed, (crafted) => !crafted.equationHolds && crafted.holdsUnreduced),
      false,
    );
  });

  it('refuses a key of small order though the equation holds', () => {
    for (let keyTorsion = 0; keyTorsion < 8; keyTorsion++) expectVerdict(craftUntil({ ...pure, secret: 0n, keyTorsion }, holds), false);
  });

  it('refuses R of small order though the equation holds', () => {
    for (let part = 0; part < 8; part++) expectVerdict(craftUntil({ ...pure, nonce: 0n, nonceTorsion: part, keyTorsion: part }, holds), false);
  });

  it.each(notCanonical)('refuses $hex, which is not canonical, as key and as R', ({ hex, multiple }) => {
    expectVerdict(craftUntil({ ...pure, secret: 0n, keyTorsion: multiple, keyBytes: fromHex(hex) }, holds), false);
    expectVerdict(craftUntil({ ...pure, nonce: 0n, nonceTorsion: multiple, nonceBytes: fromHex(hex), keyTorsion: 1 }, holds), false);
  });

  it('refuses S with the order added, as often as fits in 32 bytes', () => {
    const signed = craft(pure, Uint8Array.of(1));
    const s = numberOf(signed.signature.subarray(32));
    expectVerdict(signed, true);
    for (let times = 1n; s + times * order < 1n << 256n; times++) {
      expectVerdict({ ...signed, signature: concat(signed.signature.subarray(0, 32), scalarBytes(s + times * order)) }, false);
    }
  });

  // Of these keys nobody knows a private one, so no signature can show which clause refuses them; those of small order above can.
  it('refuses a key that is no point, and one with y not below the field prime', () => {
    const signed = craft(pure, Uint8Array.of(1));
    for (let y = 2; y < 19; y++) {
      const tooHigh = fromHex(p);
      tooHigh[0] = 0xed + y;
      expectVerdict({ ...signed, publicKey: tooHigh }, false);
      expectVerdict({ ...signed, publicKey: scalarBytes(BigInt(y)) }, false);
    }
  });

  it('refuses other lengths, and does not throw', () => {
    const { publicKey, message, signature } = craft(pure, Uint8Array.of(1));
    expect(verifySignature({ publicKey: publicKey.subarray(1), message, signature })).toBe(false);
    expect(verifySignature({ publicKey: concat(publicKey, Uint8Array.of(0)), message, signature })).toBe(false);
    expect(verifySignature({ publicKey, message, signature: signature.subarray(0, 63) })).toBe(false);
    expect(verifySignature({ publicKey, message, signature: concat(signature, Uint8Array.of(0)) })).toBe(false);
    expect(verifySignature({ publicKey: new Uint8Array(0), message, signature: new Uint8Array(0) })).toBe(false);
  });
});

describe(`the reference and libsodium agree (${numRuns} runs each)`, () => {
  const seed = fc.uint8Array({ minLength: 32, maxLength: 32 });
  const message = fc.uint8Array({ maxLength: 300 });
  const check = (property: Parameters<typeof fc.assert>[0]): void => {
    fc.assert(property, { numRuns });
  };

  it('on honest signatures, and on each with a bit flipped in key, message or signature', () => {
    check(
      fc.property(seed, message, fc.constantFrom('publicKey' as const, 'message' as const, 'signature' as const), fc.nat(), (secret, text, part, position) => {
        const signed = { publicKey: publicKeyOf(secret), message: text, signature: sign(secret, text) };
        expectVerdict(signed, true);
        const flipped = signed[part].slice();
        if (flipped.length === 0) return;
        const bit = position % (flipped.length * 8);
        flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
        expectVerdict({ ...signed, [part]: flipped }, false);
      }),
    );
  });

  it('on crafted keys and nonces, of small, mixed and full order', () => {
    const scalar = fc.oneof({ weight: 1, arbitrary: fc.constant(0n) }, { weight: 6, arbitrary: fc.bigInt({ min: 1n, max: order - 1n }) });
    const part = fc.nat({ max: 7 });
    check(
      fc.property(fc.record({ secret: scalar, keyTorsion: part, nonce: scalar, nonceTorsion: part }), message, (recipe, text) => {
        const crafted = craft(recipe, text);
        expectVerdict(crafted, crafted.equationHolds && recipe.secret !== 0n && recipe.nonce !== 0n);
      }),
    );
  });

  it('on bytes that nobody made as a signature', () => {
    const bytes32 = fc.oneof(
      seed,
      fc.constantFrom(...notCanonical.map(({ hex }) => fromHex(hex)), new Uint8Array(32), torsion.toBytes(), scalarBytes(order), scalarBytes(order - 1n)),
      seed.map((secret) => publicKeyOf(secret)),
    );
    check(
      fc.property(bytes32, bytes32, bytes32, message, (publicKey, r, s, text) => {
        expectVerdict({ publicKey, message: text, signature: concat(r, s) }, false);
      }),
    );
  });
});
