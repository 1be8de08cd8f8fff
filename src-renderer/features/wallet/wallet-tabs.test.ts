import { expect, test } from 'vitest';
import { walletTabOf, walletTabs } from './wallet-tabs.ts';

test('each part of the wallet has an address, and anything unknown leads to paying', () => {
  expect(walletTabs.map((tab) => walletTabOf(tab))).toEqual([...walletTabs]);
  for (const other of [undefined, '', 'constructor']) expect(walletTabOf(other)).toBe('send');
});
