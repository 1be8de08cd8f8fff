import type { Lock, OutpointKey, PublicKey, Txid } from '../../../src-shared/domain/ids.ts';
import type { TransactionReason } from '../../../src-shared/domain/rejection-code.ts';
import type { TransactionOutput } from '../../core/codec/transaction.ts';
import type { Branch } from '../../core/wallet/derivation.ts';
import { noTries } from '../keys/passphrase-tries.ts';
import type { SentRecord, WalletChange, WalletRecord } from '../keys/wallet-store.ts';
import { amountOfInteger, type Blob, blobOf, hexOfBlob, integerOfAmount, type ReadableDatabase, type WritableDatabase } from './sqlite.ts';

/** What the rows of wallet.sqlite say (wallet-layout.ts), read whole and changed in one transaction. */
export function readWallet(db: ReadableDatabase): WalletRecord {
  const all = <Row extends unknown[]>(sql: string): Row[] => db.prepare<[], Row>(sql).raw().all();
  const tries = all<[bigint, bigint]>('select failures, last_ms from passphrase_tries')[0];
  return {
    accounts: all<[string]>('select name from account order by number').map(([name]) => name),
    branches: all<[bigint, Branch, bigint, bigint]>('select account, branch, next, used from branch_progress').map(([account, branch, next, used]) => ({
      account: Number(account),
      branch,
      next: Number(next),
      used: Number(used),
    })),
    keys: all<[bigint, Branch, bigint, Blob, Blob]>(
      'select account, branch, key_index, public_key, lock from watched_key order by account, branch, key_index',
    ).map(([account, branch, index, publicKey, lock]) => ({
      account: Number(account),
      branch,
      index: Number(index),
      publicKey: hexOfBlob<PublicKey>(publicKey),
      lock: hexOfBlob<Lock>(lock),
    })),
    labels: new Map(all<[Blob, string]>('select lock, text from label').map(([lock, text]) => [hexOfBlob<Lock>(lock), text])),
    setAside: new Set(all<[OutpointKey]>('select outpoint from set_aside').map(([key]) => key)),
    requests: all<[Blob, bigint | null, string, bigint]>('select lock, amount, label, created_ms from payment_request order by seq').map(
      ([lock, amount, label, createdMs]) => ({
        lock: hexOfBlob<Lock>(lock),
        amount: amount === null ? undefined : amountOfInteger(amount),
        label,
        createdMs: Number(createdMs),
      }),
    ),
    sent: all<SentRow>('select txid, encoded, spent, height, stage, reason from sent_payment order by seq').map(sentOf),
    tries: tries === undefined ? noTries : { failures: Number(tries[0]), lastMs: Number(tries[1]) },
  };
}

/** Carries a change out as a whole or not at all. */
export function walletWriter(db: WritableDatabase): (change: WalletChange) => void {
  const run = <Parameters extends unknown[]>(sql: string) => db.prepare<Parameters>(sql);
  const putAccount = run<[number, string]>('insert or replace into account (number, name) values (?, ?)');
  const putProgress = run<[number, string, number, number]>('insert or replace into branch_progress (account, branch, next, used) values (?, ?, ?, ?)');
  const putKey = run<[number, string, number, Blob, Blob]>(
    `insert into watched_key (account, branch, key_index, public_key, lock) values (?, ?, ?, ?, ?)
      on conflict (account, branch, key_index) do nothing`,
  );
  const putLabel = run<[Blob, string]>('insert or replace into label (lock, text) values (?, ?)');
  const removeLabel = run<[Blob]>('delete from label where lock = ?');
  const putAside = run<[string]>('insert or ignore into set_aside (outpoint) values (?)');
  const giveBack = run<[string]>('delete from set_aside where outpoint = ?');
  const putRequest = run<[Blob, bigint | null, string, number]>(
    `insert into payment_request (lock, amount, label, created_ms) values (?, ?, ?, ?)
      on conflict (lock) do update set amount = excluded.amount, label = excluded.label, created_ms = excluded.created_ms`,
  );
  const removeRequest = run<[Blob]>('delete from payment_request where lock = ?');
  const putSent = run<[Blob, Blob, Blob, number, string | null, string | null]>(
    `insert into sent_payment (txid, encoded, spent, height, stage, reason) values (?, ?, ?, ?, ?, ?)
      on conflict (txid) do update set stage = excluded.stage, reason = excluded.reason`,
  );
  const removeSent = run<[Blob]>('delete from sent_payment where txid = ?');
  const putTries = run<[number, number]>('insert or replace into passphrase_tries (id, failures, last_ms) values (1, ?, ?)');
  const write = db.transaction((change: WalletChange) => {
    for (const { account, name } of change.accounts ?? []) putAccount.run(account, name);
    for (const { account, branch, index, publicKey, lock } of change.addedKeys ?? []) putKey.run(account, branch, index, blobOf(publicKey), blobOf(lock));
    for (const { account, branch, next, used } of change.branches ?? []) putProgress.run(account, branch, next, used);
    for (const [lock, text] of change.labels ?? []) text === '' ? removeLabel.run(blobOf(lock)) : putLabel.run(blobOf(lock), text);
    for (const key of change.setAside ?? []) putAside.run(key);
    for (const key of change.givenBack ?? []) giveBack.run(key);
    for (const { lock, amount, label, createdMs } of change.requests ?? [])
      putRequest.run(blobOf(lock), amount === undefined ? null : integerOfAmount(amount), label, createdMs);
    for (const lock of change.removedRequests ?? []) removeRequest.run(blobOf(lock));
    for (const { txid, encoded, spent, height, ended } of change.sent ?? [])
      putSent.run(blobOf(txid), encoded, blobOfOutputs(spent), height, ended?.stage ?? null, ended?.reason ?? null);
    for (const txid of change.removedSent ?? []) removeSent.run(blobOf(txid));
    if (change.tries !== undefined) putTries.run(change.tries.failures, change.tries.lastMs);
  });
  return (change) => write.immediate(change);
}

type SentRow = [txid: Blob, encoded: Blob, spent: Blob, height: bigint, stage: 'rejected' | 'dropped' | null, reason: TransactionReason | null];

const sentOf = ([txid, encoded, spent, height, stage, reason]: SentRow): SentRecord => ({
  txid: hexOfBlob<Txid>(txid),
  encoded: new Uint8Array(encoded),
  spent: outputsOfBlob(spent),
  height: Number(height),
  ended: stage === null ? undefined : { stage, reason: reason ?? undefined },
});

const amountBytes = 8;
const outputBytes = amountBytes + 20;

function blobOfOutputs(outputs: readonly TransactionOutput[]): Buffer {
  const blob = Buffer.alloc(outputs.length * outputBytes);
  for (const [index, { amount, lock }] of outputs.entries()) {
    blob.writeBigUInt64LE(amount, index * outputBytes);
    blob.write(lock, index * outputBytes + amountBytes, 'hex');
  }
  return blob;
}

function outputsOfBlob(blob: Blob): TransactionOutput[] {
  const bytes = Buffer.from(blob.buffer, blob.byteOffset, blob.byteLength);
  return Array.from({ length: bytes.length / outputBytes }, (_, index) => ({
    amount: bytes.readBigUInt64LE(index * outputBytes),
    lock: bytes.toString('hex', index * outputBytes + amountBytes, (index + 1) * outputBytes) as Lock,
  }));
}
