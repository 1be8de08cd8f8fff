import { expect, test } from 'vitest';
import { defaultLimits } from '../../../src-shared/domain/net-limits.ts';
import type { AddressRecord } from './address-record.ts';
import { Addresses } from './addresses.ts';
import { connectionOf, nodeIdOf, seeded } from './fake-network.fixture.ts';
import type { Peer } from './peer-connection.ts';

const limits = defaultLimits('mainnet');
const dayMs = 86_400_000;
const record: AddressRecord = {
  address: '80.1.0.1:1',
  nodeId: nodeIdOf(1),
  source: 'peer',
  firstSeenMs: 0,
  lastSuccessMs: 0,
  lastTryMs: 0,
  failures: 0,
  anchor: false,
};
const restored = [record, { ...record, address: '80.1.0.2:1' }, { ...record, address: '80.2.0.1:1', anchor: true }];
const inbound = {
  connection: connectionOf(1),
  nodeId: nodeIdOf(9),
  direction: 'inbound',
  address: '90.0.0.1:1',
  remoteHost: '90.0.0.1',
  listenPort: 0,
} as Peer;

function started(nowMs: number): Addresses {
  const options = { connect: [], bootstrap: [], masternodes: [], discovery: false, addresses: restored, limits, random: seeded(1) };
  const addresses = new Addresses({ ...options, banOf: () => undefined, isOnline: () => true });
  addresses.start(nowMs);
  return addresses;
}
const known = (addresses: Addresses): string[] => addresses.book.states().map(({ address, anchor }) => (anchor ? `anchor ${address}` : address));
const all = ['80.1.0.1:1', '80.1.0.2:1', 'anchor 80.2.0.1:1'];

test('without a peer nothing is forgotten, anchors neither, however long', () => {
  const addresses = started(6 * dayMs);
  for (let nowMs = 6 * dayMs; nowMs < 9 * dayMs; nowMs += limits.upkeepMs) addresses.due([], nowMs);
  expect(known(addresses)).toEqual(all);
});

test('a clock that jumps ahead makes nothing forgotten that was not tried since', () => {
  const addresses = started(0);
  for (let upkeep = 1; upkeep <= 5; upkeep++) addresses.due([inbound], upkeep * limits.upkeepMs);
  for (let upkeep = 1; upkeep <= 5; upkeep++) addresses.due([inbound], 30 * dayMs + upkeep * limits.upkeepMs);
  expect(known(addresses)).toEqual(all);
  const tried = addresses.book.get('80.1.0.1:1');
  if (tried === undefined) throw new Error('it is known');
  addresses.book.tried(tried, 30 * dayMs + 6 * limits.upkeepMs);
  addresses.due([inbound], 30 * dayMs + 6 * limits.upkeepMs);
  expect(known(addresses)).toEqual(all.slice(1));
  for (let upkeep = 7; upkeep * limits.upkeepMs < 2 * dayMs; upkeep++) addresses.due([inbound], 30 * dayMs + upkeep * limits.upkeepMs);
  expect(known(addresses)).toEqual(all.slice(2));
});
