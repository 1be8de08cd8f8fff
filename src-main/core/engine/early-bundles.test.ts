import { expect, test } from 'vitest';
import type { Hash, NodeId, Txid } from '../../../src-shared/domain/ids.ts';
import type { HashedVoteBundle } from '../codec/vote-bundle.ts';
import type { ConnectionId } from '../net/connection-id.ts';
import type { EngineContext } from './context.ts';
import { EarlyBundles } from './early-bundles.ts';

const bundle = (number: number, epoch = 4): HashedVoteBundle => ({
  hash: number.toString(16).padStart(64, '0') as Hash,
  bundle: { nodeId: 'a'.repeat(64) as NodeId, epoch, votes: [{ txid: 'b'.repeat(64) as Txid, choice: 'accept', code: 'none' }], signature: new Uint8Array(64) },
  encoded: Uint8Array.of(number & 255, number >> 8),
});
const connection = (number: number): ConnectionId => number as ConnectionId;
const early = (isComplete: boolean, gone: readonly ConnectionId[] = []): EarlyBundles =>
  new EarlyBundles({ epoch: 3, registry: { isComplete }, peers: { isReady: (one: ConnectionId) => !gone.includes(one) } } as unknown as EngineContext);

test('bundles of the next epoch wait once this one is complete, each once whoever brings it', () => {
  expect(early(false).keep(connection(1), bundle(1))).toBe(false);
  const kept = early(true, [connection(9)]);
  expect([kept.keep(connection(1), bundle(1)), kept.keep(connection(2), bundle(1)), kept.keep(connection(9), bundle(2))]).toEqual([true, true, true]);
  expect([kept.keep(connection(1), bundle(3, 3)), kept.keep(connection(1), bundle(3, 5))]).toEqual([false, false]);
  expect(kept.take()).toEqual([{ connection: 1, encoded: bundle(1).encoded }]);
  expect(kept.take()).toEqual([]);
});

test('one peer gets a tenth of the room, and all of them together no more than there is', () => {
  const kept = early(true);
  let number = 0;
  const taken = (from: number, count: number): number =>
    Array.from({ length: count }, () => kept.keep(connection(from), bundle(number++))).filter(Boolean).length;
  expect(taken(1, 150)).toBe(100);
  for (let peer = 2; peer <= 10; peer++) expect(taken(peer, 100)).toBe(100);
  expect(taken(11, 10)).toBe(0);
  expect(kept.take()).toHaveLength(1_000);
  expect(taken(1, 1)).toBe(1);
});
