import { execFile } from 'node:child_process';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { stringify } from 'smol-toml';
import type { GenesisFile } from '../../src-main/core/codec/genesis-file.ts';
import { dataFiles, networkDirectory } from '../../src-main/node/data-directory.ts';
import { agreement, atHeight, blockMs, expectExactSupply } from './chain.ts';
import { damage } from './damage.ts';
import { firstPort, genesisFile, makeNetwork } from './devnet.ts';
import { programs, TestNode } from './node.ts';
import { payFinally } from './payments.ts';
import { until } from './processes.ts';

const recoveryMs = 20_000;
const timed = (...args: readonly string[]) => promisify(execFile)(process.execPath, [join(programs, 'timed.js'), ...args]);

/** The founders of a network as operators would write them down, and the genesis file that `timed genesis` makes of it. */
async function foundAnew(directory: string): Promise<string> {
  const file = genesisFile(directory);
  const { masternodes, allocations } = JSON.parse(readFileSync(file, 'utf8')) as GenesisFile;
  const plan = {
    network: 'devnet',
    // A slot has begun when the nodes start, so the first block is due at once.
    time: new Date(Date.now() - 60_000),
    masternodes: masternodes.map((one) => ({ node_key: one.nodeKey, tier: one.tier, owner_address: one.ownerAddress, service_address: one.serviceAddress })),
    allocations: allocations.map((one) => ({ ...('address' in one ? { address: one.address } : { unspendable: true }), amount: '1000', label: one.label })),
  };
  const planFile = join(directory, 'plan.toml');
  writeFileSync(planFile, stringify(plan));
  rmSync(file);
  const { stdout } = await timed('genesis', planFile, '--out', file);
  return /Genesis hash: ([0-9a-f]{64})/.exec(stdout)?.[1] ?? stdout;
}

test('a network that operators founded with a plan; a node of it whose database is damaged says so, is repaired, and catches up', async () => {
  test.setTimeout(150_000);
  const directory = mkdtempSync(join(tmpdir(), 'time-repair-'));
  const made = await makeNetwork(directory, { from: firstPort + 250 });
  const hash = await foundAnew(directory);
  for (const { datadir } of made) appendFileSync(dataFiles(networkDirectory(datadir, 'devnet')).config, stringify({ genesis_hash: hash }));
  const nodes = made.map(({ index, datadir }) => TestNode.at(index, datadir));
  try {
    await Promise.all(nodes.map((node) => node.start()));
    expect((await nodes[0]!.call('getblockchaininfo')).genesishash).toBe(hash);
    await atHeight(nodes, 2, 4 * blockMs);
    await payFinally(nodes[0]!, nodes, recoveryMs);
    const victim = nodes[3]!;
    const { chain, vault } = dataFiles(networkDirectory(victim.addresses.datadir, 'devnet'));
    const words = readFileSync(vault);

    for (const table of ['block', undefined] as const) {
      await victim.stop();
      damage(chain, table);
      const refused = await victim.start().then(
        () => 'it started',
        (error: Error) => error.message,
      );
      expect(refused).toContain('database-damaged');
      expect(refused).toContain('--repair');
      await victim.start('--repair');
      await until('it has the chain again', recoveryMs, async () => {
        const [here, there] = await Promise.all([victim, nodes[0]!].map((node) => node.call('getblockchaininfo')));
        return here!.blocks >= 2 && here!.blocks === there!.blocks && here!.bestblockhash === there!.bestblockhash;
      });
      expect((await victim.call('verifychain', { checklevel: 4, nblocks: 0 })).valid).toBe(true);
      // It may have signed what its new records do not show.
      expect((await victim.call('getconsensusinfo')).signing).toBe('restored-old-copy');
    }
    expect(readdirSync(dirname(chain)).filter((name) => /^chain\.sqlite\.damaged-[^.]*Z$/.test(name))).toHaveLength(2);
    expect(readFileSync(vault).equals(words)).toBe(true);
    await agreement(nodes, 2, blockMs);
    await expectExactSupply(nodes, blockMs);
  } finally {
    await Promise.all(nodes.map((node) => node.stop()));
    rmSync(directory, { recursive: true, force: true });
  }
});
