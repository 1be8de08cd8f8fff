import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { genesisOf } from '../../core/engine/test-node.fixture.ts';
import { createGenesis } from '../../core/genesis.ts';
import { restoredState } from '../restored-state.ts';
import { leaveUnlaunched } from './new-genesis.ts';
import { inFolder, openStorage } from './test-chain.ts';

const nowMs = 1_800_000_000_000;
const waiting = createGenesis({ network: 'devnet', time: 1, masternodes: [], allocations: [] });
const launched = genesisOf(4, 1);

it('who waited for the launch begins with the genesis of the launch, and what waited is set aside; who has launched is bound to it', () =>
  inFolder(async (folder) => {
    const file = join(folder, 'chain.sqlite');
    expect(leaveUnlaunched(file, waiting, nowMs)).toBeUndefined();
    const early = await openStorage(file);
    expect(restoredState(early.storage, waiting, nowMs).tip.hash).toBe(waiting.block.hash);
    await early.storage.close();
    const before = readFileSync(file);

    expect(leaveUnlaunched(file, waiting, nowMs)).toBeUndefined();
    const aside = leaveUnlaunched(file, launched, nowMs);
    expect(aside).toBe(`${file}.unlaunched-2027-01-15T08-00-00-000Z`);
    expect(readFileSync(aside ?? '')).toEqual(before);
    expect(readdirSync(folder).filter((name) => !name.includes('unlaunched'))).toEqual([]);

    const late = await openStorage(file);
    expect(restoredState(late.storage, launched, nowMs).tip.hash).toBe(launched.block.hash);
    await late.storage.close();
    const again = await openStorage(file);
    expect(() => restoredState(again.storage, waiting, nowMs)).toThrow('other-genesis');
    await again.storage.close();
    for (const genesis of [launched, waiting, genesisOf(5, 1)]) expect(leaveUnlaunched(file, genesis, nowMs)).toBeUndefined();
  }));

it('a file that cannot be read stays where it is', () =>
  inFolder(async (folder) => {
    const file = join(folder, 'chain.sqlite');
    writeFileSync(file, 'no database');
    expect(leaveUnlaunched(file, launched, nowMs)).toBeUndefined();
    expect(readFileSync(file, 'utf8')).toBe('no database');
  }));
