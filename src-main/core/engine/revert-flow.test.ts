import { describe, expect, it } from 'vitest';
import { lockOf } from '../../../src-shared/domain/address.ts';
import type { BlockHash } from '../../../src-shared/domain/ids.ts';
import type { MasternodePayload } from '../codec/masternode-payload.ts';
import { type HashedTransaction, hashTransaction } from '../codec/transaction.ts';
import { decodeVoteBundle, signVoteBundle } from '../codec/vote-bundle.ts';
import { sign } from '../crypto/signature.ts';
import type { Effect } from '../effects.ts';
import { buildMasternode, signTransaction } from '../wallet/builder.ts';
import { genesis, hashAt, heightOf, invalidate, join, reconsider, serve, slots, stateOf, submit } from './branches.fixture.ts';
import type { EngineContext } from './context.ts';
import { RevertFlow } from './revert-flow.ts';
import { allocation, blockVoteOf, coinOf, firstProposal, genesisOf, keyOf, lockOfKey, payment, TestNode } from './test-node.fixture.ts';

const feeUnits = 10_000_000n;
const newcomer = keyOf(7);
const pay = (coin: number, to = coin): HashedTransaction =>
  payment(genesis, [coinOf(genesis, 1, coin)], [{ amount: allocation - feeUnits, lock: lockOfKey(to) }]);

function masternode(payload: MasternodePayload, coin: number): HashedTransaction {
  const plan = {
    coins: [{ outpoint: coinOf(genesis, 1, coin), amount: allocation, lock: lockOfKey(0) }],
    outputs: [{ amount: allocation - feeUnits, lock: lockOfKey(0) }],
  };
  const keys = new Map(
    [keyOf(0), newcomer].map(({ seed, publicKey }) => [lockOf(publicKey), { publicKey, sign: (message: Uint8Array) => sign(seed, message) }]),
  );
  const signers = payload.kind === 'masternode-register' ? [lockOfKey(0), lockOf(newcomer.publicKey)] : [lockOfKey(0)];
  return hashTransaction(
    signTransaction(buildMasternode(payload, plan as never, 1), [lockOfKey(0)], genesis.hash, (lock) => keys.get(lock), signers).transaction,
  );
}
const registers = masternode(
  {
    kind: 'masternode-register',
    nodeId: newcomer.nodeId,
    tier: 'free',
    collateral: undefined,
    ownerLock: lockOfKey(0),
    rewardLock: lockOfKey(0),
    serviceAddress: '',
  },
  3,
);
const exits = masternode({ kind: 'masternode-exit', nodeId: newcomer.nodeId }, 4);

/** Fourteen blocks over two epochs with payments, a chain of two in one block, a registration and an exit; and what each came to. */
function lived(): { readonly node: TestNode; readonly states: readonly unknown[] } {
  const node = new TestNode(genesis, 0);
  node.verify = () => true;
  const states = [stateOf(node)];
  const first = pay(0, 0);
  const does: Record<number, readonly HashedTransaction[]> = {
    1: [first, payment(genesis, [{ txid: first.txid, vout: 0 }], [{ amount: allocation - 2n * feeUnits, lock: lockOfKey(1) }])],
    3: [registers],
    8: [pay(1)],
    10: [exits],
    13: [pay(2)],
  };
  while (heightOf(node) < 14) {
    const height = heightOf(node);
    submit(node, ...(does[height + 1] ?? []));
    // The block after an epoch's last comes soon after it.
    while (heightOf(node) === height) node.pass(100);
    states.push(stateOf(node));
  }
  expect(states).toHaveLength(15);
  expect(node.engine.views.registry().progress.epoch).toBe(2);
  return { node, states };
}
const spoke = (node: TestNode, act: () => void): readonly string[] => {
  const before = node.sent.length;
  act();
  return node.sent.slice(before).map(({ message }) => message.type);
};
const signed = ['BlockProposal', 'BlockVote', 'BlockVotes', 'TransactionVotes'];

