import { expect, test } from 'vitest';
import { startOfDay } from './start-of-day.ts';

test('a day begins at midnight', () => expect(new Date(startOfDay(Date.UTC(2030, 5, 15, 12, 34))).toTimeString().slice(0, 8)).toBe('00:00:00'));
