import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { backupKind, decodeRecord as decode, encodeRecord as encode, maxBackupContentBytes, type SealedRecord, vaultKind } from './sealed-record.ts';

const encodeRecord = (record: SealedRecord): Buffer => encode(vaultKind, record);
const decodeRecord = (bytes: Buffer) => decode(vaultKind, bytes);
const bytesOf = (length: number): fc.Arbitrary<Buffer> => fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => Buffer.from(bytes));
const records: fc.Arbitrary<SealedRecord> = fc.record({
  cost: fc.record({ passes: fc.integer({ min: 1, max: 16 }), memoryKib: fc.integer({ min: 8, max: 1024 * 1024 }) }),
  salt: bytesOf(16),
  nonce: bytesOf(24),
  ciphertext: fc.oneof(bytesOf(32), bytesOf(48)),
});
const sample: SealedRecord = { cost: { passes: 2, memoryKib: 65_536 }, salt: Buffer.alloc(16, 1), nonce: Buffer.alloc(24, 2), ciphertext: Buffer.alloc(32, 3) };

/** As an attacker would: the checksum is right for what it covers. */
function forged(change: (body: Buffer) => void): Buffer {
  const bytes = encodeRecord(sample);
  const body = bytes.subarray(0, -8);
  change(body);
  createHash('sha256').update(body).digest().copy(bytes, body.length, 0, 8);
  return bytes;
}

describe('a sealed record', () => {
  test('is these bytes', () => {
    const header = `54494d45564c540001000200000000000100${'01'.repeat(16)}${'02'.repeat(24)}`;
    const body = Buffer.from(`${header}${'03'.repeat(32)}`, 'hex');
    expect(encodeRecord(sample).toString('hex')).toBe(`${body.toString('hex')}${createHash('sha256').update(body).digest('hex').slice(0, 16)}`);
  });

  test('comes back as it was', () => {
    fc.assert(
      fc.property(records, (record) => {
        expect(decodeRecord(encodeRecord(record))).toEqual({ ok: true, record });
      }),
    );
  });

  test('with any bit changed, any byte less or more, is damaged or of another version', () => {
    const bytes = encodeRecord(sample);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      const expected = bit >> 3 === 8 || bit >> 3 === 9 ? 'unsupported-version' : 'damaged';
      expect(decodeRecord(flipped)).toMatchObject({ ok: false, problem: { code: expected } });
    }
    for (let length = 0; length < bytes.length; length++) expect(decodeRecord(bytes.subarray(0, length)).ok).toBe(false);
    expect(decodeRecord(Buffer.concat([bytes, Buffer.alloc(1)]))).toMatchObject({ ok: false, problem: { code: 'damaged' } });
  });

  test.each<[string, (body: Buffer) => void]>([
    ['no passes', (body) => body.writeUInt32LE(0, 10)],
    ['minutes of work', (body) => body.writeUInt32LE(17, 10)],
    ['more memory than a vault may ask for', (body) => body.writeUInt32LE(1024 * 1024 + 1, 14)],
    ['less memory than Argon2 can do with', (body) => body.writeUInt32LE(7, 14)],
  ])('that asks for %s is refused', (_, change) => {
    expect(decodeRecord(forged(change))).toMatchObject({ ok: false, problem: { code: 'damaged' } });
  });

  test('of a later version is known by it whatever its length', () => {
    const later = Buffer.concat([Buffer.from('TIMEVLT\0', 'latin1'), Buffer.from([2, 0]), Buffer.alloc(300)]);
    expect(decodeRecord(later)).toEqual({ ok: false, problem: { code: 'unsupported-version', version: 2 } });
  });

  test('of one kind is not another', () => {
    expect(decode(backupKind, encodeRecord(sample))).toMatchObject({ ok: false, problem: { code: 'damaged', detail: 'not a wallet backup' } });
    expect(decode(vaultKind, encode(backupKind, sample))).toMatchObject({ ok: false, problem: { code: 'damaged', detail: 'not a wallet vault' } });
  });

  test('of a backup has room for its content and no more', () => {
    const ofContent = (bytes: number) => decode(backupKind, encode(backupKind, { ...sample, ciphertext: Buffer.alloc(bytes + 16, 3) })).ok;
    expect([0, 1, maxBackupContentBytes, maxBackupContentBytes + 1].map(ofContent)).toEqual([false, true, true, false]);
  });
});
