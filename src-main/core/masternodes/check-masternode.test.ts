import { describe, expect, it } from 'vitest';
import { lockOf } from '../../../src-shared/domain/address.ts';
import type { Lock, NodeId, Outpoint, PublicKey, Txid } from '../../../src-shared/domain/ids.ts';
import { outpointKey } from '../../../src-shared/domain/ids.ts';
import { encodeMasternodePayload, type MasternodePayload } from '../codec/masternode-payload.ts';
import type { RegistryMember } from '../codec/registry.ts';
import { type HashedTransaction, hashTransaction } from '../codec/transaction.ts';
import { maxFreeMembers, maxMasternodeTransactionsPerBlock, maxSnapshotMembers } from '../constants.ts';
import { checkInputs } from '../ledger/check-inputs.ts';
import { checkTransaction } from '../ledger/check-transaction.ts';
import { CoinTable } from '../ledger/ledger-fixtures.ts';
import { tiers } from '../tiers.ts';
import { Registry } from './registry.ts';
import { RegistryTransition } from './registry-transition.ts';

const keyOf = (number: number): PublicKey => number.toString(16).padStart(64, '0') as PublicKey;
const nodeOf = (number: number): NodeId => keyOf(number) as string as NodeId;
const lock = (number: number): Lock => lockOf(keyOf(number));
const at = (byte: string, vout = 0): Outpoint => ({ txid: byte.repeat(32) as Txid, vout });

const founder = { nodeId: nodeOf(1), tier: 'bronze' as const, collateral: at('0a'), ownerLock: lock(2), rewardLock: lock(2), serviceAddress: '' };
const registry = Registry.fromGenesis([founder, { ...founder, nodeId: nodeOf(3), tier: 'free', collateral: undefined, ownerLock: lock(4) }]);
const coins = new CoinTable();
coins.put(at('0a'), { amount: tiers.bronze.collateralUnits, lock: lock(2) });
const silver = coins.put(at('0b'), { amount: tiers.silver.collateralUnits, lock: lock(11) });
const young = coins.put(at('0c'), { amount: tiers.bronze.collateralUnits, lock: lock(11), coinbase: true, height: 95 });
const change = coins.put(at('0d'), { amount: 30_000_000n, lock: lock(12) });

const registering: Extract<MasternodePayload, { kind: 'masternode-register' }> = {
  kind: 'masternode-register',
  nodeId: nodeOf(10),
  tier: 'silver',
  collateral: silver,
  ownerLock: lock(11),
  rewardLock: lock(12),
  serviceAddress: '203.0.113.5:24000',
};

/** Pays its fee out of `change` unless it says otherwise; `signers` are numbers of keys. */
function transaction(payload: MasternodePayload, signers: readonly number[], inputs: readonly Outpoint[] = [change]): HashedTransaction {
  const spent = inputs.map((input) => coins.coin(outpointKey(input)));
  const total = spent.reduce((sum, coin) => sum + (coin?.amount ?? 0n), 0n);
  const outputs = inputs.length === 0 ? [] : [{ amount: total - 20_000_000n, lock: spent[0]?.lock ?? lock(12) }];
  const witnesses = signers.map((number) => ({ publicKey: keyOf(number), signature: new Uint8Array(64) }));
  return hashTransaction({ version: 1, kind: payload.kind, inputs, outputs, timestamp: 5, payload: encodeMasternodePayload(payload), witnesses });
}

/** The code of whichever rule refuses it first, as a node asks them; `good` if none does. */
function verdict(hashed: HashedTransaction, transition = new RegistryTransition(registry, 100)): string {
  const checked = checkInputs(hashed, { coins, height: 100, coinbaseMaturity: 10, terms: transition });
  return checkTransaction(hashed)?.code ?? (checked.ok ? 'good' : checked.rejection.code);
}

