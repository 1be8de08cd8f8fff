import { existsSync } from 'node:fs';
import type { Genesis } from '../../core/genesis.ts';
import { decodeRegistryState } from '../../core/masternodes/registry-state.ts';
import { ChainRows } from '../audit/chain-rows.ts';
import { setAside } from './repair.ts';
import { openForReading, type ReadableDatabase } from './sqlite.ts';

/**
 * A network that waits for its launch has a genesis without masternodes, and launches with another one: who was there early begins with that one as everybody
 * does. Under the old one nothing was ever decided or signed, so its chain.sqlite is set aside, never removed. Answers where it is now; undefined where there
 * is nothing to do. The data directory is this process's, and nobody has the file open.
 */
export function leaveUnlaunched(file: string, genesis: Pick<Genesis, 'block'>, nowMs: number): string | undefined {
  return existsSync(file) && waitsWithAnother(file, genesis) ? setAside(file, 'unlaunched', nowMs) : undefined;
}

/** Not where it cannot be read: who opens the file next says why. */
function waitsWithAnother(file: string, genesis: Pick<Genesis, 'block'>): boolean {
  let db: ReadableDatabase | undefined;
  try {
    db = openForReading(file);
    const tip = new ChainRows(db).tip();
    return tip !== undefined && tip.height === 0 && tip.hash !== genesis.block.hash && decodeRegistryState(tip.registry).members.length === 0;
  } catch {
    return false;
  } finally {
    db?.close();
  }
}
