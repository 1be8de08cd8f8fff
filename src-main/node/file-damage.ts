import type { DataFiles } from './data-directory.ts';
import type { NodeNotice } from './notice.ts';
import { OperationalError } from './operational-error.ts';
import { finishRepair, repairChain } from './storage/repair.ts';
import type { Storage } from './storage/storage.ts';

/** Before chain.sqlite is opened: ends a repair that was interrupted, and repairs where that is asked for. Throws what `repairChain` throws. */
export function mendChainFile(file: string, isAsked: boolean, nowMs: number, onNotice: (notice: NodeNotice) => void): void {
  const setAside = finishRepair(file, nowMs);
  if (setAside !== undefined) onNotice({ kind: 'repair-ended', setAside });
  if (isAsked) onNotice({ kind: 'repair', repair: repairChain(file, nowMs) });
}

/** A node that stands on damaged records must not sign, nor serve them. Throws `database-damaged` or `wallet-file-damaged`, with the first thing found. */
export async function refuseDamage(storage: Storage, files: Pick<DataFiles, 'chain' | 'wallet'>): Promise<void> {
  const { chain, wallet } = await storage.query('startCheck', { walletFile: files.wallet });
  if (chain !== undefined) throw new OperationalError('database-damaged', `${files.chain}: ${chain}`);
  if (wallet !== undefined) throw new OperationalError('wallet-file-damaged', `${files.wallet}: ${wallet}`);
}

/** What opens the wallet's file says what it says of any; what to do about this one is something else. */
export function asWalletDamage(error: unknown): never {
  if (error instanceof OperationalError && error.code === 'database-damaged') throw new OperationalError('wallet-file-damaged', error.detail, { cause: error });
  throw error;
}