describe('a registration', () => {
  it.each<[string, Partial<typeof registering>, number[], string]>([
    ['signed by owner, node and who pays', {}, [10, 11, 12], 'good'],
    ['of a Free node without a coin', { tier: 'free', collateral: undefined }, [10, 11, 12], 'good'],
    ['without the node’s signature', {}, [11, 12], 'witness-missing'],
    ['without the owner’s signature', {}, [10, 12], 'witness-missing'],
    ['with a signature that nobody asked for', {}, [10, 11, 12, 13], 'witness-unused'],
    ['of a node key that is registered', { nodeId: nodeOf(3) }, [3, 11, 12], 'already-registered'],
    ['of a collateral that is another’s already', { tier: 'bronze', collateral: at('0a'), ownerLock: lock(2) }, [10, 2, 12], 'already-registered'],
    ['with less than the tier’s collateral', { tier: 'gold' }, [10, 11, 12], 'bad-collateral'],
    ['with more than the tier’s collateral', { tier: 'bronze' }, [10, 11, 12], 'bad-collateral'],
    ['with somebody else’s coin', { ownerLock: lock(13) }, [10, 13, 12], 'bad-collateral'],
    ['with a coin that is not there', { collateral: at('0e') }, [10, 11, 12], 'missing-input'],
    ['with a reward that is too young', { tier: 'bronze', collateral: young }, [10, 11, 12], 'immature-coinbase'],
    ['with the coin that pays its fee', { collateral: change }, [10, 11, 12], 'bad-collateral'],
    ['without the coin that its tier needs', { collateral: undefined }, [10, 11, 12], 'bad-payload'],
    ['of a Free node with a coin', { tier: 'free' }, [10, 11, 12], 'bad-payload'],
    ['with an address that is none', { serviceAddress: 'nowhere' }, [10, 11, 12], 'bad-payload'],
  ])('%s', (_, changed, signers, expected) => {
    expect(verdict(transaction({ ...registering, ...changed }, signers))).toBe(expected);
  });

  it('locks its coin for whatever comes after it in the block, and takes its key', () => {
    const transition = new RegistryTransition(registry, 100);
    const first = transaction(registering, [10, 11, 12]);
    expect(verdict(first, transition)).toBe('good');
    transition.add(first);
    expect(transition.isCollateral(outpointKey(silver))).toBe(true);
    expect(verdict(transaction({ ...registering, rewardLock: lock(1) }, [10, 11, 12]), transition)).toBe('already-registered');
    expect(verdict(transaction({ ...registering, nodeId: nodeOf(20) }, [20, 11, 12]), transition)).toBe('already-registered');
    expect(transition.operations).toEqual([registering]);
  });

  it('claims its collateral, so that a payment of that coin conflicts with it', () => {
    expect(transaction(registering, [10, 11, 12]).claimKeys).toEqual([change, silver].map(outpointKey));
  });
});

describe('an update', () => {
  const updating = (number: number): MasternodePayload => ({ kind: 'masternode-update', nodeId: nodeOf(number), rewardLock: lock(9), serviceAddress: '' });
  it.each<[string, MasternodePayload, number[], string]>([
    ['of its owner', updating(1), [2, 12], 'good'],
    ['of somebody else', updating(1), [13, 12], 'not-the-owner'],
    ['without its owner', updating(1), [12], 'not-the-owner'],
    ['by the node’s key instead of the owner’s', updating(1), [1, 12], 'not-the-owner'],
    ['of its owner and somebody who pays nothing', updating(1), [2, 13], 'not-the-owner'],
    ['of nobody that is registered', updating(10), [12], 'not-registered'],
  ])('%s', (_, payload, signers, expected) => {
    expect(verdict(transaction(payload, signers))).toBe(expected);
  });
});

describe('an exit', () => {
  const leaving = (number: number): MasternodePayload => ({ kind: 'masternode-exit', nodeId: nodeOf(number) });
  it.each<[string, MasternodePayload, number[], Outpoint[], string]>([
    ['spends the collateral', leaving(1), [2], [at('0a')], 'good'],
    ['spends more beside it', leaving(1), [2, 12], [at('0a'), change], 'good'],
    ['of a Free node is its owner’s to make', leaving(3), [4, 12], [change], 'good'],
    ['of a Free node by a stranger', leaving(3), [12], [change], 'not-the-owner'],
    ['by the node’s key instead of the owner’s', leaving(3), [3, 12], [change], 'not-the-owner'],
    ['of a collateral by who does not own it', leaving(1), [13], [at('0a')], 'not-the-owner'],
    ['without the collateral', leaving(1), [2, 12], [change], 'bad-collateral'],
    ['of another’s collateral', leaving(3), [2, 4], [at('0a')], 'collateral-locked'],
    ['of nobody that is registered', leaving(10), [12], [change], 'not-registered'],
  ])('%s', (_, payload, signers, inputs, expected) => {
    expect(verdict(transaction(payload, signers, inputs))).toBe(expected);
  });

  it('is the only way to spend a collateral', () => {
    const outputs = [{ amount: 500_000n, lock: lock(12) }];
    const witnesses = [{ publicKey: keyOf(2), signature: new Uint8Array(64) }];
    const payment = hashTransaction({ version: 1, kind: 'transfer', inputs: [at('0a')], outputs, timestamp: 5, payload: new Uint8Array(), witnesses });
    expect(verdict(payment)).toBe('collateral-locked');
  });
});

