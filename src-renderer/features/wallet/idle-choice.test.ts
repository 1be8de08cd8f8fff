import { expect, test } from 'vitest';
import { chooseIdleMinutes, idleMinutes, readIdleMinutes, useIdleMinutes } from './idle-choice.ts';

test('a choice is kept as text, and what is no choice is the proposed one', () => {
  const stored: string[] = [];
  for (const minutes of idleMinutes) {
    chooseIdleMinutes(minutes, { setItem: (_key, value) => void stored.push(value) });
    expect([readIdleMinutes(stored.at(-1)), useIdleMinutes.getState().minutes]).toEqual([minutes, minutes]);
  }
  for (const other of [undefined, null, '', '0', '7', '1e9']) expect(readIdleMinutes(other)).toBe(5);
});
