import fc from 'fast-check';
import { expect, it } from 'vitest';
import { lockOf } from '../../../src-shared/domain/address.ts';
import { type Lock, type NodeId, type Outpoint, outpointKey, outpointOf, type PublicKey } from '../../../src-shared/domain/ids.ts';
import { testRuns } from '../../../src-shared/domain/test-runs.fixture.ts';
import type { HashedBlock } from '../codec/block.ts';
import { encodeSetElement } from '../codec/coin.ts';
import { encodeMasternodePayload, type MasternodePayload } from '../codec/masternode-payload.ts';
import { type HashedTransaction, hashTransaction, type TransactionKind } from '../codec/transaction.ts';
import { combineMuHash, deltaOf, emptyMuHash, finalizeMuHash, type MuHashDelta } from '../crypto/muhash.ts';
import { createGenesis } from '../genesis.ts';
import { applyBlock, BlockTransition, revertChanges, undoOf } from '../ledger/apply-block.ts';
import { checkTransaction } from '../ledger/check-transaction.ts';
import type { CoinChanges } from '../ledger/coin-view.ts';
import { blockHashNumber, blockOf, CoinTable, keyNumber, lockNumber } from '../ledger/ledger-fixtures.ts';
import { mayCloseEpoch } from '../masternodes/epoch-close.ts';
import { decodeRegistryState, encodeRegistryState } from '../masternodes/registry-state.ts';
import { paramsOf } from '../params.ts';
import type { Tier } from '../snapshot.ts';
import { applyContextOf, type ChainPoint, registryAfter } from './block-rules.ts';
import { ChainModel, type ModelMember } from './chain-model.fixture.ts';

const wallets = [1, 2, 3];
const nodeOf = (number: number): NodeId => keyNumber(100 + number) as string as NodeId;
const founders: readonly Tier[] = ['bronze', 'bronze', 'bronze', 'bronze', 'free', 'silver'];
const newcomers = [6, 7, 8, 9];
const time = 1_000;
const { blockIntervalMs: interval, coinbaseMaturity: maturity } = paramsOf.devnet;
const params = { ...paramsOf.devnet, epochSlotBlocks: 2 };
const units = 100_000_000n;

const genesis = createGenesis({
  network: 'devnet',
  time,
  masternodes: founders.map((tier, number) => ({
    nodeKey: nodeOf(number),
    tier,
    ownerLock: lockNumber(1 + (number % 3)),
    rewardLock: lockNumber(1 + (number % 3)),
    serviceAddress: '',
  })),
  allocations: wallets.flatMap((number) =>
    [1_000n, 1_000n, 10_000n, 50n, 50n, 7n].map((amount) => ({ lock: lockNumber(number), amount: amount * units, label: '' })),
  ),
});
const rules = { genesis, params };

function modelOfGenesis(): ChainModel {
  const members = genesis.registry.members.map(
    ({ nodeId, tier, collateral, ownerLock, rewardLock }): ModelMember => ({
      ...{ nodeId, tier, owner: ownerLock, reward: rewardLock, registered: 0, status: 'active', signed: [], closed: [] },
      collateral: collateral && outpointKey(collateral),
    }),
  );
  const coins = new Map(genesis.coins.map(({ outpoint, coin }) => [outpointKey(outpoint), coin]));
  return new ChainModel({ time, members, coins, interval, length: params.epochSlotBlocks, maturity });
}

/** What the program has: a table of coins, the registry as it is stored, the set's hash kept along the way. */
class Chain {
  readonly table = new CoinTable();
  point: ChainPoint = { tip: { height: 0, hash: genesis.block.hash, timeMs: time }, registry: genesis.registry };
  set: MuHashDelta;

  constructor() {
    for (const { outpoint, coin } of genesis.coins) this.table.put(outpoint, coin);
    this.set = this.#elements({ added: genesis.coins, removed: [] });
  }
  change(changes: CoinChanges): void {
    this.table.apply(changes);
    this.set = combineMuHash(this.set, this.#elements(changes));
  }
  #elements({ added, removed }: CoinChanges): MuHashDelta {
    const encoded = (coins: CoinChanges['added']): Uint8Array[] => coins.map(({ outpoint, coin }) => encodeSetElement(outpoint, coin));
    return combineMuHash(emptyMuHash, deltaOf(encoded(added), encoded(removed)));
  }
}

