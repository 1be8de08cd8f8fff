import { expect, test } from 'vitest';
import { sharesBy } from './diversity.ts';
import type { PeerInfo } from './peer-info.ts';

const peer = (networkgroup: string, masternode = false) => ({ networkgroup, masternode }) as PeerInfo;

test('the largest come first, those alike by name, and the rest is counted', () => {
  const peers = [peer('b'), peer('a'), peer('c', true), peer('c'), peer('d')];
  expect(sharesBy(peers, ({ networkgroup }) => networkgroup, 3)).toEqual({
    shares: [
      { name: 'c', peers: 2, masternodes: 1 },
      { name: 'a', peers: 1, masternodes: 0 },
      { name: 'b', peers: 1, masternodes: 0 },
    ],
    more: 1,
  });
  expect(sharesBy([], () => '', 3)).toEqual({ shares: [], more: 0 });
});
