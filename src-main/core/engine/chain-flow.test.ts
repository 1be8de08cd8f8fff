import { expect, test } from 'vitest';
import type { HashedTransaction } from '../codec/transaction.ts';
import { genesis, heightOf, join, serve, slots, submit } from './branches.fixture.ts';
import { allocation, coinOf, genesisTime, lockOfKey, payment, TestNode } from './test-node.fixture.ts';

const spend = (from: Parameters<typeof payment>[1][number], fees: bigint, to: number): HashedTransaction =>
  payment(genesis, [from], [{ amount: allocation - fees * 10_000_000n, lock: lockOfKey(to) }]);

/** Below a third of faulty weight no block conflicts with what is final, and only what is final has children: here one key has signed both. */
test('what a block has made inapplicable leaves with all that spends it, though it was final here', () => {
  const parent = spend(coinOf(genesis, 1), 1n, 0);
  const child = spend({ txid: parent.txid, vout: 0 }, 2n, 0);
  const grandchild = spend({ txid: child.txid, vout: 0 }, 3n, 0);
  const node = new TestNode(genesis, 9, {
    pending: [parent, child, grandchild].map(({ encoded }) => ({ encoded, receivedMs: genesisTime, finalAfterMs: 100 })),
  });
  expect(node.engine.views.mempool()).toMatchObject({ size: 3, final: 3 });

  const source = new TestNode(genesis, 0);
  submit(source, spend(coinOf(genesis, 1), 1n, 1));
  slots(source, 3);
  node.nowMs = source.nowMs;
  serve(node, new Map([[join(node, 1, source), source]]));
  expect(heightOf(node)).toBe(3);
  expect(node.engine.views.mempool()).toMatchObject({ size: 0, final: 0 });
  expect(node.events.flatMap((event) => (event.kind === 'transaction-dropped' ? [event] : []))).toEqual(
    [parent, child, grandchild].map(({ txid }) => ({ kind: 'transaction-dropped', txid, reason: 'inapplicable' })),
  );
});
