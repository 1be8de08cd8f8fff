import fc from 'fast-check';
import { expect, test } from 'vitest';
import { outpointKey, type Txid } from '../../../src-shared/domain/ids.ts';
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

test('bytes on disks stay what they are', () => {
  const id = 'ab'.repeat(32) as Txid;
  const record: StoredGuardRecord = { kind: 'commit', epoch: 258, txid: id, inputs: [outpointKey({ txid: id, vout: 3 })] };
  expect(Buffer.from(encodeGuardRecord(record)).toString('hex')).toBe(`0502010000${id}0100${id}03000000`);
});
