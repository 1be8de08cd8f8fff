import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeAddress } from '../../../src-shared/domain/address.ts';
import { unitsPerTime } from '../../../src-shared/domain/amount.ts';
import type { Lock, NodeId } from '../../../src-shared/domain/ids.ts';
import { unspendableLock } from '../../core/codec/genesis.ts';
import { readGenesisFile } from '../../core/codec/genesis-file.ts';
import { keyOf, lockOfKey } from '../../core/engine/test-node.fixture.ts';
import { createGenesis } from '../../core/genesis.ts';
import type { CarriedOver } from '../../node/audit/carried-over.ts';
import { inFolder } from '../../node/storage/test-chain.ts';
import { networkGenesis } from '../network-genesis.ts';
import { readGenesisPlan } from './genesis-plan.ts';
import { genesisText, makeGenesis } from './make-genesis.ts';

const address = (number: number): string => encodeAddress(lockOfKey(number), 'devnet');
const plan = (masternodes: string, allocations = ''): string => `
network = "devnet"
time = 2026-12-01T12:00:00Z
${masternodes}
${allocations}
`;
const founder = (number: number, more = ''): string => `
[[masternodes]]
node_key = "${keyOf(number).nodeId}"
${more}
`;
const bronze = (number: number): string => founder(number, `tier = "bronze"\nowner_address = "${address(number)}"\nservice_address = "10.0.0.${number}:24200"`);

describe('a plan', () => {
  it('makes a file that nodes read, the same in TOML and JSON', () => {
    const allocations = `[[allocations]]\naddress = "${address(9)}"\namount = "12.5"\nlabel = "ours"\n[[allocations]]\nunspendable = true\namount = "1"\n`;
    const made = makeGenesis(readGenesisPlan(plan(bronze(0) + bronze(1), allocations)), undefined);
    const read = readGenesisFile(genesisText(made.file));
    expect(read.ok && createGenesis(read.contents).hash).toBe(made.genesis.hash);
    expect(new Date(made.genesis.time).toISOString()).toBe('2026-12-01T12:00:00.000Z');
    expect(made.genesis.registry.members.map(({ tier, rewardLock }) => [tier, rewardLock])).toEqual([
      ['bronze', lockOfKey(0)],
      ['bronze', lockOfKey(1)],
    ]);
    expect(made.genesis.coins.slice(2).map(({ coin }) => [coin.amount, coin.lock])).toEqual([
      [1_250_000_000n, lockOfKey(9)],
      [unitsPerTime, unspendableLock],
    ]);
    const json = JSON.stringify({
      network: 'devnet',
      time: Date.UTC(2026, 11, 1, 12),
      masternodes: [0, 1].map((number) => ({
        node_key: keyOf(number).nodeId,
        tier: 'bronze',
        owner_address: address(number),
        service_address: `10.0.0.${number}:24200`,
      })),
      allocations: [
        { address: address(9), amount: '12.5', label: 'ours' },
        { unspendable: true, amount: '1' },
      ],
    });
    expect(makeGenesis(readGenesisPlan(json), undefined).genesis.hash).toBe(made.genesis.hash);
  });

  it.each<[string, string, string]>([
    ['is not TOML', 'network = ', 'invalid value'],
    ['is not JSON', '{"network":', 'JSON'],
    ['has no network', 'time = 5', 'network'],
    ['has a key that nothing reads', plan('mastrenodes = []'), 'mastrenodes'],
    ['has a time that is none', 'network = "devnet"\ntime = "tomorrow"', 'time'],
    ['has an amount as a number', plan('', `[[allocations]]\naddress = "${address(1)}"\namount = 5`), 'allocations[0].amount: an amount in TIME, in quotes'],
    ['has money for nobody', plan('', '[[allocations]]\namount = "1"'), 'allocations[0]: it has an address'],
    ['has an amount that is none', plan('', `[[allocations]]\naddress = "${address(1)}"\namount = "1,5"`), 'like "1250.5"'],
    ['has another tier', plan(founder(0, 'tier = "copper"')), 'masternodes[0].tier'],
    ['has no owner', plan(founder(0, 'tier = "bronze"')), 'masternodes[0].owner_address is missing'],
    ['has no tier', plan(founder(0, `owner_address = "${address(0)}"`)), 'masternodes[0].tier is missing'],
    ['has one node twice', plan(bronze(0) + bronze(0)), 'duplicate-node-key: masternodes[1].nodeKey'],
    ['has an address of another network', plan('', `[[allocations]]\naddress = "TIME1abc"\namount = "1"`), 'bad-address: allocations[0].address'],
    ['has an amount below the least', plan('', `[[allocations]]\naddress = "${address(1)}"\namount = "0.00000001"`), 'bad-amount'],
  ])('that %s is refused, with the place', (_, text, words) => {
    expect(() => makeGenesis(readGenesisPlan(text), undefined)).toThrow(words);
  });
});

