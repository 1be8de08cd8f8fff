import { expect, test } from 'vitest';
import type { TopicValue } from '../../../src-shared/api/topics.ts';
import { filterPeers } from './filter-peers.ts';

const peers = [
  { addr: '203.0.113.1:24100', subver: '/time:0.1.0/', nodeid: 'ab'.repeat(32) },
  { addr: '[2001:db8::1]:24100', subver: '/time:0.2.0/', nodeid: 'cd'.repeat(32) },
] as unknown as TopicValue<'peers'>['peers'];

test.each([
  ['', 2],
  ['   ', 2],
  ['203.0', 1],
  ['ABAB', 1],
  ['time 2001', 1],
  ['time', 2],
  ['0.1.0 2001', 0],
])('%j leaves %d', (filter, left) => expect(filterPeers(peers, filter)).toHaveLength(left));