/** Everything in which the two can differ. `hashed`: the set's hash from scratch, which takes a moment. */
function expectSame({ table, point, set }: Chain, model: ChainModel, hashed: boolean): void {
  const { registry, tip } = point;
  expect(tip.height).toBe(model.height);
  expect(table.sorted()).toEqual([...model.coins].sort(([a], [b]) => (a < b ? -1 : 1)));
  expect(table.total()).toBe(model.supply);
  expect(registry.members.map(({ nodeId, tier, rewardLock, status }) => [nodeId, tier, rewardLock, status])).toEqual(
    model.members.map(({ nodeId, tier, reward, status }) => [nodeId, tier, reward, status]),
  );
  expect(registry.members.map(({ closed, signed }) => [closed, signed.length])).toEqual(model.members.map(({ closed, signed }) => [closed, signed.length]));
  expect(registry.snapshot.members.map(({ nodeId, weight, rewardLock }) => [nodeId, weight, rewardLock])).toEqual(
    model.seats.map(({ nodeId, weight, reward }) => [nodeId, weight, reward]),
  );
  expect([registry.progress.epoch, registry.progress.startHeight, registry.isComplete]).toEqual([model.epoch, model.start, model.completed !== undefined]);
  expect(registry.snapshot.members.map((member) => registry.isEligible(member))).toEqual(model.seats.map(({ nodeId }) => model.isEligible(nodeId)));
  if (!hashed) return;
  const elements = [...model.coins].map(([key, coin]) => encodeSetElement(outpointOf(key), coin));
  expect(finalizeMuHash(set)).toBe(finalizeMuHash(deltaOf(elements, [])));
}

interface Recipe {
  readonly kind: Exclude<TransactionKind, 'coinbase'>;
  readonly node: number;
  readonly tier: Tier;
  readonly picks: readonly number[];
  readonly to: number;
  readonly parts: number;
  readonly mistake: 'none' | 'no-fee' | 'one-signer-less' | 'stranger' | 'other-coin' | 'other-owner' | 'other-epoch' | 'with-coins';
}
const often = <T>(value: T, ...others: T[]): fc.Arbitrary<T> => fc.constantFrom(value, value, value, value, value, value, ...others);
const recipe: fc.Arbitrary<Recipe> = fc.record({
  kind: fc.constantFrom('transfer', 'transfer', 'masternode-register', 'masternode-register', 'masternode-update', 'masternode-revive', 'masternode-exit'),
  node: fc.constantFrom(0, 1, 2, 3, 4, 5, ...newcomers),
  tier: fc.constantFrom('free', 'bronze', 'bronze', 'silver'),
  picks: fc.array(fc.nat({ max: 1_000 }), { minLength: 1, maxLength: 2 }),
  to: fc.constantFrom(...wallets),
  parts: fc.constantFrom(1, 2),
  mistake: often<Recipe['mistake']>('none', 'no-fee', 'one-signer-less', 'stranger', 'other-coin', 'other-owner', 'other-epoch', 'with-coins'),
});
type Step =
  | {
      readonly kind: 'block';
      readonly recipes: readonly Recipe[];
      readonly skip: number;
      readonly absent: readonly number[];
      readonly late: boolean;
      readonly closes: boolean;
    }
  | { readonly kind: 'forged'; readonly recipes: readonly Recipe[]; readonly forgery: 'coinbase-more' | 'coinbase-other' | 'twice' | 'bad-one' }
  | { readonly kind: 'revert'; readonly blocks: number };
