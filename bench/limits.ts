import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import sodium from 'sodium-native';
import { keyPairOf, signWith } from '../src-main/node/keys/ed25519.ts';

const forMs = 1_000;

/** As often as it goes in a second, after a tenth of one to warm up. */
function perSecond(once: () => void): number {
  for (const endMs = performance.now() + forMs / 10; performance.now() < endMs; ) once();
  const startMs = performance.now();
  let count = 0;
  for (; performance.now() - startMs < forMs; count++) once();
  return (count * 1_000) / (performance.now() - startMs);
}

/** What libsodium verifies on one core: no node admits more on as many cores as its workers have. */
export function signaturesPerSecond(): number {
  const { publicKey, secretKey64 } = keyPairOf(randomBytes(32));
  const message = randomBytes(32);
  const signature = signWith(secretKey64, message);
  return perSecond(() => {
    if (!sodium.crypto_sign_verify_detached(signature, message, publicKey)) throw new Error('a good signature');
  });
}

/** Commits of one small row that reach the disk, one after another. */
export function commitsPerSecond(): number {
  const directory = mkdtempSync(join(tmpdir(), 'time-bench-'));
  const db = new Database(join(directory, 'raw.sqlite'));
  try {
    db.pragma('journal_mode = wal');
    db.pragma('synchronous = full');
    db.exec('create table row (bytes blob)');
    const insert = db.prepare('insert into row values (?)');
    const bytes = randomBytes(200);
    return perSecond(() => insert.run(bytes));
  } finally {
    db.close();
    rmSync(directory, { recursive: true, force: true });
  }
}
