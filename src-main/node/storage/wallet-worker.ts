import { existsSync, renameSync } from 'node:fs';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { WalletChange } from '../keys/wallet-store.ts';
import { OperationalError } from '../operational-error.ts';
import { migrate } from './migrate.ts';
import { type Fault, faultOf, openForWriting, useDurableLog, type WritableDatabase } from './sqlite.ts';
import { walletLayout } from './wallet-layout.ts';
import { walletWriter } from './wallet-rows.ts';

/** The thread with the only writing connection to wallet.sqlite. */
export interface WalletWorkerOptions {
  readonly file: string;
}
export type WalletRequest =
  | { readonly kind: 'save'; readonly change: WalletChange }
  /** The file is moved to that one, and an empty one takes its place. */
  | { readonly kind: 'start-anew'; readonly aside: string }
  | { readonly kind: 'close' };
/** `saved` and `failed` answer the requests but the last in their order. */
export type WalletReport = { readonly kind: 'ready' } | { readonly kind: 'saved' } | { readonly kind: 'failed'; readonly fault: Fault };

function start(port: MessagePort, { file }: WalletWorkerOptions): void {
  const report = (message: WalletReport): void => port.postMessage(message);
  try {
    let open = openWallet(file);
    port.on('message', (request: WalletRequest) => {
      if (request.kind === 'close') {
        open.db.close();
        port.close();
        return;
      }
      try {
        if (request.kind === 'save') open.write(request.change);
        else {
          open.db.close();
          try {
            // The last connection that closes takes its log with it, and then the file is all of it. A log that is left is of somebody who reads it still.
            if (existsSync(`${file}-wal`)) throw new OperationalError('database-busy', file);
            renameSync(file, request.aside);
          } finally {
            open = openWallet(file);
          }
        }
        report({ kind: 'saved' });
      } catch (error) {
        report({ kind: 'failed', fault: faultOf(error, file) });
      }
    });
    report({ kind: 'ready' });
  } catch (error) {
    report({ kind: 'failed', fault: faultOf(error, file) });
    port.close();
  }
}

function openWallet(file: string): { readonly db: WritableDatabase; readonly write: (change: WalletChange) => void } {
  const db = openForWriting(file);
  migrate(db, walletLayout);
  useDurableLog(db);
  return { db, write: walletWriter(db) };
}

if (parentPort !== null) start(parentPort, workerData as WalletWorkerOptions);
