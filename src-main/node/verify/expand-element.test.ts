import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expandElement } from '../../core/crypto/muhash.ts';
import { expandBySodium } from './expand-element.ts';

test('the same bytes as core', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (data) => {
      expect(Buffer.from(expandBySodium(data)).toString('hex')).toBe(Buffer.from(expandElement(data)).toString('hex'));
    }),
  );
});
