import { expect, test, vi } from 'vitest';
import { decodeBlock } from '../core/codec/block.ts';
import type { RegistryMember } from '../core/codec/registry.ts';
import type { Tier } from '../core/snapshot.ts';
import { Cluster } from './cluster.ts';
import type { SimHost } from './host.ts';
import { nodeIdOf, OwnersPurse, registration } from './registry-moves.ts';
import { addressOfNode, type OwnedCoin, type SimKey } from './sim-genesis.ts';

/** Minutes of virtual time: some seconds on an idle machine. */
vi.setConfig({ testTimeout: 120_000 });

const slotMs = 10_000;
/** Five slots and the closing block's, with some room. */
const epochMs = 8 * slotMs;
const tier = (name: Tier, count: number): Tier[] => Array.from({ length: count }, () => name);

/** Eleven members of mixed tiers that weigh 470, and machines that may join. */
class Network {
  readonly cluster: Cluster;
  readonly #members: readonly Tier[] = [...tier('silver', 4), ...tier('bronze', 7)];

  constructor(seed: string, candidates: number) {
    this.cluster = new Cluster({ seed, members: this.#members, candidates, byzantine: 0, faults: new Set(), sampleEvery: 2_000 });
    this.cluster.startAll();
    this.until(() => this.cluster.everyHonest((host) => host.height >= 1), 3 * slotMs, 'a first block');
  }

  purse(candidate: number): OwnersPurse {
    const owner = this.cluster.genesis.owners[candidate];
    if (owner === undefined) throw new Error(`there is no owner ${candidate}`);
    return new OwnersPurse(owner, this.cluster.genesis, this.cluster.log);
  }
  machine(candidate: number): { readonly host: SimHost; readonly key: SimKey; readonly serviceAddress: string } {
    const index = this.#members.length + candidate;
    return { host: this.cluster.host(index), key: this.cluster.genesis.nodeKeys[index] as SimKey, serviceAddress: addressOfNode(index) };
  }
  /** As the first node that is up sees it. */
  get anyHost(): SimHost {
    const host = this.cluster.honest.find(({ isUp }) => isUp);
    if (host === undefined) throw new Error('one is up');
    return host;
  }
  member(host: SimHost): RegistryMember | undefined {
    return this.anyHost.views.registry().member(host.nodeId);
  }
  votes(host: SimHost): boolean {
    return this.anyHost.views.snapshot().byNode.has(host.nodeId);
  }
  get epoch(): number {
    return this.anyHost.views.snapshot().epoch;
  }
  until(isDone: () => boolean, withinMs: number, what: string): void {
    this.cluster.runUntil(isDone, withinMs, () => what);
  }
  nextEpoch(): void {
    const next = this.epoch + 1;
    this.until(() => this.cluster.everyHonest((host) => !host.isUp || host.views.snapshot().epoch === next), epochMs, `epoch ${next}`);
  }
  fee(purse: OwnersPurse): OwnedCoin {
    const [coin] = purse.feeCoins(this.anyHost.tables);
    if (coin === undefined) throw new Error('an owner has coins for fees');
    return coin;
  }
  register(candidate: number, of: 'bronze' | 'silver' | 'gold'): OwnersPurse {
    const purse = this.purse(candidate);
    const machine = this.machine(candidate);
    const coin = this.cluster.genesis.owners[candidate]?.collaterals.find(
      ({ amount }) => amount === { bronze: 1_000n, silver: 10_000n, gold: 100_000n }[of] * 100_000_000n,
    );
    if (coin === undefined) throw new Error(`a collateral for ${of}`);
    const payload = registration(machine, purse.owner, { tier: of, collateral: coin.outpoint });
    const registered = purse.sign(payload, { fee: this.fee(purse), signers: [machine.key] }, this.cluster.world.nowMs);
    this.cluster.host(2).submit(registered.encoded);
    this.until(() => this.member(machine.host) !== undefined, 3 * slotMs, 'its registration in a block');
    return purse;
  }
}

/** Rewards that the tip pays to this lock. */
const isPaid = (network: Network, lock: string): boolean =>
  decodeBlock(network.anyHost.tables.blocks.at(-1)?.encoded as Uint8Array).transactions[0]?.transaction.outputs.some((output) => output.lock === lock) ?? false;

test('registered: a member from the next epoch on, paid and heard; away: inactive the epoch after; back: revived; left: gone, its collateral a coin again', () => {
  const network = new Network('life of a masternode', 1);
  const { cluster } = network;
  const { host: joiner, key } = network.machine(0);
  const [silver, bronze] = [cluster.host(3), cluster.host(7)];

  const purse = network.register(0, 'bronze');
  expect(network.member(joiner)?.status).toBe('waiting');
  expect(network.votes(joiner)).toBe(false);
  network.nextEpoch();
  expect(network.votes(joiner)).toBe(true);
  expect(network.anyHost.views.snapshot().totalWeight).toBe(480);

  // Two are away for this epoch: one fits into a tenth of the weight.
  silver.crash();
  bronze.crash();
  network.until(
    () => (network.member(joiner)?.signed.length ?? 0) > 0 && isPaid(network, purse.owner.lock),
    4 * slotMs,
    'its vote in the chain, and its reward',
  );
  const elsewhere = (cluster.genesis.wallets[0] as SimKey).lock;
  const update = { kind: 'masternode-update', nodeId: nodeIdOf(key), rewardLock: elsewhere, serviceAddress: '' } as const;
  network.anyHost.submit(purse.sign(update, { fee: network.fee(purse), signers: [] }, cluster.world.nowMs).encoded);
  network.until(() => network.member(joiner)?.rewardLock === elsewhere, 3 * slotMs, 'the update in a block');
  // The snapshot says where rewards go, and stays as it is.
  expect(isPaid(network, elsewhere)).toBe(false);
  network.nextEpoch();
  expect([bronze, silver].map((host) => network.member(host)?.status)).toEqual(['inactive', 'active']);
  expect([bronze, silver].map((host) => network.votes(host))).toEqual([false, true]);
  expect(network.anyHost.views.snapshot().totalWeight).toBe(470);

  cluster.startAll();
  network.until(
    () => network.member(bronze)?.status === 'reviving' && isPaid(network, elsewhere),
    3 * slotMs,
    'that one says it is back, and a reward elsewhere',
  );
  const collateral = network.member(joiner)?.collateral;
  const releases = collateral && purse.coinAt(collateral, network.anyHost.tables);
  if (releases === undefined) throw new Error('it has a collateral');
  const theft = cluster.clients.pay(releases);
  network.anyHost.submit(theft.encoded, (result) => expect(result).toMatchObject({ code: 'collateral-locked' }));
  const exit = purse.sign({ kind: 'masternode-exit', nodeId: nodeIdOf(key) }, { fee: network.fee(purse), releases, signers: [] }, cluster.world.nowMs);
  network.anyHost.submit(exit.encoded);
  network.until(() => network.member(joiner) === undefined, 3 * slotMs, 'the exit in a block');
  expect(network.votes(joiner)).toBe(true);
  network.nextEpoch();
  expect([joiner, bronze].map((host) => network.votes(host))).toEqual([false, true]);

  const coin = purse.coinAt({ txid: exit.txid, vout: 0 }, network.anyHost.tables);
  if (coin === undefined) throw new Error('the collateral is a coin again');
  const payment = cluster.clients.pay(coin);
  network.anyHost.submit(payment.encoded);
  network.until(() => cluster.everyHonest((host) => cluster.isFinalAt(host, payment.txid)), 5_000, 'finality of a payment with it');
  const isBack = (host: SimHost): boolean => (network.member(host)?.signed.length ?? 0) > 0;
  const isAllThere = (): boolean => cluster.everyHonest((host) => cluster.missingFinals(host).length === 0);
  network.until(() => isAllThere() && isBack(bronze) && isBack(silver), 4 * slotMs, 'everything in every chain, and votes of those that were away');
  cluster.audit();
});
