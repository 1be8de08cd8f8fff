import { writeSync } from 'node:fs';
import { join } from 'node:path';
import type { BlockHash } from '../../src-shared/domain/ids.ts';
import { defaultLimits } from '../../src-shared/domain/net-limits.ts';
import { realGenesis } from './audit/real-chain.fixture.ts';
import { Node } from './node.ts';
import { openForReading } from './storage/sqlite.ts';

/**
 * A node whose operator marks a block as invalid, if the start does not go on with that by itself. It is killed when so many blocks are taken off, those before
 * the last of them on the disk; or says in the end which height is left.
 */
const [directory, hash, foundAt, blocks] = process.argv.slice(2);
if (directory === undefined || hash === undefined) throw new Error('where, and which block?');
const killAfter = blocks === '-' ? undefined : Number(blocks);
/** Returns when the mark is stored and the block above this one is off the file's chain. */
function whenStored(height: number): void {
  const db = openForReading(join(directory as string, 'chain.sqlite'));
  const isStored = db.prepare<[number], bigint>('select count(*) from invalid_block, chain_state where chain_state.height <= ?').pluck();
  while (isStored.get(height) === 0n) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
}
let off = 0;
const { promise: left, resolve } = Promise.withResolvers<number>();
const worker = (file: string): URL => new URL(file, import.meta.url);
const node = await Node.start({
  directory,
  genesis: realGenesis,
  listen: undefined,
  connect: [],
  masternode: false,
  limits: defaultLimits('devnet'),
  discovery: false,
  userAgent: '/test:1/',
  workers: {
    verify: worker('./verify/verify-worker.ts'),
    storageWriter: worker('./storage/storage-worker.ts'),
    storageReader: worker('./storage/reader-worker.ts'),
    wallet: worker('./storage/wallet-worker.ts'),
  },
  verifyWorkers: 1,
  onEvent: (event) => {
    if (event.kind === 'block-reverted' && ++off === killAfter) {
      whenStored(event.height);
      process.kill(process.pid, 'SIGKILL');
    }
    if (event.kind === 'branch-left') resolve(event.height);
  },
  onFatal: (error) => {
    throw error;
  },
});
if (foundAt !== '-') await node.invalidateBlock(hash as BlockHash, Number(foundAt), false);
const height = await left;
await node.stop();
writeSync(1, `${height}\n`);
