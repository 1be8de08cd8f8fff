import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type BlockHash, outpointKey, type Txid } from '../../../src-shared/domain/ids.ts';
import { decodeGuardRecord, encodeGuardRecord, type StoredGuardRecord } from './guard-record.ts';

const txid = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex') as Txid);
const u32 = fc.nat({ max: 2 ** 32 - 1 });
const inputs = fc.array(
  fc.record({ txid, vout: u32 }).map((outpoint) => outpointKey(outpoint)),
  { maxLength: 20 },
);

test('votes on transactions are decoded to what was encoded', () => {
  fc.assert(
    fc.property(fc.constantFrom('accept' as const, 'commit' as const), u32, txid, inputs, (kind, epoch, id, keys) => {
      const record: StoredGuardRecord = { kind, epoch, txid: id, inputs: keys };
      expect(decodeGuardRecord(encodeGuardRecord(record))).toEqual(record);
    }),
  );
});

const commit: StoredGuardRecord = {
  kind: 'commit',
  epoch: 258,
  txid: 'ab'.repeat(32) as Txid,
  inputs: [outpointKey({ txid: 'ab'.repeat(32) as Txid, vout: 3 })],
};

test('bytes on disks stay what they are', () => {
  const { txid: id } = commit;
  expect(Buffer.from(encodeGuardRecord(commit)).toString('hex')).toBe(`8502010000${id}0100${id}03000000ef879860`);
});

test('a bit that turned is never another record', () => {
  const vote: StoredGuardRecord = { kind: 'block-vote', height: 7, round: 1, phase: 'prevote', blockHash: 'cd'.repeat(32) as BlockHash };
  for (const record of [commit, vote]) {
    const bytes = encodeGuardRecord(record);
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      const turned = Uint8Array.from(bytes, (byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
      expect(() => decodeGuardRecord(turned)).toThrow(RangeError);
    }
    for (let length = 0; length < bytes.length; length++) expect(() => decodeGuardRecord(bytes.subarray(0, length))).toThrow(RangeError);
  }
});
