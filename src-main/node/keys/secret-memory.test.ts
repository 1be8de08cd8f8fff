import { expect, test } from 'vitest';
import { secretMemory, wipeSecret } from './secret-memory.ts';

test('holds what is put there until it is wiped, and shares no page with another', () => {
  const [one, other] = [secretMemory(32), secretMemory(64)];
  expect([one.length, other.length]).toEqual([32, 64]);
  one.fill(7);
  other.fill(8);
  wipeSecret(one);
  expect(one.every((byte) => byte === 0)).toBe(true);
  expect(other.every((byte) => byte === 8)).toBe(true);
  expect(one.buffer).not.toBe(other.buffer);
  wipeSecret(other);
  wipeSecret(other);
});

test('does without being locked where there is more of it than a system lets', () => {
  const many = Array.from({ length: 600 }, () => secretMemory(32).fill(1));
  for (const secret of many) wipeSecret(secret);
  expect(many.every((secret) => secret.every((byte) => byte === 0))).toBe(true);
});
