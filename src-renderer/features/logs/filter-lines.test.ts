import { expect, test } from 'vitest';
import { filterLines, noFilter } from './filter-lines.ts';
import type { LogLine } from './kept-lines.ts';

const lines: readonly LogLine[] = [
  { number: 1, timems: 0, level: 'error', part: 'chain', text: 'halted height=7' },
  { number: 2, timems: 0, level: 'warn', part: 'peers', text: 'banned subject=203.0.113.5 reason=flood' },
  { number: 3, timems: 0, level: 'info', part: 'peers', text: 'peer-ready address=203.0.113.6:24200' },
  { number: 4, timems: 0, level: 'debug', part: 'payments', text: 'transaction-pending' },
];

test.each([
  [{}, [1, 2, 3, 4]],
  [{ level: 'warn' }, [1, 2]],
  [{ part: 'peers' }, [2, 3]],
  [{ part: 'peers', level: 'error' }, []],
  [{ words: ' FLOOD  203.0 ' }, [2]],
  [{ words: 'flood ready' }, []],
] as const)('%j', (filter, numbers) => expect(filterLines(lines, { ...noFilter, ...filter }).map(({ number }) => number)).toEqual(numbers));
