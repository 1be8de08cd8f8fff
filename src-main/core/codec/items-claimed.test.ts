import fc from 'fast-check';
import { expect, test } from 'vitest';
import { testRuns } from '../../../src-shared/domain/test-runs.fixture.ts';
import { encodeMessage, itemsClaimed, type Message } from './message.ts';

const id = 'ab'.repeat(32) as never;
const list = <T>(count: number, one: T): T[] => Array<T>(count).fill(one);

test('what a message holds is known before it is decoded', () => {
  const bytes = new Uint8Array(70);
  const vote = { height: 1, round: 0, phase: 'prevote', blockHash: undefined, nodeId: id, signature: new Uint8Array(64) } as const;
  const messages: [Message, number][] = [
    [{ type: 'GetTransactions', body: { txids: list(7, id) } }, 7],
    [{ type: 'TransactionAnnouncement', body: { txids: list(300, id) } }, 300],
    [{ type: 'TransactionBroadcast', body: { transactions: list(5, bytes) } }, 5],
    [{ type: 'TransactionVotes', body: { bundles: list(6, bytes) } }, 6],
    [{ type: 'PendingTransactions', body: { transactions: list(4, bytes), bundles: list(3, bytes) } }, 7],
    [{ type: 'PendingTransactions', body: { transactions: [], bundles: list(3, bytes) } }, 3],
    [{ type: 'BlockVotes', body: { votes: list(9, vote) } }, 9],
    [{ type: 'UtxoStateQuery', body: { query: 99_999, outpoints: list(8, { txid: id, vout: 1 }) } }, 8],
    [{ type: 'TransactionBroadcast', body: { transactions: [] } }, 1],
    [{ type: 'GetPeers', body: {} }, 1],
  ];
  for (const [message, items] of messages) expect(itemsClaimed(message.type, encodeMessage(message))).toBe(items);
});

test('of any bytes it is a number from 1 on, and soon found', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom('PendingTransactions', 'UtxoStateQuery', 'BlockVotes'), (bytes, type) => {
      const items = itemsClaimed(type, bytes);
      expect(Number.isSafeInteger(items) && items >= 1 && items <= 131_070).toBe(true);
    }),
    { numRuns: testRuns(500) },
  );
});
