import { type BlockHash, type Lock, type NodeId, type Outpoint, type OutpointKey, outpointKey } from '../../src-shared/domain/ids.ts';
import type { HashedBlock } from '../core/codec/block.ts';
import { decodeMasternodePayload, isMasternodeKind, type MasternodePayload } from '../core/codec/masternode-payload.ts';
import { type ClosedEpoch, hashRegistry, hashSnapshot, type MemberStatus } from '../core/codec/registry.ts';
import type { HashedTransaction } from '../core/codec/transaction.ts';
import type { Genesis } from '../core/genesis.ts';
import type { Tier } from '../core/snapshot.ts';
import { holds } from './broken-invariant.ts';

/** Protocol section 5, written down once more: a table of its own, so that a wrong number in the core is not right here too. */
const rules: Record<Tier, { readonly weight: number; readonly percent: number }> = {
  free: { weight: 1, percent: 85 },
  bronze: { weight: 10, percent: 90 },
  silver: { weight: 100, percent: 95 },
  gold: { weight: 1_000, percent: 98 },
};
const slotMs = 10_000;
const epochSlots = 5;
const maxFree = 500;
const rewardUnits = 10_000_000_000n;

interface Entry {
  nodeId: NodeId;
  tier: Tier;
  collateral: Outpoint | undefined;
  ownerLock: Lock;
  rewardLock: Lock;
  serviceAddress: string;
  registeredHeight: number;
  status: MemberStatus;
  /** Heights. */
  signed: Set<number>;
  closed: ClosedEpoch[];
}
interface Voter {
  readonly nodeId: NodeId;
  readonly tier: Tier;
  readonly weight: number;
  readonly rewardLock: Lock;
  readonly serviceAddress: string;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
const weightOf = ({ tier }: Pick<Entry, 'tier'>): number => rules[tier].weight;

interface SlotBlock {
  readonly height: number;
  readonly hash: BlockHash;
  readonly timeMs: number;
}

/**
 * The registry, the snapshots and the rewards of one chain, worked out from its blocks alone and in the plainest way there is. Whatever the headers and the
 * coinbases say must come to the same.
 */
export class RegistryModel {
  readonly #name: string;
  readonly #genesisTimeMs: number;
  readonly #genesisMembers: number;
  #entries: Entry[];
  #voters: Voter[];
  #epoch = 0;
  #startHeight = 1;
  #launched: boolean;
  /** Slot blocks of the epoch, the last one's certificate perhaps still to come. */
  #slotBlocks: SlotBlock[] = [];
  #tip: { height: number; timeMs: number };

  constructor(name: string, { registry, time }: Genesis) {
    this.#name = name;
    this.#genesisTimeMs = time;
    this.#genesisMembers = registry.members.length;
    this.#entries = registry.members.map((member) => ({ ...member, signed: new Set(), closed: [], status: 'active' }));
    this.#tip = { height: 0, timeMs: time };
    this.#launched = this.#hasLaunched();
    this.#voters = this.#votersOf();
  }

