import { expect, test } from 'vitest';
import { changesOf, edited, readTyped, type Setting, typedOf } from './setting-draft.ts';

const setting = (part: Partial<Setting>): Setting => ({
  key: 'max_peers',
  group: 'limits',
  kind: 'number',
  meaning: 'Peers.',
  form: '1 … 1000',
  min: 1,
  max: 1_000,
  default: 50,
  value: 50,
  source: 'default',
  fixed: false,
  pending: false,
  ...part,
});
const list = setting({ key: 'connect', kind: 'list', value: ['a:1', 'b:2'], source: 'settings.json' });

test.each([
  ['number', '12', { ok: true, value: 12 }],
  ['number', ' 2.5 ', { ok: true, value: 2.5 }],
  ['number', '2,5', { ok: false }],
  ['number', '0', { ok: false }],
  ['number', '1001', { ok: false }],
  ['number', '1e2', { ok: false }],
  ['number', '', { ok: false }],
  ['list', 'a:1\n b:2, c:3\n', { ok: true, value: ['a:1', 'b:2', 'c:3'] }],
  ['list', '  ', { ok: true, value: [] }],
  ['boolean', 'true', { ok: true, value: true }],
  ['boolean', 'yes', { ok: false }],
  ['text', ' none ', { ok: true, value: 'none' }],
  ['text', ' ', { ok: false }],
] as const)('a %s typed as %j', (kind, typed, read) => expect(readTyped({ kind, min: 1, max: 1_000 }, typed)).toEqual(read));

test('what is shown reads as what it is', () => {
  expect(readTyped(list, typedOf(list.value))).toEqual({ ok: true, value: list.value });
  expect(typedOf(null)).toBe('');
});

test('only what differs is asked for, and nothing while something is wrong', () => {
  const peers = setting({});
  const one = edited({}, peers, '20');
  expect(changesOf(one, [peers, list])).toEqual({ max_peers: 20 });
  expect(edited(one, peers, '50')).toEqual({});
  const both = edited(one, list, null);
  expect(changesOf(both, [peers, list])).toEqual({ max_peers: 20, connect: null });
  expect(edited({}, peers, null)).toEqual({});
  expect(changesOf(edited(both, peers, '20 or so'), [peers, list])).toBeUndefined();
  expect(changesOf({}, [peers])).toBeUndefined();
});
