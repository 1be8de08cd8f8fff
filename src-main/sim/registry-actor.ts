import type { HashedTransaction } from '../core/codec/transaction.ts';
import type { Registry } from '../core/masternodes/registry.ts';
import type { Tier } from '../core/snapshot.ts';
import { tiers } from '../core/tiers.ts';
import { keyPairOf } from '../node/keys/ed25519.ts';
import { holds } from './broken-invariant.ts';
import type { Clients } from './clients.ts';
import type { SimHost } from './host.ts';
import type { Prng } from './prng.ts';
import { nodeIdOf, OwnersPurse, type Registrable, registration } from './registry-moves.ts';
import { type OwnedCoin, type SimGenesis, type SimKey, simKeyOf } from './sim-genesis.ts';
import type { TransactionLog } from './transaction-log.ts';
import type { World } from './world.ts';

/** Registrations without a machine, in all: a crowd that costs nothing (protocol section 5 caps what it weighs). */
const maxGhosts = 6;
const maxReplays = 20;

/** One with a purse and a machine. */
interface Owner {
  readonly purse: OwnersPurse;
  readonly machine: Registrable;
}
/** What an owner looks at before it does anything. */
interface Sight {
  readonly owner: Owner;
  readonly host: SimHost;
  readonly registry: Registry;
  readonly fee: OwnedCoin;
}

/** People who own masternodes: they register, change, leave and come again, and play with collaterals whatever the rules may forget to forbid. */
export class Owners {
  readonly #world: World;
  readonly #random: Prng;
  readonly #hosts: readonly SimHost[];
  readonly #genesis: SimGenesis;
  readonly #clients: Pick<Clients, 'pay'>;
  readonly #owners: readonly Owner[];
  /** None of more weight than the strongest of the genesis file: one machine alone should not be a third. */
  readonly #tiers: readonly Exclude<Tier, 'free'>[];
  /** Submitted before, to be submitted again in other times. */
  readonly #replays: HashedTransaction[] = [];
  #ghosts = 0;
  #active = true;

