import type { DataFiles } from './data-directory.ts';
import { OperationalError } from './operational-error.ts';
import type { Storage } from './storage/storage.ts';

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
