import { expect, test } from 'vitest';
import { goToStep, recallStep, stepBeside, useSetupStep } from './setup-steps.ts';

test('steps follow each other, and end', () => {
  expect(stepBeside('network', 1)).toBe('wallet');
  expect(stepBeside('network', -1)).toBe('network');
  expect(stepBeside('done', 1)).toBe('done');
});

test('a page that is loaded anew goes on where it was, and nonsense begins at the beginning', () => {
  const stored = new Map<string, string>();
  const storage = { getItem: (key: string) => stored.get(key) ?? null, setItem: (key: string, value: string) => void stored.set(key, value) };
  goToStep('port', storage);
  expect(useSetupStep.getState().step).toBe('port');
  expect(recallStep(storage)).toBe('port');
  for (const key of stored.keys()) stored.set(key, 'constructor');
  expect(recallStep(storage)).toBe('network');
  goToStep('network', storage);
});
