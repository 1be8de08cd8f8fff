import { expect, test } from 'vitest';
import { lockOf } from '../../../src-shared/domain/address.ts';
import type { MasternodePayload } from '../codec/masternode-payload.ts';
import { hashTransaction } from '../codec/transaction.ts';
import { sign } from '../crypto/signature.ts';
import { createGenesis } from '../genesis.ts';
import { buildMasternode, signTransaction } from '../wallet/builder.ts';
import { heightOf, submit } from './branches.fixture.ts';
import { allocation, coinOf, genesisTime, keyOf, lockOfKey, payment, TestNode } from './test-node.fixture.ts';

const feeUnits = 10_000_000n;
const collateralUnits = 1_000n * 100_000_000n;
const genesis = createGenesis({
  network: 'devnet',
  time: genesisTime,
  masternodes: (['silver', 'bronze'] as const).map((tier, number) => ({
    nodeKey: keyOf(number).nodeId,
    tier,
    ownerLock: lockOfKey(number),
    rewardLock: lockOfKey(number),
    serviceAddress: '',
  })),
  allocations: [
    { lock: lockOfKey(0), amount: collateralUnits, label: 'c' },
    { lock: lockOfKey(0), amount: allocation, label: 'a' },
    { lock: lockOfKey(0), amount: allocation, label: 'b' },
  ],
});
const newcomer = keyOf(7);
const payload: MasternodePayload = {
  kind: 'masternode-register',
  nodeId: newcomer.nodeId,
  tier: 'bronze',
  collateral: coinOf(genesis, 2, 0),
  ownerLock: lockOfKey(0),
  rewardLock: lockOfKey(0),
  serviceAddress: '',
};
const keys = new Map([keyOf(0), newcomer].map(({ seed, publicKey }) => [lockOf(publicKey), { publicKey, sign: (message: Uint8Array) => sign(seed, message) }]));
const fee = {
  coins: [{ outpoint: coinOf(genesis, 2, 2), amount: allocation, lock: lockOfKey(0) }],
  outputs: [{ amount: allocation - feeUnits, lock: lockOfKey(0) }],
};
const registers = hashTransaction(
  signTransaction(buildMasternode(payload, fee as never, 1), [lockOfKey(0)], genesis.hash, (lock) => keys.get(lock), [lockOfKey(0), lockOf(newcomer.publicKey)])
    .transaction,
);
const pays = payment(genesis, [coinOf(genesis, 2, 0), coinOf(genesis, 2, 1)], [{ amount: collateralUnits + allocation - 1_000_000_000n, lock: lockOfKey(0) }]);

test('an accept of a payment that expired binds its other coins no more once one of them is registered as collateral', () => {
  // The bronze member accepts a payment that expires.
  const node = new TestNode(genesis, 1);
  const source = new TestNode(genesis, 0);
  source.connect(1, 60);
  const connection = node.connect(1, 50);
  node.receive(connection, 'TransactionBroadcast', { transactions: [pays.encoded] });
  node.pass(1_000);
  const released = () => node.persisted.flatMap((one) => (one.kind === 'guard' && one.record.kind === 'release' ? one.record.txids : []));
  expect(node.persisted.some((one) => one.kind === 'guard' && one.record.kind === 'accept' && one.record.txid === pays.txid)).toBe(true);
  node.pass(11 * 60_000);
  expect(node.engine.views.pending(pays.txid)).toBeUndefined();
  source.nowMs = node.nowMs;
  submit(source, registers);
  source.pass(20_000);
  const registered = [...source.chain.heights].find(([txid]) => txid === registers.txid)?.[1] ?? 0;
  expect(registered).toBeGreaterThan(0);
  node.nowMs = source.nowMs;
  for (let height = 1; height <= registered; height++) {
    for (const proposal of source.sentOf('BlockProposal').filter((one) => one.height === height)) node.receive(connection, 'BlockProposal', proposal);
    for (const vote of source.sentOf('BlockVote').filter((one) => one.height === height)) node.receive(connection, 'BlockVote', vote);
  }
  expect(heightOf(node)).toBe(registered);
  expect(released()).toContain(pays.txid);
});
