import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type BlockHash, type Hash, type NodeId, type OutpointKey, outpointKey, type Txid } from '../../../src-shared/domain/ids.ts';
import type { AddressRecord } from '../../core/net/address-record.ts';
import type { Ban } from '../../core/net/ban.ts';
import type { GuardRecord, StoreOperation } from '../../core/store-operation.ts';
import { hex, inFolder, openStorage, TestChain, withStorage } from './test-chain.ts';

const txid = (number: number): Txid => hex(number) as Txid;
const hash = (number: number): Hash => hex(number) as Hash;
const blockHash = (number: number): BlockHash => hex(number) as BlockHash;
const guard = (record: GuardRecord): StoreOperation => ({ kind: 'guard', record });
const slowDiskMs = 30;

/** Persists in one process, then answers what the next one loads. */
const reloaded = (...turns: StoreOperation[][]) =>
  inFolder(async (folder) => {
    const file = join(folder, 'chain.sqlite');
    const first = await openStorage(file);
    for (const operations of turns) {
      first.storage.persist(operations);
      await Promise.resolve();
    }
    await first.storage.close();
    const second = await openStorage(file);
    const state = second.storage.loadState();
    await second.storage.close();
    return state;
  });

describe('a restart', () => {
  test('an empty file has no chain', async () => {
    expect(await reloaded()).toEqual({
      chain: undefined,
      pending: [],
      bundles: [],
      guardRecords: [],
      proposedBlocks: [],
      blockVotes: [],
      halts: [],
      invalid: [],
      signedThrough: undefined,
      addresses: [],
      bans: [],
    });
  });

  test('finds the tip, the state of the set and the genesis', async () => {
    const chain = new TestChain();
    const [genesis, first] = [chain.next({ spends: 0 }), chain.next({ spends: 1 })];
    const state = await reloaded([genesis], [first]);
    expect(state.chain).toEqual({
      height: 1,
      hash: first.hash,
      utxoSetHash: first.utxoSetHash,
      setHashState: Buffer.from(first.setHashState),
      registry: Buffer.from(first.registry),
      genesisHash: genesis.hash,
    });
  });

  test('finds pending transactions in order of arrival, each once, without those that were removed', async () => {
    const put = (number: number): StoreOperation => ({
      kind: 'put-transaction',
      txid: txid(number),
      encoded: Uint8Array.of(number),
      receivedMs: 1_800_000_000_000 + number,
    });
    const state = await reloaded(
      [put(3), put(1), put(2), put(3)],
      [{ kind: 'mark-final', txid: txid(1), finalAfterMs: 42 }],
      [{ kind: 'remove-transactions', txids: [txid(2), txid(9)] }],
    );
    expect(state.pending).toEqual([
      { txid: txid(3), encoded: Buffer.of(3), receivedMs: 1_800_000_000_003, finalAfterMs: undefined },
      { txid: txid(1), encoded: Buffer.of(1), receivedMs: 1_800_000_000_001, finalAfterMs: 42 },
    ]);
  });

  test('finds vote bundles in order of arrival, without those that were removed', async () => {
    const put = (number: number): StoreOperation => ({ kind: 'put-bundle', hash: hash(number), encoded: Uint8Array.of(number, number) });
    const state = await reloaded([put(2), put(1), put(2), put(5)], [{ kind: 'remove-bundles', hashes: [hash(1)] }]);
    expect(state.bundles).toEqual([
      { hash: hash(2), encoded: Buffer.of(2, 2) },
      { hash: hash(5), encoded: Buffer.of(5, 5) },
    ]);
  });

  const votes: GuardRecord[] = [
    { kind: 'block-vote', height: 1, round: 0, phase: 'prevote', blockHash: blockHash(1) },
    { kind: 'block-vote', height: 1, round: 0, phase: 'precommit', blockHash: undefined },
    { kind: 'proposal', height: 1, round: 2, validRound: undefined, blockHash: blockHash(1) },
    { kind: 'proposal', height: 2, round: 3, validRound: 1, blockHash: blockHash(1) },
    { kind: 'lock', height: 1, lockedRound: 0, lockedHash: blockHash(2) },
    { kind: 'valid', height: 2, validRound: 4, validHash: blockHash(2) },
    { kind: 'accept', epoch: 3, txid: txid(1), inputs: [`${hex(5)}:7` as OutpointKey, `${hex(6)}:0` as OutpointKey] },
    { kind: 'accept', epoch: 3, txid: txid(2), inputs: [] },
    { kind: 'commit', epoch: 3, txid: txid(1), inputs: [`${hex(5)}:7` as OutpointKey] },
  ];

  test('finds what the guard wrote, in that order', async () => {
    expect((await reloaded(votes.map(guard))).guardRecords).toEqual(votes);
  });

  test('a released transaction binds nothing any more', async () => {
    const state = await reloaded(votes.map(guard), [guard({ kind: 'release', txids: [txid(1)] })]);
    expect(state.guardRecords).toEqual(votes.filter((vote) => !('txid' in vote) || vote.txid !== txid(1)));
  });

  test('votes on transactions, and their bundles, outlive every block of their epoch but the one that closes it', async () => {
    const later: GuardRecord = { kind: 'commit', epoch: 4, txid: txid(3), inputs: [] };
    const ofEpochs = [...votes.filter(({ kind }) => kind === 'accept' || kind === 'commit'), later];
    for (const closesEpoch of [false, true]) {
      const chain = new TestChain();
      const state = await reloaded(
        [chain.next({ spends: 0 }), ...ofEpochs.map(guard), { kind: 'put-bundle', hash: hash(1), encoded: Uint8Array.of(1) }],
        [{ ...chain.next({ spends: 1 }), epoch: 3, closesEpoch }],
      );
      expect(state.guardRecords).toEqual(closesEpoch ? [later] : ofEpochs);
      expect(state.bundles).toHaveLength(closesEpoch ? 0 : 1);
    }
  });

  test('a decided height voids records, proposed blocks and block votes up to it, and no others', async () => {
    const chain = new TestChain();
    const proposed = (height: number): StoreOperation => ({ kind: 'put-proposed-block', height, hash: blockHash(height), encoded: Uint8Array.of(height) });
    const quorum = (height: number, round: number): StoreOperation => ({ kind: 'put-block-votes', height, round, encoded: Uint8Array.of(height, round) });
    const state = await reloaded(
      [chain.next({ spends: 0 })],
      [...votes.map(guard), proposed(1), proposed(2), proposed(2), quorum(1, 0), quorum(2, 3), quorum(2, 1), quorum(2, 1)],
      [chain.next({ spends: 1 })],
    );
    expect(state.guardRecords).toEqual(votes.filter((vote) => !('height' in vote) || vote.height > 1));
    expect(state.proposedBlocks).toEqual([{ height: 2, hash: blockHash(2), encoded: Buffer.of(2) }]);
    expect(state.blockVotes).toEqual([
      { height: 2, round: 1, encoded: Buffer.of(2, 1) },
      { height: 2, round: 3, encoded: Buffer.of(2, 3) },
    ]);
  });

  const halt = (height: number): StoreOperation => ({
    kind: 'put-halt',
    height,
    reason: `at ${height}`,
    sinceMs: 10 * height,
    encoded: Uint8Array.of(height),
  });
  test('finds the first halt', async () => {
    expect((await reloaded([halt(7)], [halt(8)])).halts).toEqual([{ height: 7, reason: 'at 7', sinceMs: 70, encoded: Buffer.of(7), liftedBy: undefined }]);
  });

  test('a mark lifts a halt, another may come, and the mark taken back brings the first one back', async () => {
    const mark: StoreOperation = { kind: 'mark-invalid', hash: blockHash(5), height: 5, liftsHalt: true };
    const lifted = await reloaded([halt(7)], [mark], [halt(8)]);
    expect(lifted.invalid).toEqual([{ hash: blockHash(5), height: 5 }]);
    expect(lifted.halts.map(({ height, liftedBy }) => [height, liftedBy])).toEqual([
      [7, blockHash(5)],
      [8, undefined],
    ]);
    const restored = await reloaded([halt(7)], [mark], [{ kind: 'unmark-invalid', hash: blockHash(5) }]);
    expect(restored.invalid).toEqual([]);
    expect(restored.halts.map(({ height, liftedBy }) => [height, liftedBy])).toEqual([[7, undefined]]);
  });

  test('finds addresses as they were last put, without those that were removed', async () => {
    const known: AddressRecord = {
      address: '[2001:db8::1]:24000',
      nodeId: hex(5) as NodeId,
      source: 'peer',
      firstSeenMs: 1_800_000_000_000,
      lastSuccessMs: 1_800_000_000_001,
      lastTryMs: 1_800_000_000_002,
      failures: 3,
      anchor: true,
    };
    const heard: AddressRecord = {
      address: 'a.example:24000',
      nodeId: undefined,
      source: 'dns',
      firstSeenMs: 1_800_000_000_003,
      lastSuccessMs: undefined,
      lastTryMs: undefined,
      failures: 0,
      anchor: false,
    };
    const gone = { ...heard, address: 'b.example:24000' };
    const state = await reloaded(
      [{ kind: 'put-addresses', records: [gone, heard, { ...known, nodeId: undefined, failures: 0, anchor: false }] }],
      [
        { kind: 'put-addresses', records: [known] },
        { kind: 'remove-addresses', addresses: [gone.address, 'never.example:1'] },
      ],
    );
    expect(state.addresses).toEqual([known, heard]);
  });

  test('finds bans as they were last put, without those that were lifted', async () => {
    const node: Ban = { subject: { kind: 'node', nodeId: hex(0xb5) as NodeId }, createdMs: 5, untilMs: undefined, reason: 'ten violations', by: 'violations' };
    const network: Ban = { subject: { kind: 'network', subnet: '203.0.113.0/24' }, createdMs: 6, untilMs: 1_800_000_000_000, reason: '', by: 'operator' };
    const lifted: Ban['subject'] = { kind: 'network', subnet: '2001:db8::/32' };
    const state = await reloaded(
      [
        { kind: 'put-ban', ban: { ...network, untilMs: 7 } },
        { kind: 'put-ban', ban: { ...network, subject: lifted } },
      ],
      [
        { kind: 'put-ban', ban: node },
        { kind: 'put-ban', ban: network },
        { kind: 'remove-bans', subjects: [lifted, { kind: 'node', nodeId: hex(1) as NodeId }] },
      ],
    );
    expect(state.bans).toEqual([node, network]);
  });

  test('a block takes its transactions out of the pending ones', async () => {
    const chain = new TestChain();
    const [genesis, block] = [chain.next({ spends: 0 }), chain.next({ spends: 1 })];
    const included = block.transactions[1]?.txid as Txid;
    const pending: StoreOperation = { kind: 'put-transaction', txid: included, encoded: Uint8Array.of(1), receivedMs: 1 };
    expect((await reloaded([genesis, pending], [block])).pending).toEqual([]);
  });
});

