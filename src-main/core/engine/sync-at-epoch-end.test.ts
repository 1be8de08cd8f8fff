import { expect, test } from 'vitest';
import { lockOf } from '../../../src-shared/domain/address.ts';
import { decodeBlock } from '../codec/block.ts';
import { encodeMessage } from '../codec/message.ts';
import { type HashedTransaction, hashTransaction } from '../codec/transaction.ts';
import { toHex } from '../crypto/hex.ts';
import { sign, verifySignature } from '../crypto/signature.ts';
import { createGenesis, type Genesis } from '../genesis.ts';
import { buildMasternode, signTransaction } from '../wallet/builder.ts';
import { hashAt, heightOf, rangeOf, serve, submit } from './branches.fixture.ts';
import { allocation, blockVoteOf, coinOf, genesisOf, genesisTime, keyOf, lockOfKey, payment, TestNode } from './test-node.fixture.ts';

/** More than are looked at in one step. */
const payments = 260;
/** Coins that make one collateral, with change. */
const pooled = 101;
const genesis = genesisOf(1, payments + pooled);
const newcomer = keyOf(7);
const feeUnits = 10_000_000n;
const collateralUnits = 1_000n * 100_000_000n;
const paymentsOf = (of: Genesis, members: number): readonly HashedTransaction[] =>
  Array.from({ length: payments }, (_, coin) => payment(of, [coinOf(of, members, coin)], [{ amount: allocation - feeUnits, lock: lockOfKey(coin) }]));
const change = BigInt(pooled) * allocation - collateralUnits - feeUnits;
const collateral = payment(
  genesis,
  Array.from({ length: pooled }, (_, index) => coinOf(genesis, 1, payments + index)),
  [
    { amount: collateralUnits, lock: lockOfKey(0) },
    { amount: change, lock: lockOfKey(0) },
  ],
);

/** With it those who decided an epoch are no quorum of the next. */
function registers(): HashedTransaction {
  const lock = lockOfKey(0);
  const payload = {
    kind: 'masternode-register',
    nodeId: newcomer.nodeId,
    tier: 'bronze',
    collateral: { txid: collateral.txid, vout: 0 },
    ownerLock: lock,
    rewardLock: lock,
    serviceAddress: '',
  } as const;
  const plan = {
    coins: [{ outpoint: { txid: collateral.txid, vout: 1 }, amount: change, lock }],
    outputs: [{ amount: change - feeUnits, lock }],
  };
  const keys = new Map(
    [keyOf(0), newcomer].map(({ seed, publicKey }) => [lockOf(publicKey), { publicKey, sign: (message: Uint8Array) => sign(seed, message) }]),
  );
  return hashTransaction(
    signTransaction(buildMasternode(payload, plan as never, 1), [lock], genesis.hash, (one) => keys.get(one), [lock, lockOf(newcomer.publicKey)]).transaction,
  );
}

/** A node one block behind `source`, which has just closed its first epoch, fetches that block; consensus decides it while it is being decoded. */
function decidesWhatItDecodes(source: TestNode): TestNode {
  const node = new TestNode(source.genesis, 9);
  node.verify = source.verify;
  node.nowMs = source.nowMs;
  const connection = node.connect(1, 51, 5, { hello: { tipHash: hashAt(source, 5) } });
  serve(node, new Map([[connection, source]]));
  node.receive(connection, 'BlockHeight', { height: 6, tipHash: hashAt(source, 6) });
  node.pass(1_500);
  expect(node.sentOf('GetBlocks').at(-1)).toEqual({ from: 6, count: 1 });
  for (const proposal of source.sentOf('BlockProposal').filter(({ height }) => height === 6)) node.receive(connection, 'BlockProposal', proposal);
  expect(heightOf(node)).toBe(5);

  const effects = node.engine.step({ kind: 'message', connection, bytes: encodeMessage({ type: 'Blocks', body: rangeOf(source, 6, 1) }) }, node.nowMs);
  for (const vote of source.sentOf('BlockVote').filter(({ height }) => height === 6)) node.receive(connection, 'BlockVote', vote);
  expect(heightOf(node)).toBe(6);
  const jobs = effects.flatMap((effect) => (effect.kind === 'continue' ? [effect.job] : []));
  expect(jobs).not.toEqual([]);
  for (const job of jobs) node.input({ kind: 'continued', job });
  return node;
}

test('whoever served the block that closes an epoch is not blamed where consensus decides it while it is being decoded', () => {
  const source = new TestNode(genesis, 0);
  source.verify = () => true;
  source.connect(1, 60);
  submit(source, collateral);
  while (heightOf(source) < 1) source.pass(10_000);
  submit(source, registers());
  while (heightOf(source) < 5) source.pass(10_000);
  submit(source, ...paymentsOf(genesis, 1));
  while (heightOf(source) < 6) source.pass(1_000);
  const closing = decodeBlock(source.chain.blocks[6]?.encoded ?? new Uint8Array());
  expect(closing).toMatchObject({ header: { closesEpoch: true }, transactions: { length: payments + 1 } });
  expect(source.engine.views.snapshot().members).toHaveLength(2);

  expect(decidesWhatItDecodes(source).disconnected).toEqual([]);
});

test('nor does the node halt for the precommits that this block credits late: they are of the epoch that it closes', () => {
  // The first alone is a quorum.
  const two = createGenesis({
    network: 'devnet',
    time: genesisTime,
    masternodes: (['silver', 'bronze'] as const).map((tier, member) => {
      const lock = lockOfKey(member);
      return { nodeKey: keyOf(member).nodeId, tier, ownerLock: lock, rewardLock: lock, serviceAddress: '' };
    }),
    allocations: Array.from({ length: payments }, (_, index) => ({ lock: lockOfKey(0), amount: allocation, label: `coin ${index}` })),
  });
  const source = new TestNode(two, 0);
  const slow = keyOf(1);
  source.verify = (item) => toHex(item.publicKey) !== slow.publicKey || verifySignature(item);
  const peer = source.connect(1, 60);
  while (heightOf(source) < 5) source.pass(1_000);
  source.receive(peer, 'BlockVote', blockVoteOf(two, 1, { height: 4, round: 0, phase: 'precommit', blockHash: hashAt(source, 4) }));
  submit(source, ...paymentsOf(two, 2));
  while (heightOf(source) < 6) source.pass(1_000);
  const closing = decodeBlock(source.chain.blocks[6]?.encoded ?? new Uint8Array());
  expect(closing).toMatchObject({ header: { closesEpoch: true }, transactions: { length: payments + 1 }, latePrecommits: [{ height: 4 }] });

  const node = decidesWhatItDecodes(source);
  expect(node.disconnected).toEqual([]);
  expect(node.events.filter(({ kind }) => kind === 'halted')).toEqual([]);
});