describe('a revive', () => {
  const inactive = Registry.restored(
    {
      progress: { ...registry.progress, epoch: 7 },
      members: registry.members.map((member, index) => (index === 0 ? { ...member, status: 'inactive' } : member)),
    },
    registry.snapshot.members,
    registry.snapshot.members,
  );
  const reviving = (number: number, epoch = 7): MasternodePayload => ({ kind: 'masternode-revive', nodeId: nodeOf(number), epoch });
  it.each<[string, MasternodePayload, number[], Outpoint[], string]>([
    ['by the node key alone, for nothing', reviving(1), [1], [], 'good'],
    ['of another epoch', reviving(1, 6), [1], [], 'wrong-epoch'],
    ['of a member that is active', reviving(3), [3], [], 'not-inactive'],
    ['by the owner', reviving(1), [2], [], 'witness-unused'],
    ['by a stranger', reviving(1), [13], [], 'witness-unused'],
    ['by nobody', reviving(1), [], [], 'witness-missing'],
    ['that moves coins', reviving(1), [1, 12], [change], 'bad-payload'],
    ['of nobody that is registered', reviving(10), [10], [], 'not-registered'],
  ])('%s', (_, payload, signers, inputs, expected) => {
    expect(verdict(transaction(payload, signers, inputs), new RegistryTransition(inactive, 100))).toBe(expected);
  });

  it('is one an epoch, and one at a time in the mempool', () => {
    const transition = new RegistryTransition(inactive, 100);
    const first = transaction(reviving(1), [1], []);
    transition.add(first);
    expect(verdict(first, transition)).toBe('not-inactive');
    expect(first.claimKeys).toEqual(transaction(reviving(1, 8), [1], []).claimKeys);
  });
});

it('a payload that does not decode is refused as such', () => {
  const whole = transaction(registering, [10, 11, 12]).transaction;
  for (const payload of [new Uint8Array(), whole.payload.slice(0, -1), new Uint8Array([...whole.payload, 0])])
    expect(verdict(hashTransaction({ ...whole, payload }))).toBe('bad-payload');
});

it('a registry takes no more than it can hold, and of Free ones a tenth of it, whoever fills it with them', () => {
  const [bronze, free] = registry.members as [RegistryMember, RegistryMember];
  const withMembers = (kinds: readonly (readonly [RegistryMember, number])[]): RegistryTransition => {
    const members = kinds.flatMap(([member, count], kind) =>
      Array.from({ length: count }, (_, number) => ({ ...member, nodeId: nodeOf(1_000 + 10_000 * kind + number) })),
    );
    return new RegistryTransition(Registry.restored({ progress: registry.progress, members }, registry.snapshot.members, undefined), 100);
  };
  const verdicts = (kinds: Parameters<typeof withMembers>[0]): string[] =>
    [transaction(registering, [10, 11, 12]), transaction({ ...registering, tier: 'free', collateral: undefined }, [10, 11, 12])].map((one) =>
      verdict(one, withMembers(kinds)),
    );
  expect(verdicts([[free, maxFreeMembers - 1]])).toEqual(['good', 'good']);
  expect(verdicts([[free, maxFreeMembers]])).toEqual(['good', 'no-room-for-free']);
  expect(
    verdicts([
      [free, maxFreeMembers],
      [bronze, maxSnapshotMembers - maxFreeMembers - 1],
    ]),
  ).toEqual(['good', 'no-room-for-free']);
  expect(verdicts([[bronze, maxSnapshotMembers]])).toEqual(['registry-full', 'registry-full']);
});

it('a block holds no more than its share of them', () => {
  const transition = new RegistryTransition(registry, 100);
  for (let number = 0; number < maxMasternodeTransactionsPerBlock; number++) {
    const one = transaction({ ...registering, tier: 'free', collateral: undefined, nodeId: nodeOf(100 + number) }, [100 + number, 11, 12]);
    expect(verdict(one, transition)).toBe('good');
    transition.add(one);
  }
  expect(verdict(transaction(registering, [10, 11, 12]), transition)).toBe('too-large');
});