describe('invalidateblock', () => {
  it.each([14, 12, 7, 6, 1])('block %i: all that the chain comes to is exactly what it was before', (height) => {
    const { node, states } = lived();
    const answer = invalidate(node, hashAt(node, height));
    expect(answer).toEqual({ ok: true, reverted: 15 - height, height: height - 1, hash: hashAt(node, height - 1) });
    expect(stateOf(node)).toEqual(states[height - 1]);
  });

  it('takes off one block at a time, each in one batch with its transactions, which are pending again', () => {
    const { node } = lived();
    const before = node.persisted.length;
    invalidate(node, hashAt(node, 8));
    const operations = node.persisted.slice(before);
    expect(operations.slice(0, 2).map(({ kind }) => kind)).toEqual(['mark-invalid', 'guard']);
    expect(operations.flatMap((one) => (one.kind === 'revert-block' ? [one.height] : []))).toEqual([14, 13, 12, 11, 10, 9, 8]);
    expect(operations.flatMap((one) => (one.kind === 'put-transaction' ? [one.txid] : []))).toEqual([pay(2).txid, exits.txid, pay(1).txid]);
    for (const one of [pay(1), pay(2), exits]) expect(node.engine.views.pending(one.txid)?.hashed.txid).toBe(one.txid);
  });

  it('leaves out of the mempool what does not apply any more', () => {
    const { node } = lived();
    invalidate(node, hashAt(node, 2));
    // The exit of a masternode that is registered in no block.
    expect(node.engine.views.pending(exits.txid)).toBeUndefined();
    expect(node.engine.views.pending(registers.txid)).toBeDefined();
    expect(node.persisted.some((one) => one.kind === 'remove-transactions' && one.txids.includes(exits.txid))).toBe(true);
  });

  it('and nothing is signed from then on, at heights and in epochs that this node has signed in', () => {
    const { node } = lived();
    node.connect(1, 60);
    expect(spoke(node, () => slots(node, 1))).toEqual(expect.arrayContaining(['BlockProposal', 'BlockVote']));
    invalidate(node, hashAt(node, 12));
    submit(node, pay(5));
    expect(spoke(node, () => slots(node, 5)).filter((type) => signed.includes(type))).toEqual([]);
    expect(heightOf(node)).toBe(11);
    expect(node.engine.views.consensus().signing).toMatchObject({ kind: 'after-revert', through: { height: 15, epoch: 2 } });
  });

  it('is refused for the genesis, for what is nowhere, and while it is under way', () => {
    const { node } = lived();
    expect(invalidate(node, genesis.block.hash)).toMatchObject({ ok: false, code: 'genesis' });
    expect(invalidate(node, 'ab'.repeat(32) as BlockHash)).toMatchObject({ ok: false, code: 'unknown-block' });
    expect(reconsider(node, hashAt(node, 3))).toMatchObject({ ok: false, code: 'not-marked' });
    node.holdAnswers = true;
    invalidate(node, hashAt(node, 3));
    const known = node.branchAnswers.length;
    invalidate(node, hashAt(node, 2));
    expect(node.branchAnswers.slice(known)).toEqual([{ ok: false, code: 'under-way', blocks: 0 }]);
  });

  it('is not disturbed by votes of the heights that it passes', () => {
    const { node: source, states } = lived();
    const node = new TestNode(genesis, 9);
    node.verify = () => true;
    node.nowMs = source.nowMs;
    const connection = join(node, 1, source);
    serve(node, new Map([[connection, source]]));
    node.holdAnswers = true;
    invalidate(node, hashAt(node, 12));
    node.release();
    expect(heightOf(node)).toBe(13);
    node.receive(connection, 'BlockVote', blockVoteOf(genesis, 0, { height: 14, round: 0, phase: 'prevote', blockHash: undefined }));
    // The vote's signature is known to be good before the next block is off.
    const verified = node.held.pop();
    if (verified !== undefined) node.input(verified());
    node.holdAnswers = false;
    node.release();
    expect(stateOf(node)).toEqual(states[11]);
  });

  it('is asked twice for more than a hundred blocks', () => {
    const node = new TestNode(genesis, 0);
    node.verify = () => true;
    while (heightOf(node) < 101) slots(node, 1);
    const bottom = hashAt(node, 1);
    expect(invalidate(node, bottom)).toEqual({ ok: false, code: 'not-confirmed', blocks: 101 });
    expect(heightOf(node)).toBe(101);
    expect(invalidate(node, bottom, true)).toMatchObject({ ok: true, reverted: 101, height: 0 });
    expect(stateOf(node)).toEqual(stateOf(new TestNode(genesis, 0)));
    expect(node.events).toContainEqual({ kind: 'branch-left', blocks: 101, height: 0, hash: genesis.block.hash });
  });

  it('is refused for more than a thousand blocks, however often it is asked', () => {
    const hash = 'cd'.repeat(32) as BlockHash;
    const effects: Effect[] = [];
    const context = {
      genesis,
      tip: { height: 1_500, hash },
      chain: { block: () => ({ hash }) },
      invalid: new Map(),
      halts: { heightOf: () => undefined },
      emit: (effect: Effect) => effects.push(effect),
    };
    const flow = new RevertFlow(context as unknown as EngineContext, {} as never);
    flow.invalidate(1, hash, 500, true);
    expect(effects).toEqual([{ kind: 'answer-branch', request: 1, result: { ok: false, code: 'too-deep', blocks: 1_001 } }]);
  });

  it('is refused where what reverts a block is not kept', () => {
    const { node } = lived();
    node.chain.forgetUndo(5);
    expect(invalidate(node, hashAt(node, 4))).toMatchObject({ ok: false, code: 'no-undo-data' });
    expect(invalidate(node, hashAt(node, 7))).toMatchObject({ ok: true, reverted: 8 });
  });
});

