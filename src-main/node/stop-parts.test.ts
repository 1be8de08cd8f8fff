import { expect, test } from 'vitest';
import { type StopPart, stopInReverse } from './stop-parts.ts';

test('ends the last first, waits for each, and one that fails leaves none running', async () => {
  const ended: string[] = [];
  const parts: StopPart[] = [
    () => void ended.push('first'),
    () => Promise.reject(new Error('the earlier failure')),
    async () => {
      await new Promise(setImmediate);
      ended.push('third');
    },
    () => {
      throw new Error('the later failure');
    },
    () => void ended.push('last'),
  ];
  await expect(stopInReverse(parts)).rejects.toThrow('the later failure');
  expect(ended).toEqual(['last', 'third', 'first']);
  expect(parts).toEqual([]);
});
