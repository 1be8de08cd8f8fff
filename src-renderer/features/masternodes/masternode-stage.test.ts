import { expect, test } from 'vitest';
import type { TierName } from './masternode-info.ts';
import { type RegistrationStep, registrationStepBeside, stepsOf } from './masternode-stage.ts';

const walk = (tier: TierName, from: RegistrationStep, by: 1 | -1): RegistrationStep[] => {
  const next = registrationStepBeside(from, tier, by);
  return next === undefined ? [from] : [from, ...walk(tier, next, by)];
};

test.each([
  ['free', ['tier', 'address', 'reward', 'backup', 'review']],
  ['gold', ['tier', 'collateral', 'address', 'reward', 'backup', 'review']],
] as const)('a registration of %s goes through its steps, forth and back', (tier, steps) => {
  expect(stepsOf(tier)).toEqual(steps);
  expect(walk(tier, 'tier', 1)).toEqual(steps);
  expect(walk(tier, 'review', -1)).toEqual(steps.toReversed());
});

test('the key is offered before anything is signed', () => {
  for (const tier of ['free', 'bronze', 'silver', 'gold'] as const) expect(stepsOf(tier).indexOf('backup')).toBeLessThan(stepsOf(tier).indexOf('review'));
});
