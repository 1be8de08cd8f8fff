import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type BlockHash, type Hash, type NodeId, type OutpointKey, outpointKey, type Txid } from '../../src-shared/domain/ids.ts';
import { testRuns } from '../../src-shared/domain/test-runs.fixture.ts';
import { addressSources } from '../core/net/address-record.ts';
import type { BanSubject } from '../core/net/ban.ts';
import type { ChainSource } from '../core/ports.ts';
import type { StoreOperation } from '../core/store-operation.ts';
import { hex, openStorage, TestChain } from '../node/storage/test-chain.ts';
import { DiskTables } from './disk-tables.ts';

const few = fc.integer({ min: 1, max: 3 });
const txid = few.map((n) => hex(n) as Txid);
const hash = few.map((n) => hex(n) as Hash);
const blockHash = few.map((n) => hex(n) as BlockHash);
const nodeId = few.map((n) => hex(n) as NodeId);
const bytes = fc.uint8Array({ minLength: 1, maxLength: 5 });
const moment = fc.integer({ min: 0, max: 5 });
const address = few.map((n) => `10.0.0.${n}:1`);
const subject: fc.Arbitrary<BanSubject> = fc.oneof(
  nodeId.map((id) => ({ kind: 'node' as const, nodeId: id })),
  few.map((n) => ({ kind: 'network' as const, subnet: `10.${n}.0.0/16` })),
);
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });

/** Every operation but those of blocks, which both get from one chain. */
const operation: fc.Arbitrary<StoreOperation | 'block' | 'closing-block' | 'revert'> = fc.oneof(
  // A fourth of them: what other operations left is what they end.
  { weight: 5, arbitrary: fc.constantFrom('block' as const, 'block' as const, 'closing-block' as const, 'revert' as const) },
  fc.record({ kind: fc.constant('put-transaction' as const), txid, encoded: bytes, receivedMs: moment }),
  fc.record({ kind: fc.constant('remove-transactions' as const), txids: fc.array(txid, { maxLength: 2 }) }),
  fc.record({ kind: fc.constant('mark-final' as const), txid, finalAfterMs: moment }),
  fc.record({ kind: fc.constant('put-bundle' as const), hash, encoded: bytes }),
  fc.record({ kind: fc.constant('remove-bundles' as const), hashes: fc.array(hash, { maxLength: 2 }) }),
  fc.record({
    kind: fc.constant('guard' as const),
    record: fc.oneof(
      fc.record({ kind: fc.constant('block-vote' as const), height: few, round: few, phase: fc.constant('prevote' as const), blockHash: maybe(blockHash) }),
      fc.record({ kind: fc.constant('accept' as const), epoch: few, txid, inputs: fc.constant<OutpointKey[]>([]) }),
      fc.record({ kind: fc.constant('silence' as const), throughHeight: few, throughEpoch: few, tipHash: blockHash }),
      fc.record({ kind: fc.constant('end-silence' as const) }),
      fc.record({ kind: fc.constant('release' as const), txids: fc.array(txid, { maxLength: 2 }) }),
    ),
  }),
  fc.record({ kind: fc.constant('put-proposed-block' as const), height: few, hash: blockHash, encoded: bytes }),
  fc.record({ kind: fc.constant('put-block-votes' as const), height: few, round: few, encoded: bytes }),
  fc.record({ kind: fc.constant('put-halt' as const), height: few, reason: fc.string({ maxLength: 3 }), sinceMs: moment, encoded: bytes }),
  fc.record({ kind: fc.constant('mark-invalid' as const), hash: blockHash, height: few, liftsHalt: fc.boolean() }),
  fc.record({ kind: fc.constant('unmark-invalid' as const), hash: blockHash }),
  fc.record({
    kind: fc.constant('put-addresses' as const),
    records: fc.array(
      fc.record({
        address,
        nodeId: maybe(nodeId),
        source: fc.constantFrom(...addressSources),
        firstSeenMs: moment,
        lastSuccessMs: maybe(moment),
        lastTryMs: maybe(moment),
        failures: few,
        anchor: fc.boolean(),
      }),
      { maxLength: 3 },
    ),
  }),
  fc.record({ kind: fc.constant('remove-addresses' as const), addresses: fc.array(address, { maxLength: 2 }) }),
  fc.record({
    kind: fc.constant('put-ban' as const),
    ban: fc.record({
      subject,
      createdMs: moment,
      untilMs: maybe(moment),
      reason: fc.string({ maxLength: 3 }),
      by: fc.constantFrom('operator' as const, 'violations' as const),
    }),
  }),
  fc.record({ kind: fc.constant('remove-bans' as const), subjects: fc.array(subject, { maxLength: 2 }) }),
);