const recipes = fc.array(recipe, { maxLength: 5 });
const block = fc.record({
  kind: fc.constant('block' as const),
  recipes,
  skip: fc.constantFrom(1, interval, interval, interval, 3 * interval),
  absent: fc.array(fc.constantFrom(0, 1, 2, 3, 4, 5, ...newcomers), { maxLength: 2 }),
  late: fc.boolean(),
  closes: often(true, false),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { arbitrary: block, weight: 6 },
  {
    arbitrary: fc.record({ kind: fc.constant('forged' as const), recipes, forgery: fc.constantFrom('coinbase-more', 'coinbase-other', 'twice', 'bad-one') }),
    weight: 1,
  },
  { arbitrary: fc.record({ kind: fc.constant('revert' as const), blocks: fc.integer({ min: 1, max: 8 }) }), weight: 1 },
);

/** Of the founders: they sign nothing in this run. */
const sleepers = fc.array(fc.constantFrom(0, 1, 4), { maxLength: 2 });

let sequence = 0;
/** What a client makes of a recipe and of the coins there are: valid or not. */
function cook({ kind, node, tier, picks, to, parts, mistake }: Recipe, model: ChainModel): HashedTransaction {
  const back = kind === 'masternode-revive' && mistake === 'none' ? model.members.find(({ status }) => status === 'inactive') : undefined;
  const nodeId = back?.nodeId ?? nodeOf(node);
  const member = model.member(nodeId);
  const small = [...model.coins].filter(([key, { amount }]) => amount < 1_000n * units && model.holder(key) === undefined);
  const all =
    kind === 'transfer' && mistake !== 'other-coin'
      ? [...model.coins].filter(([key]) => model.holder(key) === undefined)
      : small.length === 0
        ? [...model.coins]
        : small;
  const paying = [...new Set(picks.map((pick) => all[pick % all.length]))].filter((one) => one !== undefined);
  const ofTier = [...model.coins].filter(([key, { amount }]) => amount === (tier === 'silver' ? 10_000n : 1_000n) * units && model.holder(key) === undefined);
  const [collateralKey, collateralCoin] = ofTier[(picks[0] ?? 0) % Math.max(1, ofTier.length)] ?? [undefined, undefined];
  const owner = (mistake === 'other-owner' ? lockNumber(to) : collateralCoin?.lock) ?? lockNumber(to);
  const payload = payloadOf();
  const inputs: Outpoint[] = kind === 'masternode-revive' && mistake !== 'with-coins' ? [] : paying.map(([key]) => outpointOf(key));
  if (kind === 'masternode-exit' && member?.collateral !== undefined && mistake !== 'other-coin') inputs.push(outpointOf(member.collateral));
  if (kind === 'transfer' && mistake === 'other-coin') inputs.push({ txid: 'ab'.repeat(32) as never, vout: sequence });
  const spent = inputs.flatMap((input) => model.coins.get(outpointKey(input)) ?? []);
  const total = spent.reduce((sum, { amount }) => sum + amount, 0n);
  const fee = mistake === 'no-fee' ? 0n : total / 900n + 10_000n;
  const change = spent[0]?.lock ?? lockNumber(to);
  const outputs =
    inputs.length === 0
      ? []
      : Array.from({ length: parts }, (_, part) => ({ amount: (total - fee) / BigInt(parts), lock: part === 0 ? lockNumber(to) : change }));
  const signers = [...new Set<Lock>([...spent.map(({ lock }) => lock), ...extraSigners()])];
  if (mistake === 'one-signer-less') signers.pop();
  if (mistake === 'stranger') signers.push(lockNumber(77));
  const keys = new Map<Lock, PublicKey>([...wallets, 77].map((number) => [lockNumber(number), keyNumber(number)]));
  for (const number of [0, 1, 2, 3, 4, 5, ...newcomers]) keys.set(lockOf(nodeOf(number) as string as PublicKey), nodeOf(number) as string as PublicKey);
  return hashTransaction({
    version: 1,
    kind,
    inputs,
    outputs: outputs.map((one) => ({ ...one, amount: one.amount < 546n ? 546n : one.amount })),
    timestamp: sequence++,
    payload: payload === undefined ? new Uint8Array() : encodeMasternodePayload(payload),
    witnesses: signers.flatMap((lock) => keys.get(lock) ?? []).map((publicKey) => ({ publicKey, signature: new Uint8Array(64) })),
  });

  function payloadOf(): MasternodePayload | undefined {
    switch (kind) {
      case 'transfer':
        return undefined;
      case 'masternode-register': {
        const collateral = tier === 'free' || collateralKey === undefined ? undefined : outpointOf(collateralKey);
        return {
          kind,
          nodeId,
          tier: collateral === undefined && mistake !== 'other-coin' ? 'free' : tier,
          collateral,
          ownerLock: owner,
          rewardLock: lockNumber(to),
          serviceAddress: '',
        };
      }
      case 'masternode-update':
        return { kind, nodeId, rewardLock: lockNumber(to), serviceAddress: '' };
      case 'masternode-revive':
        return { kind, nodeId, epoch: model.epoch + (mistake === 'other-epoch' ? 1 : 0) };
      default:
        return { kind, nodeId };
    }
  }
  function extraSigners(): readonly Lock[] {
    const nodeLock = lockOf(nodeId as string as PublicKey);
    if (kind === 'masternode-register') return [owner, nodeLock];
    if (kind === 'masternode-revive') return [nodeLock];
    return kind === 'transfer' || member === undefined ? [] : [member.owner];
  }
}

/** Which of these a proposer takes: program and model must agree on every one. */
function select(
  cooked: readonly HashedTransaction[],
  chain: Chain,
  after: ChainModel,
): { readonly taken: readonly HashedTransaction[]; readonly fees: bigint } {
  const transition = new BlockTransition(applyContextOf(chain.point, rules, chain.table), chain.point.tip.height + 1);
  const taken: HashedTransaction[] = [];
  let fees = 0n;
  for (const one of cooked) {
    const refused = checkTransaction(one) ?? transition.add(one);
    const fee = checkTransaction(one) === undefined ? after.fee(one) : undefined;
    expect([one.transaction.kind, refused?.code, refused === undefined]).toEqual([one.transaction.kind, refused?.code, fee !== undefined]);
    if (fee === undefined) continue;
    after.take(one);
    taken.push(one);
    fees += fee;
  }
  expect(transition.fees).toBe(fees);
  return { taken, fees };
}

it('a chain of random blocks, taken and refused, put on and taken off, is what a plain model says: coins, registry, snapshots, set hash, supply', () => {
  const seen = { blocks: 0, epochs: 0, reverted: 0, forged: 0, kinds: new Set<TransactionKind>(), statuses: new Set<string>() };
  fc.assert(
    fc.property(sleepers, fc.array(step, { minLength: 15, maxLength: 40 }), (asleep, steps) => {
      const chain = new Chain();
      let model = modelOfGenesis();
      const history: {
        readonly block: HashedBlock;
        readonly undo: Uint8Array;
        readonly registry: Uint8Array;
        readonly tip: ChainPoint['tip'];
        readonly model: ChainModel;
      }[] = [];
      for (const one of steps) {
        const { tip, registry } = chain.point;
        if (one.kind === 'revert') {
          for (const last of history.splice(-one.blocks).reverse()) {
            chain.change(revertChanges(last.block, last.undo));
            chain.point = { tip: last.tip, registry: decodeRegistryState(last.registry) };
            model = last.model;
            seen.reverted++;
            expectSame(chain, model, false);
          }
          continue;
        }
        const at = tip.timeMs + (one.kind === 'block' ? one.skip : interval);
        const proposer = model.seats[tip.height % model.seats.length]?.nodeId as NodeId;
        const cooked = one.recipes.map((made) => cook(made, model));
        const absent = one.kind === 'block' ? [...one.absent, ...asleep] : [];
        const parentSeats = registry.parentSnapshot(tip.height).members.map(({ nodeId }) => nodeId);
        const signers = parentSeats.filter((nodeId) => !absent.some((number) => nodeOf(number) === nodeId));
        const late =
          one.kind === 'block' && one.late
            ? model.counted.slice(-1).flatMap((height) => model.seats.slice(0, 2).map(({ nodeId }) => ({ height, nodeId })))
            : [];
        const after = model.copy();
        after.open({ signers: tip.height === 0 ? [] : signers, late });
        const { taken, fees } = select(cooked, chain, after);
        const coinbase = (more: { readonly lock: Lock; readonly amount: bigint }[]): HashedTransaction => {
          const payload = new Uint8Array(8);
          new DataView(payload.buffer).setBigUint64(0, BigInt(tip.height + 1), true);
          return hashTransaction({ version: 1, kind: 'coinbase', inputs: [], outputs: more, timestamp: at, payload, witnesses: [] });
        };
        const paid = model.payments(at, proposer, fees);
        const header = { height: tip.height + 1, time: at, proposer, previousHash: tip.hash };
        const context = () => applyContextOf(chain.point, rules, chain.table);
        if (one.kind === 'forged') {
          const refused = cooked.filter((made) => !taken.includes(made));
          const [first, ...rest] = paid;
          const forgeries = {
            'coinbase-more': [
              coinbase(first === undefined ? [{ lock: lockNumber(1), amount: 1n }] : [{ ...first, amount: first.amount + 1n }, ...rest]),
              ...taken,
            ],
            'coinbase-other': [coinbase(first === undefined ? [{ lock: lockNumber(1), amount: 1n }] : [{ ...first, lock: lockNumber(77) }, ...rest]), ...taken],
            twice: [coinbase(paid), ...taken, ...(taken.length > 0 ? taken.slice(0, 1) : [coinbase([])])],
            'bad-one': [coinbase(paid), ...taken, ...(refused.length > 0 ? refused.slice(0, 1) : [coinbase([])])],
          };
          if (checksPass(forgeries[one.forgery])) expect(applyBlock(blockOf(forgeries[one.forgery], header), context()).ok).toBe(false);
          seen.forged++;
          expectSame(chain, model, false);
          continue;
        }
        const closes = one.closes && model.mayClose(at);
        expect(mayCloseEpoch(registry, time, params, at)).toBe(model.mayClose(at));
        const made = { ...blockOf([coinbase(paid), ...taken], header), hash: blockHashNumber(++sequence) };
        const terms = context();
        const applied = applyBlock(made, terms);
        expect(applied.ok || applied.rejection).toBe(true);
        if (!applied.ok) return;
        const precommits = signers.map((nodeId) => ({ nodeId, signature: new Uint8Array(64) }));
        const certificate = { height: tip.height, round: 0, blockHash: tip.hash, precommits };
        const previousCertificate = tip.height === 0 ? undefined : certificate;
        const latePrecommits = late.map((vote) => ({ ...vote, round: 0, signature: new Uint8Array(64) }));
        history.push({ block: made, undo: undoOf(applied.value), registry: encodeRegistryState(registry), tip, model });
        const next = registryAfter(
          chain.point,
          rules,
          { header: { time: at, closesEpoch: closes }, previousCertificate, latePrecommits },
          terms.terms.operations,
        );
        chain.change(applied.value.changes);
        chain.point = { tip: { height: tip.height + 1, hash: made.hash, timeMs: at }, registry: next };
        after.take(coinbase(paid));
        after.supply += paid.reduce((sum, { amount }) => sum + amount, 0n) - fees;
        after.close({ time: at, closes });
        model = after;
        seen.blocks++;
        if (closes) seen.epochs++;
        for (const { transaction } of taken) seen.kinds.add(transaction.kind);
        for (const { status } of model.members) seen.statuses.add(status);
        expectSame(chain, model, false);
      }
      expectSame(chain, model, true);
    }),
    { numRuns: testRuns(30) },
  );
  // It looked at what it is for.
  expect([...seen.kinds].sort()).toEqual(['masternode-exit', 'masternode-register', 'masternode-revive', 'masternode-update', 'transfer']);
  expect([...seen.statuses].sort()).toEqual(['active', 'inactive', 'reviving', 'waiting']);
  expect(Math.min(seen.blocks, seen.epochs, seen.reverted, seen.forged)).toBeGreaterThan(10);
});

/** Some forgeries are refused before their coins are looked at. */
const checksPass = (transactions: readonly HashedTransaction[]): boolean => {
  const others = transactions.slice(1);
  return (
    others.every((one) => one.transaction.kind !== 'coinbase' && checkTransaction(one) === undefined) &&
    new Set(others.map(({ txid }) => txid)).size <= others.length
  );
};
