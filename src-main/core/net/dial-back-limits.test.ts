import { expect, test } from 'vitest';
import type { NodeId } from '../../../src-shared/domain/ids.ts';
import { type DialBack, DialBackLimits } from './dial-back-limits.ts';

const asker = (number: number): NodeId => `node ${number}` as NodeId;
const host = (number: number): string => `198.51.100.${number}`;
const startMs = 1_000_000;
const end = (limits: DialBackLimits, ...started: (DialBack | undefined)[]): void => {
  for (const one of started) if (one !== undefined) limits.ended(one);
};

test('one asker is dialled once a minute, one address twice, and all together six times, three at once', () => {
  const limits = new DialBackLimits();
  const first = limits.start(asker(1), host(1), startMs);
  expect(first).toBeDefined();
  expect(limits.start(asker(1), host(2), startMs)).toBeUndefined();
  const second = limits.start(asker(2), host(1), startMs);
  expect(second).toBeDefined();
  expect(limits.start(asker(3), host(1), startMs)).toBeUndefined();
  const third = limits.start(asker(4), host(4), startMs);
  expect(third).toBeDefined();
  expect(limits.start(asker(5), host(5), startMs)).toBeUndefined();
  end(limits, first, second, third);
  const more = [5, 6, 7].map((number) => limits.start(asker(number), host(number), startMs + 1));
  expect(more).not.toContain(undefined);
  end(limits, ...more);
  expect(limits.start(asker(8), host(8), startMs + 59_999)).toBeUndefined();
  expect(limits.start(asker(1), host(1), startMs + 60_000)).toBeDefined();
});

test('an IPv6 /64 is one address', () => {
  const limits = new DialBackLimits();
  for (const number of [1, 2]) expect(limits.start(asker(number), `2001:db8::${number}`, startMs)).toBeDefined();
  expect(limits.start(asker(3), '2001:db8::3', startMs)).toBeUndefined();
  expect(limits.start(asker(4), '2001:db8:0:1::3', startMs)).toBeDefined();
});

test('what the world forgot to answer, and what was asked in a time that is the future now, does not count for ever', () => {
  const limits = new DialBackLimits();
  for (const number of [1, 2, 3]) limits.start(asker(number), host(number), startMs);
  expect(limits.start(asker(4), host(4), startMs + 29_999)).toBeUndefined();
  expect(limits.start(asker(5), host(5), startMs + 30_000)).toBeDefined();
  expect(limits.start(asker(5), host(5), startMs - 3_600_000)).toBeDefined();
});
