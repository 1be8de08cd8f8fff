import { describe, expect, it } from 'vitest';
import { encodeAddress } from '../../../src-shared/domain/address.ts';
import type { Lock } from '../../../src-shared/domain/ids.ts';
import { unspendableLock } from './genesis.ts';
import { checkGenesisFile, type GenesisFile, readGenesisFile } from './genesis-file.ts';

const lock = (pair: string): Lock => pair.repeat(20) as Lock;
const address = (pair: string): string => encodeAddress(lock(pair), 'devnet');
const masternode = {
  nodeKey: 'ab'.repeat(32),
  tier: 'bronze' as const,
  ownerAddress: address('01'),
  rewardAddress: address('02'),
  serviceAddress: '127.0.0.1:24200',
};
const allocation = { address: address('03'), amount: '500000', label: 'wallet 1' };
const good = {
  network: 'devnet',
  time: 1_734_397_200_000,
  masternodes: [masternode],
  allocations: [allocation, { unspendable: true as const, amount: '546', label: '' }],
} satisfies GenesisFile;

describe('checkGenesisFile', () => {
  it('reads what a network begins with', () => {
    expect(readGenesisFile(JSON.stringify(good))).toEqual({
      ok: true,
      contents: {
        network: 'devnet',
        time: 1_734_397_200_000,
        masternodes: [{ nodeKey: 'ab'.repeat(32), tier: 'bronze', ownerLock: lock('01'), rewardLock: lock('02'), serviceAddress: '127.0.0.1:24200' }],
        allocations: [
          { lock: lock('03'), amount: 500_000n, label: 'wallet 1' },
          { lock: unspendableLock, amount: 546n, label: '' },
        ],
      },
    });
  });

  it.each(['', 'localhost:1', 'node-1.example.org:65535', '[2001:db8::1]:24000'])('takes %j as a service address', (serviceAddress) => {
    expect(checkGenesisFile({ ...good, masternodes: [{ ...masternode, serviceAddress }] }).ok).toBe(true);
  });

  const without = (from: object, name: string): object => Object.fromEntries(Object.entries(from).filter(([key]) => key !== name));
  const member = (change: object): object => ({ ...good, masternodes: [masternode, { ...masternode, nodeKey: 'cd'.repeat(32), ...change }] });
  const paying = (change: object): object => ({ ...good, allocations: [{ ...allocation, ...change }] });
  const refused: readonly (readonly [file: unknown, code: string, path: string])[] = [
    [null, 'wrong-type', ''],
    [[], 'wrong-type', ''],
    ['{}', 'wrong-type', ''],
    [without(good, 'network'), 'missing-field', 'network'],
    [without(good, 'allocations'), 'missing-field', 'allocations'],
    [{ ...good, rewards: 1 }, 'unknown-field', 'rewards'],
    [{ ...good, network: 'nonet' }, 'bad-network', 'network'],
    [{ ...good, network: 'toString' }, 'bad-network', 'network'],
    [{ ...good, time: '1734397200000' }, 'bad-time', 'time'],
    [{ ...good, time: -1 }, 'bad-time', 'time'],
    [{ ...good, time: 1.5 }, 'bad-time', 'time'],
    [{ ...good, time: 2 ** 60 }, 'bad-time', 'time'],
    [{ ...good, masternodes: {} }, 'wrong-type', 'masternodes'],
    [{ ...good, masternodes: [1] }, 'wrong-type', 'masternodes[0]'],
    [{ ...good, allocations: 'none' }, 'wrong-type', 'allocations'],
    [{ ...good, masternodes: [without(masternode, 'tier')] }, 'missing-field', 'masternodes[0].tier'],
    [member({ votes: 5 }), 'unknown-field', 'masternodes[1].votes'],
    [member({ nodeKey: 'AB'.repeat(32) }), 'bad-node-key', 'masternodes[1].nodeKey'],
    [member({ nodeKey: 'ab' }), 'bad-node-key', 'masternodes[1].nodeKey'],
    [member({ nodeKey: masternode.nodeKey }), 'duplicate-node-key', 'masternodes[1].nodeKey'],
    [member({ tier: 'platinum' }), 'bad-tier', 'masternodes[1].tier'],
    [member({ tier: 'constructor' }), 'bad-tier', 'masternodes[1].tier'],
    [member({ ownerAddress: '' }), 'bad-address', 'masternodes[1].ownerAddress'],
    [member({ rewardAddress: encodeAddress(lock('02'), 'mainnet') }), 'bad-address', 'masternodes[1].rewardAddress'],
    [member({ serviceAddress: '127.0.0.1' }), 'bad-service-address', 'masternodes[1].serviceAddress'],
    [member({ serviceAddress: '127.0.0.1:0' }), 'bad-service-address', 'masternodes[1].serviceAddress'],
    [member({ serviceAddress: '127.0.0.1:65536' }), 'bad-service-address', 'masternodes[1].serviceAddress'],
    [member({ serviceAddress: `${'a'.repeat(130)}:1` }), 'bad-service-address', 'masternodes[1].serviceAddress'],
    [member({ serviceAddress: 5 }), 'wrong-type', 'masternodes[1].serviceAddress'],
    [paying({ amount: 500_000 }), 'wrong-type', 'allocations[0].amount'],
    [paying({ amount: '5.0' }), 'bad-amount', 'allocations[0].amount'],
    [paying({ amount: '0500000' }), 'bad-amount', 'allocations[0].amount'],
    [paying({ amount: '-1' }), 'bad-amount', 'allocations[0].amount'],
    [paying({ amount: '545' }), 'bad-amount', 'allocations[0].amount'],
    [paying({ amount: String(2n ** 64n) }), 'bad-amount', 'allocations[0].amount'],
    [paying({ amount: String(2n ** 64n - 1n) }), 'too-much-money', 'allocations'],
    [paying({ label: 'caf\u00e9' }), 'bad-label', 'allocations[0].label'],
    [paying({ label: 'a'.repeat(65) }), 'bad-label', 'allocations[0].label'],
    [paying({ unspendable: true }), 'unknown-field', 'allocations[0].address'],
    [{ ...good, allocations: [{ unspendable: false, amount: '546', label: '' }] }, 'wrong-type', 'allocations[0].unspendable'],
    [{ ...good, allocations: [without(allocation, 'address')] }, 'missing-field', 'allocations[0].address'],
    [
      { ...good, masternodes: Array.from({ length: 1_001 }, (_, number) => ({ ...masternode, nodeKey: number.toString(16).padStart(64, '0') })) },
      'too-many-masternodes',
      'masternodes',
    ],
    [{ ...good, allocations: Array(10_000).fill(allocation) }, 'too-many-outputs', ''],
  ];
  // Not by the files, one of which is a megabyte.
  it.each(refused.map(([file, code, path]) => ({ file, code, path })))('refuses one with $code at "$path"', ({ file, code, path }) => {
    const read = checkGenesisFile(file);
    expect(!read.ok && { code: read.error.code, path: read.error.path }).toEqual({ code, path });
  });

  it('refuses text that is not JSON', () => {
    const read = readGenesisFile('{');
    expect(!read.ok && read.error).toMatchObject({ code: 'not-json', path: '' });
  });
});