const plain = (encoded: Uint8Array): string => Buffer.from(encoded).toString('hex');

test('the simulator’s disk holds after every sequence of operations what the real one does', { timeout: 60_000 * testRuns(1) }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { minLength: 20, maxLength: 60 }), async (sequence) => {
      const folder = mkdtempSync(join(tmpdir(), 'time-parity-'));
      try {
        const chain = new TestChain();
        const operations = ['block' as const, ...sequence].flatMap((one): StoreOperation[] => {
          if (one === 'revert') return chain.height > 0 ? [chain.revert()] : [];
          if (one !== 'block' && one !== 'closing-block') return [one];
          const block = chain.next({ spends: chain.height < 0 ? 0 : 1 });
          return [{ ...block, epoch: 1 + (block.height % 3), closesEpoch: one === 'closing-block' }];
        });
        const tables = new DiskTables();
        const first = await openStorage(join(folder, 'chain.sqlite'));
        for (const one of operations) tables.apply(one);
        first.storage.persist(operations);
        await first.storage.close();
        const second = await openStorage(join(folder, 'chain.sqlite'));
        const real = second.storage.loadState();
        const simulated = tables.restored();
        const bundles = real.bundles.map(({ encoded }) => plain(encoded));
        expect(simulated?.bundles.map(plain)).toEqual(bundles);
        expect(simulated?.pending.map((one) => ({ ...one, encoded: plain(one.encoded) }))).toEqual(
          real.pending.map(({ encoded, receivedMs, finalAfterMs }) => ({ encoded: plain(encoded), receivedMs, finalAfterMs })),
        );
        expect(simulated?.tip).toMatchObject({ height: real.chain?.height, hash: real.chain?.hash, utxoSetHash: real.chain?.utxoSetHash });
        const sorted = <T extends { readonly height: number; readonly encoded: Uint8Array }>(rows: readonly T[]): string[] =>
          rows.map((row) => JSON.stringify({ ...row, encoded: plain(row.encoded) })).sort();
        expect(sorted(simulated?.proposedBlocks ?? [])).toEqual(sorted(real.proposedBlocks));
        expect(sorted(simulated?.blockVotes ?? [])).toEqual(sorted(real.blockVotes));
        const { guardRecords, invalid, addresses, bans } = real;
        expect(simulated).toMatchObject({ guardRecords, invalid, addresses, bans });
        expect(sorted(simulated?.halts ?? [])).toEqual(sorted(real.halts));
        const { reader } = second.storage;
        for (let height = 0; height <= chain.height + 1; height++) {
          expect(tables.block(height)?.hash).toBe(reader.block(height)?.hash);
          const undo = reader.undo(height);
          expect(tables.undo(height)).toEqual(undo && { encoded: new Uint8Array(undo.encoded), registry: undo.registry && new Uint8Array(undo.registry) });
          const hashesAfter = (source: ChainSource): readonly BlockHash[] =>
            source.revertedAfter(source.block(height)?.hash ?? (hex(0) as BlockHash)).map((block) => block.hash);
          expect(hashesAfter(tables)).toEqual(hashesAfter(reader));
        }
        for (const { outpoint } of chain.coins) expect(tables.coin(outpointKey(outpoint))).toEqual(second.storage.reader.coin(outpointKey(outpoint)));
        await second.storage.close();
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }),
    { numRuns: testRuns(10) },
  );
});
