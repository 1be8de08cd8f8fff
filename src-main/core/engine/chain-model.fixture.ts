import { lockOf } from '../../../src-shared/domain/address.ts';
import { type Lock, type NodeId, type OutpointKey, outpointKey, type PublicKey } from '../../../src-shared/domain/ids.ts';
import type { Coin } from '../codec/coin.ts';
import { decodeMasternodePayload, isMasternodeKind, type MasternodePayload } from '../codec/masternode-payload.ts';
import type { HashedTransaction } from '../codec/transaction.ts';
import type { Tier } from '../snapshot.ts';

/**
 * Protocol sections 4, 5 and 7 once more, as plainly as they can be written down, and with nothing of the program's own rules: what every cleverer
 * implementation is held to. No limits of size; signatures are taken as good, and who signed is what counts.
 */
export interface ModelMember {
  readonly nodeId: NodeId;
  readonly tier: Tier;
  readonly collateral: OutpointKey | undefined;
  readonly owner: Lock;
  reward: Lock;
  readonly registered: number;
  status: 'waiting' | 'active' | 'inactive' | 'reviving';
  /** Heights of this epoch's counted blocks that it signed. */
  signed: readonly number[];
  closed: readonly { readonly signed: number; readonly counted: number }[];
}
export interface ModelSeat {
  readonly nodeId: NodeId;
  readonly weight: number;
  readonly reward: Lock;
}
export interface ModelBlock {
  readonly time: number;
  readonly closes: boolean;
  /** Of the block before. */
  readonly signers: readonly NodeId[];
  readonly late: readonly { readonly height: number; readonly nodeId: NodeId }[];
}

export interface ModelGenesis {
  readonly time: number;
  readonly members: readonly ModelMember[];
  readonly coins: ReadonlyMap<OutpointKey, Coin>;
  /** Milliseconds of a slot. */
  readonly interval: number;
  /** Slot blocks of an epoch. */
  readonly length: number;
  /** Blocks until a coinbase may be spent. */
  readonly maturity: number;
}

const coinUnits = 100_000_000n;
const rewardUnits = 100n * coinUnits;
const collateralOf: Record<Tier, bigint> = { free: 0n, bronze: 1_000n * coinUnits, silver: 10_000n * coinUnits, gold: 100_000n * coinUnits };
const weightOf: Record<Tier, number> = { free: 1, bronze: 10, silver: 100, gold: 1_000 };
const percentOf: Record<Tier, number> = { free: 85, bronze: 90, silver: 95, gold: 98 };
const keepsClosed = 10;

const sum = <T>(of: readonly T[], by: (one: T) => number): number => of.reduce((all, one) => all + by(one), 0);
const isHeld = ({ tier }: ModelMember): boolean => tier !== 'free';

export class ChainModel {
  coins = new Map<OutpointKey, Coin>();
  members: ModelMember[] = [];
  seats: readonly ModelSeat[] = [];
  height = 0;
  time: number;
  epoch = 0;
  start = 1;
  counted: number[] = [];
  tipCounts = false;
  completed: number | undefined;
  launched = false;
  supply = 0n;
  readonly #of: ModelGenesis;

  constructor(of: ModelGenesis) {
    this.#of = of;
    this.time = of.time;
    this.members = of.members.map((member) => ({ ...member }));
    this.coins = new Map(of.coins);
    for (const { amount } of of.coins.values()) this.supply += amount;
    this.launched = this.#hasLaunched(this.members);
    this.seats = this.#seatsOf(this.members);
  }

  copy(): ChainModel {
    const { coins, members, counted } = this;
    return Object.assign(new ChainModel(this.#of), this, {
      coins: new Map(coins),
      members: members.map((member) => ({ ...member })),
      counted: [...counted],
    });
  }

