import { expect, test } from 'vitest';
import { rejectionCodes } from '../../../src-shared/domain/rejection-code.ts';
import { violationsFor } from './penalties.ts';

test('what an honest relay may pass on in good faith carries no penalty', () => {
  const goodFaith = [
    'missing-input',
    'parent-not-final',
    'immature-coinbase',
    'collateral-locked',
    'inputs-below-outputs',
    'fee-too-low',
    'already-known',
    'already-settled',
    'conflict-certified',
    'mempool-full',
    'contested-limit',
    'already-registered',
    'not-registered',
    'not-inactive',
    'not-the-owner',
    'bad-collateral',
    'registry-full',
    'no-room-for-free',
    'invalidated',
    'unknown-signer',
    'wrong-epoch',
    'wrong-height',
  ];
  expect(rejectionCodes.filter((code) => violationsFor(code) === 0)).toEqual(goodFaith);
  expect(rejectionCodes.every((code) => Number.isSafeInteger(violationsFor(code)) && violationsFor(code) >= 0)).toBe(true);
});
