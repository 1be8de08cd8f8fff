import { expect, test } from 'vitest';
import { checkOutcome } from './port-check-outcome.ts';

test.each([
  ['a view from before the node was asked', { state: 'reachable', checkedms: 40_000 }, 100_400, 'asking'],
  ['a check under way, however long', { state: 'checking', checkedms: 40_000 }, 114_000, 'asking'],
  ['a new verdict', { state: 'unreachable', checkedms: 100_700 }, 100_900, 'answered'],
  ['a verdict from before, since nobody would try again', { state: 'reachable', checkedms: 99_999 }, 102_000, 'unanswered'],
  ['none at all, since nobody is there', { state: 'unknown' }, 103_000, 'unanswered'],
] as const)('%s', (_name, reachability, nowms, outcome) => expect(checkOutcome({ reachability, nowms }, 100_000)).toBe(outcome));
