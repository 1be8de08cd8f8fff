import { expect, test } from 'vitest';
import { measureStrength } from './passphrase-strength.ts';

test('what everybody takes is weak, and what nobody would guess is strong', async () => {
  expect((await measureStrength('password1')).score).toBe(0);
  expect((await measureStrength('Michael1985')).score).toBeLessThan(3);
  expect(await measureStrength('vermilion-otter-plaza-77-Quartz')).toMatchObject({ score: 4 });
});

test('a whole book is measured as quickly as a line', async () => {
  expect((await measureStrength('correct horse battery staple '.repeat(1_000))).score).toBe(4);
});
