import { describe, expect, it } from 'vitest';
import { lockOf } from '../../../src-shared/domain/address.ts';
import { type Lock, type Outpoint, outpointKey } from '../../../src-shared/domain/ids.ts';
import type { MasternodePayload } from '../codec/masternode-payload.ts';
import { type HashedTransaction, hashTransaction } from '../codec/transaction.ts';
import { sign } from '../crypto/signature.ts';
import type { EngineEvent } from '../events.ts';
import { createGenesis } from '../genesis.ts';
import { Registry } from '../masternodes/registry.ts';
import { encodeRegistryState } from '../masternodes/registry-state.ts';
import { paramsOf } from '../params.ts';
import { tiers } from '../tiers.ts';
import { buildMasternode, signTransaction } from '../wallet/builder.ts';
import { allocation, coinOf, genesisOf, genesisTime, keyOf, lockOfKey, payment, TestNode } from './test-node.fixture.ts';

/** One member alone is its own quorum, so it decides by itself. */
const genesis = genesisOf(1, 6);
const newcomer = keyOf(7);
const feeUnits = 100_000n;

function masternode(payload: MasternodePayload, coin: Outpoint | undefined, signers: readonly Lock[], of = genesis): HashedTransaction {
  const plan = coin && {
    coins: [{ outpoint: coin, amount: allocation, lock: lockOfKey(0) }],
    outputs: [{ amount: allocation - feeUnits, lock: lockOfKey(0) }],
  };
  const unsigned = buildMasternode(payload, plan as never, 1);
  const keys = new Map(
    [keyOf(0), newcomer].map(({ seed, publicKey }) => [lockOf(publicKey), { publicKey, sign: (message: Uint8Array) => sign(seed, message) }]),
  );
  return hashTransaction(signTransaction(unsigned, coin === undefined ? [] : [lockOfKey(0)], of.hash, (lock) => keys.get(lock), signers).transaction);
}
const registerFree = (coin: number): HashedTransaction =>
  masternode(
    {
      kind: 'masternode-register',
      nodeId: newcomer.nodeId,
      tier: 'free',
      collateral: undefined,
      ownerLock: lockOfKey(0),
      rewardLock: lockOfKey(0),
      serviceAddress: `h${coin}:1`,
    },
    coinOf(genesis, 1, coin),
    [lockOfKey(0), lockOf(newcomer.publicKey)],
  );
/** Its first coin is a Bronze collateral, the others pay. */
const rich = createGenesis({
  network: 'devnet',
  time: genesisTime,
  masternodes: [{ nodeKey: keyOf(0).nodeId, tier: 'bronze', ownerLock: lockOfKey(0), rewardLock: lockOfKey(0), serviceAddress: '' }],
  allocations: [tiers.bronze.collateralUnits, allocation, allocation].map((amount, index) => ({ lock: lockOfKey(0), amount, label: `coin ${index}` })),
});
const registerBronze = (collateral: Outpoint): HashedTransaction =>
  masternode(
    { kind: 'masternode-register', nodeId: newcomer.nodeId, tier: 'bronze', collateral, ownerLock: lockOfKey(0), rewardLock: lockOfKey(0), serviceAddress: '' },
    coinOf(rich, 1, 1),
    [lockOfKey(0), lockOf(newcomer.publicKey)],
    rich,
  );
const exit = (coin: number): HashedTransaction => masternode({ kind: 'masternode-exit', nodeId: newcomer.nodeId }, coinOf(genesis, 1, coin), [lockOfKey(0)]);

const submit = (node: TestNode, ...transactions: readonly HashedTransaction[]): void => {
  for (const [request, { encoded }] of transactions.entries()) node.input({ kind: 'submit-transaction', request, encoded });
};
const eventsOf = <K extends EngineEvent['kind']>(node: TestNode, kind: K) =>
  node.events.filter((event) => event.kind === kind) as Extract<EngineEvent, { kind: K }>[];
const slots = (node: TestNode, count: number): void => node.pass(count * 10_000);

