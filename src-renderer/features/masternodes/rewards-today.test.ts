import { expect, test } from 'vitest';
import type { Response } from '../../../src-shared/api/contract.ts';
import { maxRewards, rewardsSince, startOfDay } from './rewards-today.ts';

const reward = (time: number): Response<'listtransactions'>[number] => ({
  txid: 'ab'.repeat(32),
  category: 'reward',
  amount: '12.50000001',
  addresses: [],
  label: '',
  state: 'confirmed',
  time,
});

test('rewards of the day are those since midnight', () => {
  expect(rewardsSince([reward(300), reward(200), reward(199)], 200)).toEqual({ time: '25.00000002', isPartial: false });
  expect(rewardsSince([], 200)).toEqual({ time: '0.00000000', isPartial: false });
});
test('a list that is full may not be all of them', () => {
  const full = Array.from({ length: maxRewards }, () => reward(300));
  expect(rewardsSince(full, 200).isPartial).toBe(true);
  expect(rewardsSince(full.with(-1, reward(100)), 200).isPartial).toBe(false);
});
test('a day begins at midnight', () => expect(new Date(startOfDay(Date.UTC(2030, 5, 15, 12, 34))).toTimeString().slice(0, 8)).toBe('00:00:00'));
