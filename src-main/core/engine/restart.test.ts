import { expect, test } from 'vitest';
import { type Hash, outpointKey } from '../../../src-shared/domain/ids.ts';
import { hashVoteBundle, voteBundleMessage } from '../codec/vote-bundle.ts';
import { sign } from '../crypto/signature.ts';
import { allocation, coinOf, genesisOf, genesisTime, keyOf, lockOfKey, payment, TestNode } from './test-node.fixture.ts';

const genesis = genesisOf(4);
const fee = 10_000_000n;
const outputs = Array.from({ length: 1_000 }, () => ({ amount: (allocation - fee) / 1_000n, lock: lockOfKey(0) }));
const parent = payment(genesis, [coinOf(genesis, 4)], outputs);
/** More than wait for their parents at once. */
const children = outputs.flatMap(({ amount }, vout) => {
  const child = payment(genesis, [{ txid: parent.txid, vout }], [{ amount: amount - 2_000n, lock: lockOfKey(0) }]);
  return vout === 0 ? [child, payment(genesis, [{ txid: child.txid, vout: 0 }], [{ amount: amount - 4_000n, lock: lockOfKey(0) }])] : [child];
});
const pending = [parent, ...children].map(({ encoded }) => ({ encoded, receivedMs: genesisTime, finalAfterMs: 150 }));

test('all that was final before a restart is final after it, however many spend each other, and nothing is stored anew', () => {
  const node = new TestNode(genesis, 0, { pending });
  expect(node.engine.views.mempool()).toMatchObject({ size: pending.length, final: pending.length });
  expect(node.persisted).toEqual([]);
  expect(node.engine.views.utxoState(outpointKey({ txid: parent.txid, vout: 7 }))).toMatchObject({ kind: 'spentFinalized' });
});

test('how long finality took is not measured again by the votes that a restart counts again', () => {
  const bundles = [1, 2, 3].map((member) => {
    const { seed, nodeId } = keyOf(member);
    const unsigned = {
      nodeId,
      epoch: 0,
      votes: (['accept', 'commit'] as const).map((choice) => ({ txid: parent.txid, choice, code: 'none' as const })),
    };
    return hashVoteBundle({ ...unsigned, signature: sign(seed, voteBundleMessage(genesis.hash as Hash, unsigned)) }).encoded;
  });
  const node = new TestNode(genesis, 0, { pending: pending.slice(0, 1), bundles });
  expect(node.persisted.filter(({ kind }) => kind === 'mark-final')).toEqual([]);
  expect(node.engine.views.pending(parent.txid)?.tally.final).toBe(true);
});

test('what this node committed stays, also where the votes that certified it are gone', () => {
  const { txid, inputKeys: inputs } = parent;
  const [first] = pending;
  const guardRecords = [{ kind: 'commit', epoch: 0, txid, inputs } as const];
  const node = new TestNode(genesis, 0, { pending: first === undefined ? [] : [{ ...first, finalAfterMs: undefined }], guardRecords });
  node.pass(3_600_000);
  expect(node.engine.views.pending(txid)?.status).toBe('committed');
});

test('after a repair nothing is signed in the epoch in which it may have signed before, nor in one that began before the repair', () => {
  const signs = (signedThrough: { readonly epoch: number; readonly height: number; readonly beforeMs?: number } | undefined): boolean => {
    const node = new TestNode(genesisOf(1), 0, { signedThrough });
    node.connect(1, 60);
    node.pass(11_000);
    return node.sentOf('BlockProposal').length > 0;
  };
  expect(signs(undefined)).toBe(true);
  // Of the epoch before this one, and of a time before it.
  expect(signs({ epoch: -1, height: 0, beforeMs: genesisTime - 1 })).toBe(true);
  expect(signs({ epoch: 0, height: 0 })).toBe(false);
  expect(signs({ epoch: -1, height: 1 })).toBe(false);
  expect(signs({ epoch: -1, height: 0, beforeMs: genesisTime })).toBe(false);
});