describe('a registration', () => {
  it('is told with when it begins to count, and counts from there', () => {
    const node = new TestNode(genesis, 0);
    submit(node, registerFree(0));
    slots(node, 1);
    const [registered] = eventsOf(node, 'masternode-registered');
    expect(registered).toMatchObject({ nodeId: newcomer.nodeId, tier: 'free', total: 2, activeEpoch: 1 });
    expect(node.engine.views.registry().member(newcomer.nodeId)?.status).toBe('waiting');
    slots(node, 6);
    expect(node.engine.views.registry().progress.startHeight).toBe(registered?.activeHeight);
    expect(eventsOf(node, 'masternode-active')).toMatchObject([{ nodeId: newcomer.nodeId, awayMs: undefined }]);
    expect(node.engine.views.snapshot().members.map(({ nodeId }) => nodeId)).toContain(newcomer.nodeId);
  });

  it('of a node that another one registered meanwhile leaves the mempool', () => {
    const node = new TestNode(genesis, 0);
    submit(node, registerFree(0), registerFree(1));
    slots(node, 1);
    expect(eventsOf(node, 'masternode-registered')).toHaveLength(1);
    expect(eventsOf(node, 'transaction-dropped')).toMatchObject([{ reason: 'inapplicable' }]);
    expect(node.engine.views.mempool().size).toBe(0);
  });

  it('and a payment of its collateral do not both come into the chain, whichever came first', () => {
    for (const payFirst of [false, true]) {
      const node = new TestNode(rich, 0);
      const collateral = coinOf(rich, 1, 0);
      const paid = payment(rich, [collateral], [{ amount: tiers.bronze.collateralUnits - 200_000_000n, lock: lockOfKey(0) }]);
      const both = [registerBronze(collateral), paid];
      submit(node, ...(payFirst ? both.reverse() : both));
      slots(node, 2);
      const isRegistered = node.engine.views.registry().member(newcomer.nodeId) !== undefined;
      const isPaid = node.chain.transactionHeight(paid.txid) !== undefined;
      expect([isRegistered, isPaid].filter(Boolean)).toHaveLength(1);
      expect(node.chain.coin(outpointKey(collateral)) === undefined).toBe(isPaid);
      expect(node.engine.views.mempool().size).toBe(0);
    }
  });

  it('that came before the payment that makes its collateral was final is taken when it is', () => {
    const node = new TestNode(rich, 0);
    const connection = node.connect(1, 60);
    const pays = payment(
      rich,
      [coinOf(rich, 1, 0), coinOf(rich, 1, 2)],
      [
        { amount: tiers.bronze.collateralUnits, lock: lockOfKey(0) },
        { amount: allocation - 10_000_000n, lock: lockOfKey(0) },
      ],
    );
    const registers = registerBronze({ txid: pays.txid, vout: 0 });
    for (const { encoded } of [pays, registers]) node.receive(connection, 'TransactionBroadcast', { transactions: [encoded] });
    expect(node.engine.views.pending(registers.txid)).toBeUndefined();
    node.pass(1_000);
    expect(node.engine.views.pending(pays.txid)?.status).toBe('final');
    expect(node.engine.views.pending(registers.txid)).toBeDefined();
    slots(node, 1);
    expect(node.engine.views.registry().member(newcomer.nodeId)?.tier).toBe('bronze');
    expect(node.disconnected).toEqual([]);
  });

  it('ends with an exit, which is told', () => {
    const node = new TestNode(genesis, 0);
    submit(node, registerFree(0));
    slots(node, 1);
    submit(node, exit(1), exit(2));
    slots(node, 1);
    expect(eventsOf(node, 'masternode-left')).toMatchObject([{ nodeId: newcomer.nodeId, total: 1 }]);
    expect(eventsOf(node, 'transaction-dropped')).toMatchObject([{ reason: 'inapplicable' }]);
  });
});

describe('a masternode that was away too long', () => {
  const { registry } = genesis;
  const asleep = (options: ConstructorParameters<typeof TestNode>[3] = {}): TestNode => {
    // It decides alone still, since the snapshot of its epoch stands.
    const contents = { progress: registry.progress, members: registry.members.map((member) => ({ ...member, status: 'inactive' as const })) };
    return new TestNode(genesis, 0, { registry: encodeRegistryState(Registry.restored(contents, registry.snapshot.members, undefined)) }, options);
  };

  it('says that it is back with the first block that it has, once, and is active with the next epoch', () => {
    const node = asleep();
    slots(node, 1);
    expect(eventsOf(node, 'reviving')).toMatchObject([{ epoch: 0 }]);
    slots(node, 1);
    expect(node.engine.views.registry().member(keyOf(0).nodeId)?.status).toBe('reviving');
    slots(node, 5);
    expect(node.engine.views.registry().member(keyOf(0).nodeId)?.status).toBe('active');
    expect(eventsOf(node, 'masternode-active')).toMatchObject([{ nodeId: keyOf(0).nodeId }]);
    expect(eventsOf(node, 'reviving')).toHaveLength(1);
  });

  it('waits until it has caught up', () => {
    const source = asleep();
    slots(source, 2);
    // While it listens it decides nothing by itself.
    const node = asleep({ params: { ...paramsOf.devnet, listenMs: 60_000 } });
    node.nowMs = source.nowMs + 3_600_000;
    const peer = node.connect(1, 5, 1_000);
    const { encoded, certificate } = source.chain.blocks[1] ?? {};
    node.receive(peer, 'Blocks', { from: 1, blocks: [encoded ?? new Uint8Array()], certificate });
    expect(node.engine.views.tip().height).toBe(1);
    expect(eventsOf(node, 'reviving')).toEqual([]);
  });

  it('is not kept from it by who claims blocks that are not there', () => {
    const node = asleep();
    node.pass(9_900);
    node.connect(1, 5, 1_000_000);
    node.pass(200);
    expect(node.engine.views.tip().height).toBe(1);
    expect(eventsOf(node, 'reviving')).toHaveLength(1);
  });
});
