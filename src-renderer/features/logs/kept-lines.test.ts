import { expect, test } from 'vitest';
import { askAfter, keep, type LogLine, lastNumber, maxKeptLines, noLines } from './kept-lines.ts';

const line = (number: number): LogLine => ({ number, timems: number, level: 'info', part: 'node', text: `line ${number}` });
const lines = (from: number, to: number): LogLine[] => Array.from({ length: to - from + 1 }, (_, index) => line(from + index));
const reply = (from: number, to: number, startedms = 1) => ({ startedms, lines: lines(from, to) });
const at = (last: number, startedms = 1) => ({ startedms, first: 1, last, level: 'info' as const, nowms: 0 });

test('lines that follow are added, and those that are there already are not there twice', () => {
  const kept = keep(keep(noLines, reply(1, 5)), reply(4, 8));
  expect(kept.lines).toEqual(lines(1, 8));
  expect(keep(kept, reply(9, 8))).toBe(kept);
  expect(keep(kept, reply(1, 5))).toBe(kept);
});

test('a gap leaves out what was before it, and so does another run of the node', () => {
  const kept = keep(noLines, reply(1, 5));
  expect(keep(kept, reply(7, 9)).lines).toEqual(lines(7, 9));
  expect(keep(kept, reply(6, 9, 2))).toEqual({ startedMs: 2, lines: lines(6, 9) });
});

test('the oldest go where there are too many', () => {
  const kept = keep(keep(noLines, reply(1, maxKeptLines)), reply(maxKeptLines + 1, maxKeptLines + 3));
  expect([kept.lines.length, kept.lines[0]?.number, lastNumber(kept)]).toEqual([maxKeptLines, 4, maxKeptLines + 3]);
});

test('asks for what is missing, from the first line on where the node was started anew', () => {
  const kept = keep(noLines, reply(1, 5));
  expect([askAfter(noLines, at(0)), askAfter(noLines, at(3)), askAfter(kept, at(5)), askAfter(kept, at(6)), askAfter(kept, at(4, 2))]).toEqual([
    undefined,
    0,
    undefined,
    5,
    0,
  ]);
});