  /** Units that the block issues. Every block is given once, in order. */
  apply({ header, hash, transactions, previousCertificate, latePrecommits }: HashedBlock): bigint {
    const { height, time } = header;
    const isSlotBlock = this.#slot(time) > this.#slot(this.#tip.timeMs);
    holds(header.snapshotHash === hashSnapshot({ epoch: this.#epoch, members: this.#voters }), () => `${this.#at(height)} is decided by another snapshot`);
    const issued = this.#checkRewards(transactions, header.proposer, height, isSlotBlock);
    this.#credit(height - 1, previousCertificate?.precommits ?? []);
    for (const late of latePrecommits) this.#credit(late.height, [late]);
    for (const one of transactions.slice(1)) this.#operate(one, height);
    if (header.closesEpoch) this.#close(height, time);
    else if (isSlotBlock) this.#slotBlocks.push({ height, hash, timeMs: time });
    this.#tip = { height, timeMs: time };
    holds(header.registryHash === this.#hash(), () => `${this.#at(height)} says another registry than its blocks`);
    return issued;
  }

  /** Who may be paid: every share by weight, rounded down, what is left to the proposer. */
  #checkRewards([coinbase, ...rest]: readonly HashedTransaction[], proposer: NodeId, height: number, isSlotBlock: boolean): bigint {
    const paid = isSlotBlock ? this.#voters.filter((voter) => this.#isEligible(voter)) : [];
    const weight = BigInt(sum(paid.map(weightOf)));
    const outputs = coinbase?.transaction.outputs ?? [];
    const issued = paid.length === 0 ? 0n : rewardUnits;
    const shares = this.#voters.map((voter): bigint => (paid.includes(voter) ? (rewardUnits * BigInt(weightOf(voter))) / weight : 0n));
    const fixed = this.#voters.flatMap((voter, index) => (voter.nodeId === proposer || shares[index] === 0n ? [] : [`${voter.rewardLock} ${shares[index]}`]));
    const place = this.#voters.findIndex(({ nodeId }) => nodeId === proposer);
    holds(place >= 0, () => `${this.#at(height)} is of ${proposer}, who is no member`);
    // The proposer's part has the fees in it, which the audit of the coins sums up.
    const before = this.#voters.slice(0, place).filter((_, index) => shares[index] !== 0n).length;
    const isProposerPaid = outputs.length === fixed.length + 1;
    const others = outputs.filter((_, index) => !isProposerPaid || index !== before).map(({ lock, amount }) => `${lock} ${amount}`);
    holds(others.join() === fixed.join(), () => `${this.#at(height)} pays ${others.join()} instead of ${fixed.join()}`);
    const own = isProposerPaid ? outputs[before] : undefined;
    holds(own === undefined || own.lock === this.#voters[place]?.rewardLock, () => `${this.#at(height)} pays its proposer elsewhere`);
    const least = (shares[place] ?? 0n) + issued - shares.reduce((all, one) => all + one, 0n);
    holds((own?.amount ?? 0n) >= least, () => `${this.#at(height)} pays its proposer ${own?.amount} of ${least} units`);
    holds(rest.length > 0 || (own?.amount ?? 0n) === least, () => `${this.#at(height)} pays its proposer ${own?.amount} units, and has no fees`);
    return issued;
  }

  #isEligible({ nodeId }: Voter): boolean {
    const entry = this.#entries.find((one) => one.nodeId === nodeId);
    if (entry === undefined) return false;
    const isNew = entry.closed.length === 0 && entry.registeredHeight > 0;
    const epochs = isNew ? [{ signed: entry.signed.size, counted: this.#certified.length }] : entry.closed;
    const counted = sum(epochs.map((epoch) => epoch.counted));
    return (counted > 0 || !isNew) && 100 * sum(epochs.map((epoch) => epoch.signed)) >= rules[entry.tier].percent * counted;
  }

  #credit(height: number, signers: readonly { readonly nodeId: NodeId }[]): void {
    if (!this.#slotBlocks.some((one) => one.height === height)) return;
    for (const { nodeId } of signers) this.#entries.find((one) => one.nodeId === nodeId)?.signed.add(height);
  }

  #operate({ transaction, inputKeys, txid }: HashedTransaction, height: number): void {
    const payload = isMasternodeKind(transaction.kind) ? decodeMasternodePayload(transaction.kind, transaction.payload) : undefined;
    for (const key of inputKeys) {
      const holder = this.#holderOf(key);
      const leaves = payload?.kind === 'masternode-exit' && payload.nodeId === holder?.nodeId;
      holds(holder === undefined || leaves, () => `${this.#at(height)} spends the collateral of ${holder?.nodeId} in ${txid}`);
    }
    if (payload !== undefined) this.#change(payload, height);
  }

  #change(payload: MasternodePayload, height: number): void {
    const entry = this.#entries.find(({ nodeId }) => nodeId === payload.nodeId);
    if (payload.kind === 'masternode-register') {
      const { kind: _, ...fields } = payload;
      const taken = payload.collateral && this.#holderOf(outpointKey(payload.collateral));
      holds(entry === undefined && taken === undefined, () => `${this.#at(height)} registers a node or a collateral that is registered: ${payload.nodeId}`);
      const free = this.#entries.filter(({ tier }) => tier === 'free').length;
      holds(payload.tier !== 'free' || free < maxFree, () => `${this.#at(height)} registers more Free ones than there is room for: ${payload.nodeId}`);
      this.#entries.push({ ...fields, registeredHeight: height, status: 'waiting', signed: new Set(), closed: [] });
      return;
    }
    holds(entry !== undefined, () => `${this.#at(height)}: ${payload.kind} of ${payload.nodeId}, who is not registered`);
    if (payload.kind === 'masternode-exit') this.#entries = this.#entries.filter((one) => one !== entry);
    else if (payload.kind === 'masternode-update') Object.assign(entry, { rewardLock: payload.rewardLock, serviceAddress: payload.serviceAddress });
    else {
      holds(payload.epoch === this.#epoch && entry.status === 'inactive', () => `${this.#at(height)} revives ${payload.nodeId}, who is ${entry.status}`);
      entry.status = 'reviving';
    }
  }

  #close(height: number, timeMs: number): void {
    const completed = this.#slotBlocks[epochSlots - 1];
    holds(completed !== undefined && this.#slot(timeMs) > this.#slot(completed.timeMs), () => `${this.#at(height)} closes its epoch too soon`);
    const counted = this.#slotBlocks.length;
    const weightOfVoter = (nodeId: NodeId): number => this.#voters.find((voter) => voter.nodeId === nodeId)?.weight ?? 0;
    const total = sum(this.#voters.map(({ weight }) => weight));
    let gone = 0;
    // The least first; of equals the one that registered last.
    const absent = this.#entries.map((entry, place) => ({ entry, place })).filter(({ entry }) => entry.status === 'active' && weightOfVoter(entry.nodeId) > 0);
    absent.sort((a, b) => a.entry.signed.size - b.entry.signed.size || b.place - a.place);
    const inactive = new Set<Entry>();
    for (const { entry } of absent) {
      const more = weightOfVoter(entry.nodeId);
      if (2 * entry.signed.size >= counted || 10 * (gone + more) > total) continue;
      gone += more;
      inactive.add(entry);
    }
    for (const entry of this.#entries) {
      if (weightOfVoter(entry.nodeId) > 0 && entry.registeredHeight < this.#startHeight)
        entry.closed = [...entry.closed, { signed: entry.signed.size, counted }].slice(-10);
      entry.signed = new Set();
      if (inactive.has(entry)) entry.status = 'inactive';
      else if (entry.status !== 'inactive') entry.status = 'active';
    }
    this.#epoch++;
    this.#startHeight = height + 1;
    this.#slotBlocks = [];
    this.#launched ||= this.#hasLaunched();
    this.#voters = this.#votersOf();
  }

  #votersOf(): Voter[] {
    const active = this.#entries.filter(({ status }) => status === 'active');
    const cap = Math.floor(sum(active.filter(({ tier }) => tier !== 'free').map(weightOf)) / 10);
    let free = 0;
    return active.flatMap((entry): Voter[] => {
      const founded = !this.#launched && entry.registeredHeight === 0;
      if (entry.tier === 'free' && ++free > cap && !founded) return [];
      const { nodeId, tier, rewardLock, serviceAddress } = entry;
      return [{ nodeId, tier, weight: weightOf(entry), rewardLock, serviceAddress }];
    });
  }

  #hasLaunched(): boolean {
    const weights = this.#entries.filter(({ tier, status }) => tier !== 'free' && status === 'active').map(weightOf);
    const total = sum(weights);
    return weights.length >= 4 && weights.every((weight) => 3 * weight < total) && total >= 10 * this.#genesisMembers;
  }

  #holderOf(key: OutpointKey): Entry | undefined {
    return this.#entries.find(({ collateral }) => collateral !== undefined && outpointKey(collateral) === key);
  }

  get #tipCounts(): boolean {
    return this.#slotBlocks.at(-1)?.height === this.#tip.height;
  }
  /** Slot blocks of the epoch whose certificate is in the chain. */
  get #certified(): readonly SlotBlock[] {
    return this.#tipCounts ? this.#slotBlocks.slice(0, -1) : this.#slotBlocks;
  }
  #hash(): ReturnType<typeof hashRegistry> {
    const counted = this.#certified;
    const places = new Map(counted.map(({ height }, place) => [height, place]));
    return hashRegistry({
      progress: {
        epoch: this.#epoch,
        startHeight: this.#startHeight,
        genesisMembers: this.#genesisMembers,
        launched: this.#launched,
        counted: counted.map(({ height, hash }) => ({ height, hash })),
        tipCounts: this.#tipCounts,
        completedMs: this.#slotBlocks[epochSlots - 1]?.timeMs,
      },
      members: this.#entries.map((entry) => ({ ...entry, signed: [...entry.signed].map((height) => places.get(height) ?? -1).sort((a, b) => a - b) })),
    });
  }

  #slot(timeMs: number): number {
    return Math.floor((timeMs - this.#genesisTimeMs) / slotMs);
  }
  #at(height: number): string {
    return `${this.#name}: block ${height}`;
  }
}