describe('reads', () => {
  test('see their own writes at once, and the same ones after the commit', () =>
    withStorage(
      async ({ storage, durable }) => {
        const chain = new TestChain();
        storage.persist([chain.next({ spends: 0, rewards: 3 })]);
        const spent = chain.coins[0];
        const block = chain.next({ spends: 1 });
        const batch = storage.persist([block]);
        if (spent === undefined) throw new Error('a coin');
        const check = (): void => {
          expect(storage.reader.coin(outpointKey(spent.outpoint))).toBeUndefined();
          for (const { outpoint, coin } of chain.coins) expect(storage.reader.coin(outpointKey(outpoint))).toEqual(coin);
          expect(storage.reader.block(1)).toMatchObject({ hash: block.hash, certificate: { height: 1, round: 0, blockHash: block.hash, precommits: [] } });
          expect(Buffer.compare(storage.reader.block(1)?.encoded ?? Buffer.of(), block.encoded)).toBe(0);
          expect(storage.reader.block(0)?.certificate).toBeUndefined();
          expect(storage.reader.block(2)).toBeUndefined();
          expect(storage.reader.transactionHeight(block.transactions[1]?.txid as Txid)).toBe(1);
          expect(storage.reader.transactionHeight(txid(1))).toBeUndefined();
          expect(storage.reader.coin(`${hex(1)}:0` as OutpointKey)).toBeUndefined();
        };
        check();
        expect(storage.durableThrough).toBe(0);
        await durable(batch);
        check();
      },
      { syncDelayMs: slowDiskMs },
    ));

  test('stay right while blocks become durable one after the other on a slow disk', () =>
    withStorage(
      async ({ storage, durable, commits }) => {
        const chain = new TestChain();
        const spent: OutpointKey[] = [];
        let batch = 0;
        const check = (): void => {
          for (const { outpoint, coin } of chain.coins) expect(storage.reader.coin(outpointKey(outpoint))).toEqual(coin);
          for (const key of spent) expect(storage.reader.coin(key)).toBeUndefined();
        };
        for (let i = 0; i < 12; i++) {
          const block = chain.next({ spends: i, rewards: 3 });
          spent.push(...block.removed.map(({ outpoint }) => outpointKey(outpoint)));
          batch = storage.persist([block]);
          check();
          await durable(Math.max(0, batch - 2));
          check();
        }
        await durable(batch);
        check();
        expect(spent.length).toBeGreaterThan(20);
        expect(commits.length).toBeGreaterThan(1);
      },
      { syncDelayMs: 5 },
    ));
});