describe('a chain that is carried on', () => {
  const registered = { registeredHeight: 0, status: 'active' as const, signed: [], closed: [] };
  const member = (number: number) => ({
    ...registered,
    nodeId: keyOf(number).nodeId as NodeId,
    tier: 'bronze' as const,
    collateral: undefined,
    ownerLock: lockOfKey(number),
    rewardLock: lockOfKey(5),
    serviceAddress: `h${number}:1`,
  });
  const carried: CarriedOver = {
    height: 77,
    blockHash: 'ab'.repeat(32) as CarriedOver['blockHash'],
    balances: new Map<Lock, bigint>([
      [unspendableLock, 5_000n],
      [lockOfKey(0), 1_500n * unitsPerTime],
      [lockOfKey(1), 999n * unitsPerTime],
      [lockOfKey(2), 1_000n * unitsPerTime],
      [lockOfKey(3), 545n],
    ]),
    members: [member(0), member(1), member(2)],
  };

  it('keeps every balance, with collaterals taken out of their owners’, and says what is left behind', () => {
    const { genesis, leftBehind } = makeGenesis(readGenesisPlan(plan(founder(0) + founder(2, `reward_address = "${address(8)}"`))), carried);
    expect(genesis.registry.members.map(({ tier, rewardLock, serviceAddress }) => [tier, rewardLock, serviceAddress])).toEqual([
      ['bronze', lockOfKey(5), 'h0:1'],
      ['bronze', lockOfKey(8), 'h2:1'],
    ]);
    const total = genesis.coins.reduce((sum, { coin }) => sum + coin.amount, 0n);
    expect(total + leftBehind).toBe([...carried.balances.values()].reduce((sum, units) => sum + units, 0n));
    expect(leftBehind).toBe(545n);
    const allocated = new Map(genesis.coins.slice(2).map(({ coin }) => [coin.lock, coin.amount]));
    expect(allocated).toEqual(
      new Map([
        [unspendableLock, 5_000n],
        [lockOfKey(0), 500n * unitsPerTime],
        [lockOfKey(1), 999n * unitsPerTime],
      ]),
    );
  });

  it('has no founder who could not pay, or of whom nothing is known', () => {
    expect(() => makeGenesis(readGenesisPlan(plan(founder(1))), carried)).toThrow('holds 999.00000000 TIME');
    expect(() => makeGenesis(readGenesisPlan(plan(founder(4))), carried)).toThrow('has no registration at block 77');
    const twice = founder(0) + founder(6, `tier = "bronze"\nowner_address = "${address(0)}"`);
    expect(() => makeGenesis(readGenesisPlan(plan(twice)), carried)).toThrow('holds 500.00000000 TIME');
  });
});

it('a pinned hash is asked of the file that a node is started with', () =>
  inFolder((folder) => {
    const file = join(folder, 'genesis.json');
    const made = makeGenesis(readGenesisPlan(plan(bronze(0))), undefined);
    writeFileSync(file, genesisText(made.file));
    expect(networkGenesis('devnet', file, made.genesis.hash).hash).toBe(made.genesis.hash);
    writeFileSync(file, readFileSync(file, 'utf8').replace('10.0.0.0:24200', '10.0.0.9:24200'));
    expect(() => networkGenesis('devnet', file, made.genesis.hash)).toThrow('genesis_hash is');
    return Promise.resolve();
  }));