describe('reconsiderblock', () => {
  it.each([14, 9, 1])('block %i: puts on again what was taken off, and signs on as if nothing had been', (height) => {
    const { node, states } = lived();
    node.connect(1, 60);
    const hash = hashAt(node, height);
    invalidate(node, hash);
    expect(reconsider(node, hash)).toMatchObject({ ok: true });
    expect(stateOf(node)).toEqual(states[14]);
    expect(spoke(node, () => slots(node, 1))).toEqual(expect.arrayContaining(['BlockProposal', 'BlockVote']));
    expect(heightOf(node)).toBe(15);
  });

  it('of a lower mark leaves the higher one', () => {
    const { node, states } = lived();
    const [lower, higher] = [hashAt(node, 6), hashAt(node, 10)];
    invalidate(node, higher);
    invalidate(node, lower);
    reconsider(node, lower);
    expect(stateOf(node)).toEqual(states[9]);
    expect(node.engine.views.consensus().signing).toMatchObject({ kind: 'after-revert' });
    reconsider(node, higher);
    expect(stateOf(node)).toEqual(states[14]);
    slots(node, 1);
    expect(heightOf(node)).toBe(15);
  });

  it('leaves what this node has committed where it is, and says it again', () => {
    const members = 4;
    const four = genesisOf(members);
    const node = new TestNode(four, 0);
    const connection = node.connect(1, 60);
    const { proposal } = firstProposal(four, members);
    node.pass(10_000);
    node.receive(connection, 'BlockProposal', proposal);
    for (const phase of ['prevote', 'precommit'] as const)
      for (const member of [1, 2, 3])
        node.receive(connection, 'BlockVote', blockVoteOf(four, member, { height: 1, round: 0, phase, blockHash: proposal.blockHash }));
    const paid = payment(four, [coinOf(four, members)], [{ amount: allocation - feeUnits, lock: lockOfKey(1) }]);
    node.receive(connection, 'TransactionBroadcast', { transactions: [paid.encoded] });
    const acceptOf = (member: number): Uint8Array => {
      const { seed, nodeId } = keyOf(member);
      const votes = [{ txid: paid.txid, choice: 'accept' as const, code: 'none' as const }];
      return signVoteBundle({ nodeId, epoch: 0, votes }, four.hash, { sign: (message) => sign(seed, message) }).encoded;
    };
    node.receive(connection, 'TransactionVotes', { bundles: [1, 2].map(acceptOf) });
    node.pass(1_000);
    expect(node.engine.views.pending(paid.txid)?.status).toBe('committed');

    const left = hashAt(node, 1);
    expect(invalidate(node, left)).toMatchObject({ ok: true, height: 0 });
    expect(node.engine.views.pending(paid.txid)?.status).toBe('committed');
    expect(reconsider(node, left)).toMatchObject({ ok: true, height: 1 });
    const said = node.sent.length;
    // Longer than what nobody is bound to stays.
    node.pass(11 * 60_000);
    expect(node.engine.views.pending(paid.txid)?.status).toBe('committed');
    const bundles = node.sent.slice(said).flatMap(({ message }) => (message.type === 'TransactionVotes' ? message.body.bundles : []));
    expect(bundles.flatMap((one) => decodeVoteBundle(one).bundle.votes)).toContainEqual({ txid: paid.txid, choice: 'commit', code: 'none' });
  });
});
