import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'smol-toml';
import { expect, it } from 'vitest';
import { encodeAddress } from '../../../src-shared/domain/address.ts';
import { formatTime } from '../../../src-shared/domain/amount.ts';
import { keyOf, lockOfKey } from '../../core/engine/test-node.fixture.ts';
import { realGenesis, writeRealChain } from '../../node/audit/real-chain.fixture.ts';
import { dataFiles, networkDirectory, openDataDirectory } from '../../node/data-directory.ts';
import { inFolder } from '../../node/storage/test-chain.ts';
import { networkGenesis } from '../network-genesis.ts';
import { runGenesis } from './genesis-command.ts';

async function run(...args: string[]): Promise<{ readonly code: number; readonly out: string; readonly error: string }> {
  let [out, error] = ['', ''];
  const code = await runGenesis(args, {
    out: (text) => {
      out += text;
    },
    error: (text) => {
      error += text;
    },
  });
  return { code, out, error };
}

/** What the founders of the fixture's chain would write. */
const oldPlan = {
  network: 'devnet',
  time: realGenesis.time,
  masternodes: [{ node_key: keyOf(0).nodeId, tier: 'bronze', owner_address: encodeAddress(lockOfKey(0), 'devnet') }],
  allocations: Array.from({ length: 20 }, (_, index) => ({ address: encodeAddress(lockOfKey(0), 'devnet'), amount: '10', label: `coin ${index}` })),
};

it('makes the file, prints what to pin, and writes over none', () =>
  inFolder(async (folder) => {
    const [plan, file] = [join(folder, 'plan.toml'), join(folder, 'genesis.json')];
    writeFileSync(plan, stringify(oldPlan));
    const made = await run(plan, '--out', file);
    expect(made).toMatchObject({ code: 0, error: '' });
    expect(networkGenesis('devnet', file, realGenesis.hash).block.hash).toBe(realGenesis.block.hash);
    expect(made.out).toContain(`genesis_hash = "${realGenesis.hash}"`);
    const before = readFileSync(file, 'utf8');
    expect(await run(plan, '--out', file)).toMatchObject({ code: 1, error: expect.stringContaining('left as it is') });
    expect(readFileSync(file, 'utf8')).toBe(before);
    expect(await run(join(folder, 'none.toml'))).toMatchObject({ code: 1, error: expect.stringContaining('cannot be read') });
    expect(await run()).toMatchObject({ code: 2 });
    expect(await run(plan, '--height', '5')).toMatchObject({ code: 1, error: expect.stringContaining('--from') });
  }));

it('carries a chain on, as of its last block or one before, held to that block’s header', () =>
  inFolder(async (folder) => {
    const directory = networkDirectory(folder, 'devnet');
    const { release } = openDataDirectory(directory, process.pid);
    release();
    const chain = await writeRealChain(directory);
    expect(chain).toBe(dataFiles(directory).chain);
    const [oldFile, plan, file] = [join(folder, 'old.json'), join(folder, 'plan.toml'), join(folder, 'new.json')];
    writeFileSync(join(folder, 'old-plan.toml'), stringify(oldPlan));
    await run(join(folder, 'old-plan.toml'), '--out', oldFile);
    writeFileSync(dataFiles(directory).config, stringify({ genesis_file: oldFile }));
    writeFileSync(plan, stringify({ network: 'devnet', time: realGenesis.time + 10_000_000, masternodes: [{ node_key: keyOf(0).nodeId }] }));

    const tip = await run(plan, '--from', folder, '--out', file);
    expect(tip).toMatchObject({ code: 0, error: '' });
    expect(tip.out).toContain('It carries on the chain after block');
    const { coins, registry } = networkGenesis('devnet', file);
    expect(registry.members.map(({ nodeId, tier }) => [nodeId, tier])).toEqual([[keyOf(0).nodeId, 'bronze']]);
    const slots = 16n;
    const issued = realGenesis.coins.reduce((sum, { coin }) => sum + coin.amount, 0n) + slots * 10_000_000_000n;
    expect(coins.reduce((sum, { coin }) => sum + coin.amount, 0n)).toBe(issued);

    const earlier = await run(plan, '--from', folder, '--height', '3');
    expect(earlier.out).toContain(`${formatTime(issued - (slots - 3n) * 10_000_000_000n)} TIME in all`);
    expect(await run(plan, '--from', folder, '--height', '500')).toMatchObject({ code: 1, error: expect.stringContaining('there is no block 500') });
    expect((await run(plan, '--from', folder, '--height', '3')).out).toBe(earlier.out);
  }));
