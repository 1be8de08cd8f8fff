import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { expect, test } from 'vitest';
import { lockOf } from '../../src-shared/domain/address.ts';
import type { Outpoint, PublicKey } from '../../src-shared/domain/ids.ts';
import { defaultLimits } from '../../src-shared/domain/net-limits.ts';
import { encodeTransaction, transactionBytes } from '../core/codec/transaction.ts';
import { transactionVersion } from '../core/constants.ts';
import { createGenesis } from '../core/genesis.ts';
import { requiredFee } from '../core/ledger/fee.ts';
import { paramsOf } from '../core/params.ts';
import { signTransaction } from '../core/wallet/builder.ts';
import { keyPairOf, signWith } from './keys/ed25519.ts';
import { nodeKeyOf } from './keys/node-key.ts';
import { Node } from './node.ts';
import { inFolder } from './storage/test-chain.ts';

const owner = keyPairOf(randomBytes(32));
const publicKey = owner.publicKey.toString('hex') as PublicKey;
const ownerLock = lockOf(publicKey);
const coinUnits = 1_000_000_000n;

/** Moderate, since this runs beside other tests; each is checked, stored, voted on twice and stored again. */
const payments = 2_400;
const forMs = 5_000;
const feedEveryMs = 10;
/** Longer than the limit: a turn that waited for one commit would be late by more than the limit. */
const syncDelayMs = 80;
const { blockIntervalMs, listenMs } = paramsOf.devnet;
/** architecture.md. */
const maxDelayP99Ms = 50;
const resolutionMs = 5;

/** The key file's format (node-key.ts), of a key that the genesis names. */
function writeKey(directory: string, seed: Buffer): void {
  writeFileSync(join(directory, 'node.key'), `TIME NODE KEY 1\nseed ${seed.toString('hex')}\nnode ${nodeKeyOf(seed).nodeId}\n`, { mode: 0o600 });
}

test('a masternode that stores and votes on hundreds of payments a second on a slow disk does not keep its event loop waiting', () =>
  inFolder(async (directory) => {
    const seed = randomBytes(32);
    writeKey(directory, seed);
    const genesis = createGenesis({
      network: 'devnet',
      // The first slot, and so a block of what is final by then, falls in the middle of it.
      time: Date.now() - (blockIntervalMs - listenMs - forMs / 2),
      masternodes: [{ nodeKey: nodeKeyOf(seed).nodeId, tier: 'bronze', ownerLock, rewardLock: ownerLock, serviceAddress: '127.0.0.1:1' }],
      allocations: Array.from({ length: payments }, () => ({ lock: ownerLock, amount: coinUnits, label: '' })),
    });
    const pay = (outpoint: Outpoint): Uint8Array => {
      const fee = requiredFee(transactionBytes({ inputs: 1, outputs: 1, payloadBytes: 0, witnesses: 1 }), 0n);
      const unsigned = {
        version: transactionVersion,
        kind: 'transfer' as const,
        inputs: [outpoint],
        outputs: [{ amount: coinUnits - fee, lock: ownerLock }],
        timestamp: 0,
        payload: new Uint8Array(),
        witnesses: [],
      };
      const sign = (message: Uint8Array): Uint8Array => signWith(owner.secretKey64, message);
      return encodeTransaction(signTransaction(unsigned, [ownerLock], genesis.hash, () => ({ publicKey, sign })).transaction);
    };
    const encoded = genesis.coins.filter(({ coin }) => coin.amount === coinUnits).map(({ outpoint }) => pay(outpoint));

    const { promise: maySign, resolve: signs } = Promise.withResolvers<void>();
    const { promise: allSettled, resolve, reject } = Promise.withResolvers<void>();
    let final = 0;
    let inBlocks = 0;
    const node = await Node.start({
      directory,
      genesis,
      listen: undefined,
      connect: [],
      masternode: true,
      limits: { ...defaultLimits('devnet'), maxPeers: 1 },
      userAgent: '/test:1/',
      workers: {
        verify: new URL('./verify/verify-worker.ts', import.meta.url),
        storageWriter: new URL('./storage/storage-worker.ts', import.meta.url),
        storageReader: new URL('./storage/reader-worker.ts', import.meta.url),
        wallet: new URL('./storage/wallet-worker.ts', import.meta.url),
      },
      verifyWorkers: 1,
      syncDelayMs,
      onEvent: (event) => {
        if (event.kind === 'signing') signs();
        if (event.kind === 'transaction-final') final++;
        if (event.kind === 'block-decided') inBlocks += event.transactions - 1;
        if (final === payments && inBlocks > 0) resolve();
      },
      onFatal: reject,
    });
    const delays = monitorEventLoopDelay({ resolution: resolutionMs });
    try {
      await maySign;
      delays.enable();
      const results = await feed(node, encoded);
      await allSettled;
      delays.disable();
      expect(results.filter((result) => !('txid' in result))).toEqual([]);
    } finally {
      await node.stop();
    }
    expect(delays.percentile(99) / 1e6 - resolutionMs).toBeLessThan(maxDelayP99Ms);
  }));

/** Evenly over `forMs`; answered when all are stored. */
async function feed(node: Node, encoded: readonly Uint8Array[]): Promise<Awaited<ReturnType<Node['submit']>>[]> {
  const submitted: ReturnType<Node['submit']>[] = [];
  const startMs = performance.now();
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const due = Math.min(encoded.length, Math.floor(((performance.now() - startMs) * encoded.length) / forMs));
      for (const one of encoded.slice(submitted.length, due)) submitted.push(node.submit(one));
      if (submitted.length < encoded.length) return;
      clearInterval(timer);
      resolve();
    }, feedEveryMs);
  });
  return Promise.all(submitted);
}
