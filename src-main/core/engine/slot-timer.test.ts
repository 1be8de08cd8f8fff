import { expect, test } from 'vitest';
import { decodeBlock } from '../codec/block.ts';
import { createGenesis } from '../genesis.ts';
import { paramsOf } from '../params.ts';
import { heightOf, submit } from './branches.fixture.ts';
import { allocation, coinOf, genesisOf, genesisTime, keyOf, lockOfKey, payment, TestNode } from './test-node.fixture.ts';

test('a slot timer that fires too early, because the clock was set back, is set again', () => {
  const node = new TestNode(genesisOf(4), 0);
  const slotAtMs = node.timers.get('slot');
  expect(slotAtMs).toBe(genesisTime + 10_000);
  node.timers.delete('slot');
  node.input({ kind: 'timer', timer: 'slot' });
  expect(node.timers.get('slot')).toBe(slotAtMs);
  node.pass(10_000);
  expect(node.engine.views.consensus().beganMs).toBe(slotAtMs);
  expect(node.timers.has('slot')).toBe(false);
});

test('the block that closes an epoch is made a moment after its slot has begun: commits that are under way are to be in it', () => {
  const node = new TestNode(genesisOf(1), 0);
  while (node.engine.views.snapshot().epoch === 0) node.pass(10_000);
  const intoSlotMs = node.chain.blocks.slice(1).map(({ encoded }) => {
    const { time, closesEpoch } = decodeBlock(encoded).header;
    return { closesEpoch, ms: (time - genesisTime) % paramsOf.devnet.blockIntervalMs };
  });
  const [closing] = intoSlotMs.filter(({ closesEpoch }) => closesEpoch);
  expect(closing?.ms).toBeGreaterThanOrEqual(paramsOf.devnet.epochCloseWaitMs);
  expect(closing?.ms).toBeLessThan(2 * paramsOf.devnet.epochCloseWaitMs);
  expect(intoSlotMs.filter(({ closesEpoch }) => !closesEpoch).every(({ ms }) => ms < paramsOf.devnet.epochCloseWaitMs)).toBe(true);
});

test('who waits for the block that closes an epoch waits so much longer for its proposal', () => {
  // The silver member decides alone, and the bronze one follows.
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
    allocations: [],
  });
  const [source, node] = [0, 1].map((number) => new TestNode(genesis, number)) as [TestNode, TestNode];
  source.connect(1, 60);
  const connection = node.connect(1, 50);
  const { blockIntervalMs, epochCloseWaitMs, timeouts } = paramsOf.devnet;
  const waitsMs = Array.from({ length: 6 }, (_, before) => {
    const height = before + 1;
    for (const one of [source, node]) one.pass(genesisTime + height * blockIntervalMs - one.nowMs);
    const timeoutMs = (node.timers.get('consensus') ?? 0) - node.nowMs;
    source.pass(blockIntervalMs / 2);
    for (const type of ['BlockProposal', 'BlockVote'] as const)
      for (const one of source.sentOf(type).filter((said) => said.height === height)) node.receive(connection, type, one);
    expect(heightOf(node)).toBe(height);
    return timeoutMs;
  });
  expect(waitsMs).toEqual([...Array(5).fill(timeouts.proposeMs), timeouts.proposeMs + epochCloseWaitMs]);
});

test('an epoch closes while payments come: what is certified after its last block was begun is left to the next', () => {
  /** More than are applied in one step. */
  const payments = 260;
  const genesis = genesisOf(1, payments + 1);
  const node = new TestNode(genesis, 0);
  node.verify = () => true;
  const pay = (coin: number) => payment(genesis, [coinOf(genesis, 1, coin)], [{ amount: allocation - 10_000_000n, lock: lockOfKey(coin) }]);
  while (heightOf(node) < 5) node.pass(10_000);
  submit(node, ...Array.from({ length: payments }, (_, coin) => pay(coin)));
  const { blockIntervalMs, epochCloseWaitMs } = paramsOf.devnet;
  const closesAtMs = genesisTime + 6 * blockIntervalMs + epochCloseWaitMs;
  node.pass(closesAtMs - 1 - node.nowMs);
  expect(heightOf(node)).toBe(5);
  const late = pay(payments);
  submit(node, late);
  let isLate = false;
  node.betweenSteps = () => {
    if (isLate || node.engine.views.pending(late.txid)?.status !== 'pending') return;
    isLate = true;
    node.input({ kind: 'timer', timer: 'vote-flush' });
  };
  node.pass(5);
  expect(isLate).toBe(true);
  const last = decodeBlock(node.chain.blocks[6]?.encoded ?? new Uint8Array());
  expect(last).toMatchObject({ header: { closesEpoch: true }, transactions: { length: payments + 1 } });
  expect(node.engine.views.pending(late.txid)?.status).toBe('pending');
  node.pass(1_000);
  expect(node.engine.views.pending(late.txid)?.status).toBe('final');
});