  constructor(options: { world: World; random: Prng; hosts: readonly SimHost[]; genesis: SimGenesis; log: TransactionLog; clients: Pick<Clients, 'pay'> }) {
    const { genesis, log } = options;
    this.#world = options.world;
    this.#random = options.random;
    this.#hosts = options.hosts;
    this.#genesis = genesis;
    this.#clients = options.clients;
    const members = genesis.tiers.length;
    this.#owners = genesis.owners.map((owner, index): Owner => {
      const key = genesis.nodeKeys[members + index] as SimKey;
      return { purse: new OwnersPurse(owner, genesis, log), machine: { key, serviceAddress: genesis.addressOf(members + index) } };
    });
    const strongest = Math.max(...genesis.tiers.map((tier) => tiers[tier].weight));
    this.#tiers = (['bronze', 'silver', 'gold'] as const).filter((tier) => tiers[tier].weight <= strongest);
  }

  /** Something every so often, on average. */
  start(everyMs: number): void {
    this.#world.after(this.#random.below(2 * everyMs), () => {
      if (!this.#active) return;
      this.#turn();
      this.start(everyMs);
    });
  }
  stop(): void {
    this.#active = false;
  }

  #turn(): void {
    const owner = this.#random.pick(this.#owners);
    const host = this.#anyHost();
    const fee = host && this.#random.pick(owner?.purse.feeCoins(host.tables) ?? []);
    if (owner === undefined || host === undefined || fee === undefined) return;
    const sight: Sight = { owner, host, registry: host.views.registry(), fee };
    const isMember = sight.registry.member(nodeIdOf(owner.machine.key)) !== undefined;
    const moves = isMember
      ? [
          this.#update,
          this.#update,
          this.#stranger,
          this.#stranger,
          this.#spendCollateral,
          this.#spendCollateral,
          this.#replay,
          this.#exit,
          this.#exitAndReturn,
        ]
      : [this.#register, this.#register, this.#register, this.#registerTwice, this.#registerTwice, this.#registerAndSpend, this.#ghost, this.#replay];
    this.#random.pick(moves)?.call(this, sight);
  }

  #register({ owner, host, fee }: Sight): void {
    const [tier, collateral] = this.#collateral(owner, host) ?? [];
    if (tier === undefined || collateral === undefined) return;
    const payload = registration(owner.machine, owner.purse.owner, { tier, collateral: collateral.outpoint });
    this.#submit(owner.purse.sign(payload, { fee, signers: [owner.machine.key] }, this.#world.nowMs), host);
  }
  /** One collateral, two machines, at two nodes: the first in a block has it. */
  #registerTwice({ owner, host, fee }: Sight): void {
    const [tier, collateral] = this.#collateral(owner, host) ?? [];
    const otherFee = this.#random.pick(owner.purse.feeCoins(host.tables).filter((coin) => coin !== fee));
    const other = this.#random.pick(this.#owners.filter((one) => one !== owner));
    if (tier === undefined || collateral === undefined || other === undefined || otherFee === undefined) return;
    for (const [{ machine }, coin] of [[owner, fee] as const, [other, otherFee] as const]) {
      const payload = registration(machine, owner.purse.owner, { tier, collateral: collateral.outpoint });
      this.#submit(owner.purse.sign(payload, { fee: coin, signers: [machine.key] }, this.#world.nowMs), this.#anyHost());
    }
  }
  /** Registered and paid away at once: votes and blocks settle which of them was first. */
  #registerAndSpend(sight: Sight): void {
    const { owner, host, fee } = sight;
    const [tier, collateral] = this.#collateral(owner, host) ?? [];
    if (tier === undefined || collateral === undefined) return;
    const payload = registration(owner.machine, owner.purse.owner, { tier, collateral: collateral.outpoint });
    const both = [owner.purse.sign(payload, { fee, signers: [owner.machine.key] }, this.#world.nowMs), this.#clients.pay(collateral)];
    for (const one of this.#random.shuffled(both)) this.#submit(one, this.#anyHost());
  }
  /** Free, and nobody there: it costs a fee and waits for the crowd to be capped. */
  #ghost({ owner, host, fee }: Sight): void {
    if (this.#ghosts >= maxGhosts) return;
    this.#ghosts++;
    const key = simKeyOf(keyPairOf(this.#random.bytes(32)));
    const payload = registration({ key, serviceAddress: '' }, owner.purse.owner, { tier: 'free' });
    this.#submit(owner.purse.sign(payload, { fee, signers: [key] }, this.#world.nowMs), host);
  }

  #update({ owner, host, fee }: Sight): void {
    const rewardLock = this.#random.pick(this.#genesis.wallets)?.lock ?? owner.purse.owner.lock;
    const payload = { kind: 'masternode-update', nodeId: nodeIdOf(owner.machine.key), rewardLock, serviceAddress: owner.machine.serviceAddress } as const;
    this.#submit(owner.purse.sign(payload, { fee, signers: [] }, this.#world.nowMs), host);
  }
  #exit(sight: Sight): void {
    const exit = this.#exitOf(sight);
    if (exit !== undefined) this.#submit(exit, sight.host);
  }
  /** Leaves and registers once more in one breath, in whatever order they arrive. */
  #exitAndReturn(sight: Sight): void {
    this.#exit(sight);
    const fee = this.#random.pick(sight.owner.purse.feeCoins(sight.host.tables));
    const host = this.#anyHost();
    if (fee !== undefined && host !== undefined) this.#register({ ...sight, fee, host });
  }
  #spendCollateral({ owner, host, registry }: Sight): void {
    const collateral = this.#heldBy(owner, registry, host);
    if (collateral !== undefined) this.#submit(this.#clients.pay(collateral), host);
  }
  /** Somebody else's masternode is to leave, or to pay its rewards here: the owner's signature is missing. */
  #stranger({ owner, host, fee, registry }: Sight): void {
    const victim = this.#random.pick(registry.members.filter(({ ownerLock }) => ownerLock !== owner.purse.owner.lock));
    if (victim === undefined) return;
    const { nodeId, serviceAddress } = victim;
    const payload = this.#random.chance(0.5)
      ? ({ kind: 'masternode-exit', nodeId } as const)
      : ({ kind: 'masternode-update', nodeId, rewardLock: owner.purse.owner.lock, serviceAddress } as const);
    const theft = owner.purse.sign(payload, { fee, signers: [] }, this.#world.nowMs);
    host.submit(theft.encoded, (result) => holds('code' in result, () => `${host.name} takes the ${payload.kind} of ${nodeId} from a stranger`));
  }
  /** What was said in another epoch, or before it was undone. */
  #replay({ host }: Sight): void {
    const old = this.#random.pick(this.#replays);
    if (old !== undefined) host.submit(old.encoded);
  }

  #exitOf({ owner, host, registry, fee }: Sight): HashedTransaction | undefined {
    const releases = this.#heldBy(owner, registry, host);
    const nodeId = nodeIdOf(owner.machine.key);
    // Its collateral is another owner's: only that one can have it leave.
    if (registry.member(nodeId)?.ownerLock !== owner.purse.owner.lock) return undefined;
    return owner.purse.sign({ kind: 'masternode-exit', nodeId }, { fee, releases, signers: [] }, this.#world.nowMs);
  }
  #heldBy({ purse, machine }: Owner, registry: Registry, host: SimHost): OwnedCoin | undefined {
    const collateral = registry.member(nodeIdOf(machine.key))?.collateral;
    return collateral && purse.coinAt(collateral, host.tables);
  }
  /** One that is there and that nobody has registered yet. */
  #collateral({ purse }: Owner, host: SimHost): readonly [Exclude<Tier, 'free'>, OwnedCoin] | undefined {
    const registry = host.views.registry();
    const tier = this.#random.pick(this.#tiers);
    const coin = tier && this.#random.pick(purse.coinsOf(tiers[tier].collateralUnits, host.tables).filter(({ key }) => !registry.isCollateral(key)));
    return tier !== undefined && coin !== undefined ? [tier, coin.coin] : undefined;
  }

  #submit(hashed: HashedTransaction, host: SimHost | undefined): void {
    host?.submit(hashed.encoded);
    if (this.#replays.push(hashed) > maxReplays) this.#replays.shift();
  }
  #anyHost(): SimHost | undefined {
    return this.#random.pick(this.#hosts.filter(({ isUp }) => isUp));
  }
}