  slotOf(time: number): number {
    return Math.floor((time - this.#of.time) / this.#of.interval);
  }
  mayClose(time: number): boolean {
    return this.completed !== undefined && this.slotOf(time) > this.slotOf(this.completed);
  }
  member(nodeId: NodeId): ModelMember | undefined {
    return this.members.find((member) => member.nodeId === nodeId);
  }
  holder(key: OutpointKey): ModelMember | undefined {
    return this.members.find(({ collateral }) => collateral === key);
  }
  isEligible(nodeId: NodeId): boolean {
    const member = this.member(nodeId);
    if (member === undefined) return false;
    const isNew = member.closed.length === 0 && member.registered > 0;
    const epochs = isNew ? [{ signed: member.signed.length, counted: this.counted.length }] : member.closed;
    const counted = sum(epochs, (epoch) => epoch.counted);
    return (counted > 0 || !isNew) && 100 * sum(epochs, ({ signed }) => signed) >= percentOf[member.tier] * counted;
  }

  /** Whether the next block may hold it after `before`, and then its fee. */
  fee(one: HashedTransaction): bigint | undefined {
    const { kind, inputs, outputs, payload, witnesses } = one.transaction;
    const signed = new Set(witnesses.map(({ publicKey }) => lockOf(publicKey)));
    const said = isMasternodeKind(kind) ? decodeMasternodePayload(kind, payload) : undefined;
    if (said !== undefined && !this.#registryTakes(said, inputs.map(outpointKey))) return undefined;
    const needed = new Set(said === undefined ? [] : this.#signers(said));
    const spent: Coin[] = [];
    for (const input of inputs) {
      const coin = this.coins.get(outpointKey(input));
      if (coin === undefined) return undefined;
      if (coin.coinbase && this.height + 1 < coin.height + this.#of.maturity) return undefined;
      const holder = this.holder(outpointKey(input));
      if (holder !== undefined && !(said?.kind === 'masternode-exit' && said.nodeId === holder.nodeId)) return undefined;
      needed.add(coin.lock);
      spent.push(coin);
    }
    if (needed.size !== signed.size || [...needed].some((lock) => !signed.has(lock))) return undefined;
    if (kind === 'masternode-revive') return 0n;
    let fee = 0n;
    for (const { amount } of spent) fee += amount;
    for (const { amount } of outputs) fee -= amount;
    let toOthers = 0n;
    for (const lock of new Set(outputs.map((output) => output.lock))) {
      let gain = 0n;
      for (const output of outputs) if (output.lock === lock) gain += output.amount;
      for (const coin of spent) if (coin.lock === lock) gain -= coin.amount;
      if (gain > 0n) toOthers += gain;
    }
    return fee >= 1_000n && fee >= 4n * BigInt(one.encoded.length) && 1_000n * fee >= toOthers ? fee : undefined;
  }

  /** A transaction of the next block; later ones find what it did. */
  take(one: HashedTransaction): void {
    const { kind, inputs, outputs, payload } = one.transaction;
    for (const input of inputs) this.coins.delete(outpointKey(input));
    for (const [vout, { amount, lock }] of outputs.entries())
      this.coins.set(outpointKey({ txid: one.txid, vout }), { amount, lock, height: this.height + 1, coinbase: kind === 'coinbase' });
    if (!isMasternodeKind(kind)) return;
    const said = decodeMasternodePayload(kind, payload);
    if (said.kind === 'masternode-register') {
      const { nodeId, tier, collateral, ownerLock, rewardLock } = said;
      const fields = { nodeId, tier, collateral: collateral && outpointKey(collateral), owner: ownerLock, reward: rewardLock };
      this.members.push({ ...fields, registered: this.height + 1, status: 'waiting', signed: [], closed: [] });
    } else if (said.kind === 'masternode-exit') this.members = this.members.filter(({ nodeId }) => nodeId !== said.nodeId);
    else {
      const member = this.member(said.nodeId) as ModelMember;
      if (said.kind === 'masternode-revive') member.status = 'reviving';
      else member.reward = said.rewardLock;
    }
  }

  /** What the coinbase of the next block pays, asked before its transactions are taken. */
  payments(time: number, proposer: NodeId, fees: bigint): { readonly lock: Lock; readonly amount: bigint }[] {
    const paid = this.slotOf(time) > this.slotOf(this.time) ? this.seats.filter(({ nodeId }) => this.isEligible(nodeId)) : [];
    const weight = BigInt(sum(paid, (seat) => seat.weight));
    const shareOf = (seat: ModelSeat): bigint => (paid.includes(seat) ? (rewardUnits * BigInt(seat.weight)) / weight : 0n);
    let rest = weight === 0n ? 0n : rewardUnits;
    for (const seat of this.seats) rest -= shareOf(seat);
    return this.seats
      .map((seat) => ({ lock: seat.reward, amount: shareOf(seat) + (seat.nodeId === proposer ? rest + fees : 0n) }))
      .filter(({ amount }) => amount > 0n);
  }

  /** The beginning of the next block: what it shows of who signed those before, of who is registered by now. */
  open({ signers, late }: Pick<ModelBlock, 'signers' | 'late'>): void {
    if (this.tipCounts) {
      this.counted.push(this.height);
      for (const nodeId of signers) this.#credit(nodeId, this.height);
    }
    for (const { nodeId, height } of late) if (this.counted.includes(height)) this.#credit(nodeId, height);
  }

  /** Its end, after its transactions. */
  close({ time, closes }: Pick<ModelBlock, 'time' | 'closes'>): void {
    this.height++;
    const isSlot = this.slotOf(time) > this.slotOf(this.time);
    this.time = time;
    this.tipCounts = isSlot && !closes;
    if (closes) return this.#nextEpoch();
    if (this.counted.length + (this.tipCounts ? 1 : 0) >= this.#of.length) this.completed ??= time;
  }

  #credit(nodeId: NodeId, height: number): void {
    const member = this.member(nodeId);
    if (member !== undefined && !member.signed.includes(height)) member.signed = [...member.signed, height];
  }

  #nextEpoch(): void {
    const seated = (nodeId: NodeId): ModelSeat | undefined => this.seats.find((seat) => seat.nodeId === nodeId);
    const total = sum(this.seats, ({ weight }) => weight);
    const absent = this.members
      .map((member, place) => ({ member, place }))
      .filter(({ member }) => member.status === 'active' && seated(member.nodeId) !== undefined && member.signed.length * 2 < this.counted.length)
      .sort((a, b) => a.member.signed.length - b.member.signed.length || b.place - a.place);
    let gone = 0;
    const leaves = new Set<NodeId>();
    for (const { member } of absent) {
      const weight = seated(member.nodeId)?.weight ?? 0;
      if ((gone + weight) * 10 > total) continue;
      gone += weight;
      leaves.add(member.nodeId);
    }
    for (const member of this.members) {
      if (seated(member.nodeId) !== undefined && member.registered < this.start && this.counted.length > 0)
        member.closed = [...member.closed, { signed: member.signed.length, counted: this.counted.length }].slice(-keepsClosed);
      member.signed = [];
      if (leaves.has(member.nodeId)) member.status = 'inactive';
      else if (member.status !== 'inactive') member.status = 'active';
    }
    this.epoch++;
    this.start = this.height + 1;
    this.counted = [];
    this.tipCounts = false;
    this.completed = undefined;
    const active = this.members.filter(({ status }) => status === 'active');
    this.launched ||= this.#hasLaunched(active);
    this.seats = this.#seatsOf(active);
  }

  #hasLaunched(active: readonly ModelMember[]): boolean {
    const held = active.filter(isHeld);
    const weight = sum(held, ({ tier }) => weightOf[tier]);
    return held.length >= 4 && held.every(({ tier }) => 3 * weightOf[tier] < weight) && weight >= 10 * this.#of.members.length;
  }
  #seatsOf(active: readonly ModelMember[]): ModelSeat[] {
    const cap = Math.floor(sum(active.filter(isHeld), ({ tier }) => weightOf[tier]) / 10);
    let free = 0;
    return active
      .filter((member) => isHeld(member) || free++ < cap || (!this.launched && member.registered === 0))
      .map(({ nodeId, tier, reward }) => ({ nodeId, weight: weightOf[tier], reward }));
  }

  #signers(said: MasternodePayload): readonly Lock[] {
    const node = lockOf(said.nodeId as string as PublicKey);
    if (said.kind === 'masternode-register') return [said.ownerLock, node];
    return said.kind === 'masternode-revive' ? [node] : [this.member(said.nodeId)?.owner as Lock];
  }
  #registryTakes(said: MasternodePayload, inputs: readonly OutpointKey[]): boolean {
    const member = this.member(said.nodeId);
    switch (said.kind) {
      case 'masternode-register': {
        if (member !== undefined || (said.tier === 'free') !== (said.collateral === undefined)) return false;
        if (said.collateral === undefined) return true;
        const key = outpointKey(said.collateral);
        const coin = this.coins.get(key);
        if (coin === undefined || inputs.includes(key) || this.holder(key) !== undefined) return false;
        if (coin.coinbase && this.height + 1 < coin.height + this.#of.maturity) return false;
        return coin.amount === collateralOf[said.tier] && coin.lock === said.ownerLock;
      }
      case 'masternode-update':
        return member !== undefined;
      case 'masternode-revive':
        return member?.status === 'inactive' && said.epoch === this.epoch;
      case 'masternode-exit':
        return member !== undefined && (member.collateral === undefined || inputs.includes(member.collateral));
      default:
        return said satisfies never;
    }
  }
}
