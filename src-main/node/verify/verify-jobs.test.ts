import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bitmapOf, getBit, packItems, packLists, setBit, unpackItems, unpackLists } from './verify-jobs.ts';

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

test('items come out of a packed batch as they went in', () => {
  const item = fc.record({ publicKey: bytes(32), signature: bytes(64), message: fc.uint8Array({ maxLength: 300 }) });
  fc.assert(
    fc.property(fc.array(item, { maxLength: 20 }), (items) => {
      const plain = unpackItems(packItems(items)).map((i) => ({
        publicKey: new Uint8Array(i.publicKey),
        signature: new Uint8Array(i.signature),
        message: new Uint8Array(i.message),
      }));
      expect(plain).toEqual(items);
    }),
  );
});

test('lists come out as they went in', () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 5 }), { maxLength: 4 }), (lists) => {
      expect(unpackLists(packLists(lists))).toEqual(lists);
    }),
  );
});

test('a bitmap keeps each bit', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 100 }), (valid) => {
      const bitmap = bitmapOf(valid.length);
      for (const [i, yes] of valid.entries()) if (yes) setBit(bitmap, i);
      expect(valid.map((_, i) => getBit(bitmap, i))).toEqual(valid);
    }),
  );
});
