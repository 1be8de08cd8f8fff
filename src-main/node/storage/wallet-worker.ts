import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { WalletChange } from '../keys/wallet-store.ts';
import { migrate } from './migrate.ts';
import { blobOf, type Fault, faultOf, openForWriting, useDurableLog, type WritableDatabase } from './sqlite.ts';
import { walletLayout } from './wallet-layout.ts';

/** The thread with the only writing connection to wallet.sqlite. */
export interface WalletWorkerOptions {
  readonly file: string;
}
export type WalletRequest = { readonly kind: 'save'; readonly change: WalletChange } | { readonly kind: 'close' };
/** `saved` and `failed` answer the saves in their order. */
export type WalletReport = { readonly kind: 'ready' } | { readonly kind: 'saved' } | { readonly kind: 'failed'; readonly fault: Fault };

function start(port: MessagePort, { file }: WalletWorkerOptions): void {
  const report = (message: WalletReport): void => port.postMessage(message);
  try {
    const db = openForWriting(file);
    migrate(db, walletLayout);
    useDurableLog(db);
    const save = saver(db);
    port.on('message', (request: WalletRequest) => {
      if (request.kind === 'close') {
        db.close();
        port.close();
        return;
      }
      try {
        save.immediate(request.change);
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

function saver(db: WritableDatabase) {
  const putNext = db.prepare<[string, number]>('insert or replace into next_index (branch, next) values (?, ?)');
  const putKey = db.prepare<[string, number, Uint8Array, Uint8Array]>('insert into watched_key (branch, key_index, public_key, lock) values (?, ?, ?, ?)');
  const putLabel = db.prepare<[Uint8Array, string]>('insert or replace into label (lock, text) values (?, ?)');
  const removeLabel = db.prepare<[Uint8Array]>('delete from label where lock = ?');
  return db.transaction(({ next, addedKeys = [], label }: WalletChange) => {
    for (const { branch, index, publicKey, lock } of addedKeys) putKey.run(branch, index, blobOf(publicKey), blobOf(lock));
    if (next !== undefined) for (const branch of ['receive', 'change'] as const) putNext.run(branch, next[branch]);
    if (label === undefined) return;
    if (label.text === '') removeLabel.run(blobOf(label.lock));
    else putLabel.run(blobOf(label.lock), label.text);
  });
}

if (parentPort !== null) start(parentPort, workerData as WalletWorkerOptions);
