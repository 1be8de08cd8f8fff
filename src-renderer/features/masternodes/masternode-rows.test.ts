import { expect, test } from 'vitest';
import type { MasternodeInfo } from './masternode-info.ts';
import { countsByFilter, filterMasternodes, masternodeRows } from './masternode-rows.ts';

const node = (nodeid: string, part: Partial<MasternodeInfo> = {}): MasternodeInfo => ({
  nodeid,
  tier: 'bronze',
  status: 'active',
  weight: 10,
  address: `${nodeid}.example:1`,
  rewardaddress: `TIME2${nodeid}`,
  participation: { signed: 0, counted: 0 },
  eligible: true,
  heartbeat: { state: 'online' },
  connected: true,
  self: false,
  ...part,
});
const tiers = [{ tier: 'bronze', collateral: '1000.00000000', weight: 10, needed: 90 }] as const;
const rows = masternodeRows(
  [
    node('a'),
    node('b', { collateral: 'x:0', status: 'waiting' }),
    node('c', { self: true, status: 'inactive' }),
    node('d', { status: 'reviving', tier: 'gold' }),
  ],
  new Set(['x:0']),
  tiers,
);

test('mine come first: this node and those whose collateral this wallet has', () => {
  expect(rows.map((row) => [row.node.nodeid, row.isMine])).toEqual([
    ['b', true],
    ['c', true],
    ['a', false],
    ['d', false],
  ]);
  expect(rows.map(({ needed }) => needed)).toEqual([90, 90, 90, undefined]);
});

test('filters count what they show', () => {
  const counts = countsByFilter(rows);
  expect(counts).toEqual({ all: 4, mine: 2, active: 1, waiting: 2, inactive: 1 });
  for (const [filter, count] of Object.entries(counts)) expect(filterMasternodes(rows, filter as keyof typeof counts, '')).toHaveLength(count);
});

test('a search finds keys and addresses, whatever the case', () => {
  expect(filterMasternodes(rows, 'all', ' time2A ').map((row) => row.node.nodeid)).toEqual(['a']);
  expect(filterMasternodes(rows, 'all', 'D.example').map((row) => row.node.nodeid)).toEqual(['d']);
  expect(filterMasternodes(rows, 'mine', 'a.example')).toEqual([]);
});
