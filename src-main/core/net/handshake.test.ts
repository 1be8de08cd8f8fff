import { expect, test } from 'vitest';
import type { Hash } from '../../../src-shared/domain/ids.ts';
import type { Hello } from '../codec/message.ts';
import { genesisHash, nodeIdOf, tipHash } from './fake-network.fixture.ts';
import { checkHello, type HandshakeSelf } from './handshake.ts';

const self: HandshakeSelf = { nodeId: nodeIdOf(1), networkId: 2, genesisHash, nonce: 11n };
const good: Hello = {
  magic: 'TIME',
  protocolVersion: 1,
  network: 2,
  genesisHash,
  userAgent: '/other:1.0/',
  listenPort: 0,
  services: 0,
  height: 0,
  tipHash,
  time: 0,
  observedAddress: 'a:1',
  nonce: 22n,
};
const otherGenesis = '1'.repeat(64) as Hash;

test.each<[string, Partial<Hello>, number, ReturnType<typeof checkHello>]>([
  ['a good one', {}, 2, undefined],
  ['another protocol', { magic: 'EMIT' }, 2, 'wrong-magic'],
  ['an older version', { protocolVersion: 0 }, 2, 'wrong-version'],
  ['a newer version', { protocolVersion: 2 }, 2, 'wrong-version'],
  ['another network', { network: 1 }, 2, 'wrong-network'],
  ['another genesis', { genesisHash: otherGenesis }, 2, 'wrong-genesis'],
  ['our key', {}, 1, 'self'],
  ['our nonce', { nonce: 11n }, 2, 'self'],
  ['a clock that is far off', { time: 2 ** 47 }, 2, undefined],
  ['everything wrong', { magic: 'EMIT', protocolVersion: 9, network: 1, genesisHash: otherGenesis }, 1, 'wrong-magic'],
  ['another network, with its own genesis', { network: 1, genesisHash: otherGenesis }, 2, 'wrong-network'],
])('%s', (_, change, key, expected) => {
  expect(checkHello({ ...good, ...change }, nodeIdOf(key), self)).toBe(expected);
});
