import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { encodeAddress } from '../../src-shared/domain/address.ts';
import { sumOf } from '../../src-shared/domain/amount.ts';
import { type Lock, outpointKey, zeroHash } from '../../src-shared/domain/ids.ts';
import { decodeBlock } from './codec/block.ts';
import { encodeSetElement } from './codec/coin.ts';
import { unspendableLock } from './codec/genesis.ts';
import { checkGenesisFile, type GenesisFile, readGenesisFile } from './codec/genesis-file.ts';
import { decodeMuHash, deltaOf, finalizeMuHash } from './crypto/muhash.ts';
import { builtInGenesisHash, createGenesis, type Genesis } from './genesis.ts';

function genesisOf(file: unknown): Genesis {
  const read = checkGenesisFile(file);
  if (!read.ok) throw new Error(`${read.error.path}: ${read.error.code}`);
  return createGenesis(read.contents);
}
function builtIn(network: string): Genesis {
  const read = readGenesisFile(readFileSync(new URL(`../../assets/genesis/${network}.json`, import.meta.url), 'utf8'));
  if (!read.ok) throw new Error(`${read.error.path}: ${read.error.code}`);
  return createGenesis(read.contents);
}

describe('the built-in files', () => {
  it('make the testnet of the protocol: one output that nobody can spend, and no members', () => {
    const genesis = builtIn('testnet');
    expect(genesis).toMatchObject({ network: 'testnet', time: 1_734_397_200_000 });
    expect(genesis.coins.map(({ coin }) => coin)).toEqual([{ amount: 11_653_781_624n, lock: unspendableLock, height: 0, coinbase: false }]);
    expect(genesis.registry.members).toEqual([]);
  });

  it('make a mainnet of nobody and nothing', () => {
    const genesis = builtIn('mainnet');
    expect(genesis).toMatchObject({ network: 'mainnet', coins: [] });
    expect(genesis.registry.snapshot.totalWeight).toBe(0);
  });

  it.each(['mainnet', 'testnet'] as const)('are the ones that are pinned (%s)', (network) => {
    expect(builtIn(network).hash).toBe(builtInGenesisHash[network]);
  });

  it('make the same block 0 as ever', () => {
    expect(builtIn('mainnet').block.hash).toBe('5ad1bb0610ce1370ad2733ee02f65072c535bc3519d1def62b4f74433af15664');
    expect(builtIn('testnet').block.hash).toBe('efe45bf4b0e5821ec90951935cc5b3224195e77a1a209c369d932340493fa233');
  });
});

describe('createGenesis', () => {
  const lock = (pair: string): Lock => pair.repeat(20) as Lock;
  const address = (pair: string): string => encodeAddress(lock(pair), 'devnet');
  const masternode = (pair: string, tier: GenesisFile['masternodes'][number]['tier']): GenesisFile['masternodes'][number] => ({
    nodeKey: pair.repeat(32),
    tier,
    ownerAddress: address(pair),
    rewardAddress: address('0f'),
    serviceAddress: '',
  });
  const file: GenesisFile = {
    network: 'devnet',
    time: 5,
    masternodes: [masternode('01', 'bronze'), masternode('02', 'free'), masternode('03', 'gold')],
    allocations: [{ address: address('0a'), amount: '777', label: 'a' }],
  };
  const genesis = genesisOf(file);

  it('makes the collaterals in the order of the members, then the allocations', () => {
    expect(genesis.coins.map(({ coin }) => [coin.lock, coin.amount])).toEqual([
      [lock('01'), 100_000_000_000n],
      [lock('03'), 10_000_000_000_000n],
      [lock('0a'), 777n],
    ]);
    expect(genesis.registry.members.map(({ collateral }) => collateral?.vout)).toEqual([0, undefined, 1]);
    expect(genesis.coins.map(({ outpoint }) => genesis.registry.isCollateral(outpointKey(outpoint)))).toEqual([true, true, false]);
  });

  it('has a block 0 that decodes, holds those coins and hashes them', () => {
    const { header, transactions } = decodeBlock(genesis.block.encoded);
    expect(header).toMatchObject({
      height: 0,
      time: 5,
      previousHash: zeroHash,
      proposer: zeroHash,
      snapshotHash: zeroHash,
      registryHash: genesis.registry.hash,
    });
    expect(transactions).toHaveLength(1);
    expect(genesis.coins.map(({ outpoint }) => outpoint)).toEqual([0, 1, 2].map((vout) => ({ txid: transactions[0]?.txid, vout })));
    expect(sumOf(transactions[0]?.transaction.outputs.map(({ amount }) => amount) ?? [])).toBe(sumOf(genesis.coins.map(({ coin }) => coin.amount)));
    const elements = genesis.coins.map(({ outpoint, coin }) => encodeSetElement(outpoint, coin));
    expect(header.utxoSetHash).toBe(finalizeMuHash(deltaOf(elements.toReversed(), [])));
    const state = decodeMuHash(genesis.setHashState);
    expect(state && finalizeMuHash(state)).toBe(header.utxoSetHash);
  });

  it('is another network with anything changed', () => {
    const changes: Partial<GenesisFile>[] = [
      { time: 6 },
      { masternodes: [] },
      { masternodes: file.masternodes.toReversed() },
      { allocations: [{ address: address('0a'), amount: '778', label: 'a' }] },
      { allocations: [{ address: address('0a'), amount: '777', label: 'b' }] },
    ];
    const hashes = changes.map((change) => genesisOf({ ...file, ...change }).hash);
    expect(new Set([genesis.hash, ...hashes]).size).toBe(changes.length + 1);
    expect(genesisOf(JSON.parse(JSON.stringify(file))).hash).toBe(genesis.hash);
  });
});
