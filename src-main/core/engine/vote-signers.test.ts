import { describe, expect, test } from 'vitest';
import { type BlockHash, type Hash, type Outpoint, type Txid, zeroHash } from '../../../src-shared/domain/ids.ts';
import { type HashedBlock, hashBlock } from '../codec/block.ts';
import { encodeMasternodePayload, type MasternodePayload } from '../codec/masternode-payload.ts';
import { type HashedTransaction, hashTransaction } from '../codec/transaction.ts';
import type { Prevote } from '../consensus/round-state.ts';
import { SignGuard } from '../consensus/sign-guard.ts';
import type { EngineEvent } from '../events.ts';
import { Registry } from '../masternodes/registry.ts';
import { Mempool } from '../mempool/mempool.ts';
import type { GuardRecord, StoreOperation } from '../store-operation.ts';
import { type BlockVoteContext, BlockVoteSigner } from './block-vote-signer.ts';
import { ProposedBlocks } from './proposed-blocks.ts';
import { keyOf, lockOfKey } from './test-node.fixture.ts';
import { TransactionVoteSigner } from './transaction-vote-signer.ts';

const intervalMs = 600_000;
const genesisMs = 1_750_000_000_000;
/** In the middle of slot 10, far from its edges. */
const slotMs = genesisMs + 10 * intervalMs;
const nowMs = slotMs + 300_000;
const finalMustBeIncludedMs = 10_000;

const coin = (number: number): Outpoint => ({ txid: number.toString(16).padStart(64, '0') as Txid, vout: 0 });
const spending = (of: Outpoint, timestamp = 0, claims?: MasternodePayload): HashedTransaction =>
  hashTransaction({
    version: 1,
    kind: claims?.kind ?? 'transfer',
    inputs: [of],
    outputs: [{ amount: 1_000n, lock: lockOfKey(0) }],
    timestamp,
    payload: claims === undefined ? new Uint8Array(0) : encodeMasternodePayload(claims),
    witnesses: [],
  });
const [final, other] = [spending(coin(1)), spending(coin(2))];
/** A coinbase comes first; what it holds is nobody's matter here. Blocks are told apart by their time and flag alone. */
const coinbase = hashTransaction({ version: 1, kind: 'coinbase', inputs: [], outputs: [], timestamp: 0, payload: new Uint8Array(8), witnesses: [] });

const blockOf = (transactions: readonly HashedTransaction[], time = nowMs, closesEpoch = false): HashedBlock =>
  hashBlock(
    {
      version: 1,
      height: 1,
      previousHash: zeroHash as BlockHash,
      time,
      round: 0,
      proposer: keyOf(1).nodeId,
      closesEpoch,
      transactionsRoot: zeroHash as Hash,
      utxoSetHash: zeroHash as Hash,
      registryHash: zeroHash as Hash,
      snapshotHash: zeroHash as Hash,
      previousCertificateHash: zeroHash as Hash,
    },
    undefined,
    [coinbase, ...transactions],
  );

interface Situation {
  /** What it signed before. */
  readonly records?: readonly GuardRecord[];
  /** What a final transaction has been known as final for; there is none where left out. */
  readonly finalForMs?: number;
  /** When the epoch's length was completed. */
  readonly completedMs?: number;
}
interface Voting {
  readonly signer: BlockVoteSigner;
  readonly mempool: Mempool;
  readonly proposed: ProposedBlocks;
  readonly persisted: StoreOperation[];
  /** It refused what it refused. */
  readonly why: string[];
}
/** A member with these blocks. */
function memberWith(blocks: readonly HashedBlock[], { finalForMs, completedMs, records = [] }: Situation = {}): Voting {
  const mempool = new Mempool();
  const sinceMs = nowMs - (finalForMs ?? 0);
  if (finalForMs !== undefined) mempool.admit({ hashed: final, fee: 1_000n, receivedMs: sinceMs, status: 'final' });
  const proposed = new ProposedBlocks(mempool);
  for (const block of blocks) proposed.add(block, { kind: 'checking' }, () => false);
  const [why, persisted]: [string[], StoreOperation[]] = [[], []];
  const { snapshot, progress } = Registry.fromGenesis([]);
  const context: BlockVoteContext = {
    maySign: true,
    nowMs,
    snapshot,
    guard: new SignGuard(records, 1, 0),
    mempool,
    genesis: { hash: zeroHash as Hash, time: genesisMs },
    options: { self: keyOf(0).nodeId, signer: { sign: () => new Uint8Array(64) } },
    params: { blockIntervalMs: intervalMs, finalMustBeIncludedMs },
    registry: { progress: { ...progress, completedMs } },
    persist: (operations) => persisted.push(...operations),
    persistGuard: (kept) => persisted.push(...kept.map((record): StoreOperation => ({ kind: 'guard', record }))),
    publish: (event: EngineEvent) => {
      if (event.kind === 'vote-refused') why.push(event.reason);
    },
  };
  return { signer: new BlockVoteSigner(context, proposed), mempool, proposed, persisted, why };
}
/** What it prevotes of this block, and why not that. */
function prevoted(block: HashedBlock, situation: Situation, round = 0, allowedBy: 'fresh' | number = 'fresh'): readonly [boolean, readonly string[]] {
  const { signer, why } = memberWith([block], situation);
  const blockHash = block.hash;
  const prevote: Prevote = allowedBy === 'fresh' ? { round, blockHash, fresh: true } : { round, blockHash, fresh: false, quorumOfPrevotesInRound: allowedBy };
  const vote = signer.prevote(1, prevote);
  expect(vote?.round).toBe(round);
  return [vote?.blockHash === blockHash, why];
}
/** The answer to a transfer that has its certificate. */
const committed = (
  { txid }: HashedTransaction,
  mempool: Mempool,
  proposed: ProposedBlocks,
  { isClosing = false, records = [] }: { readonly isClosing?: boolean; readonly records?: readonly GuardRecord[] },
): ReturnType<TransactionVoteSigner['commit']> =>
  new TransactionVoteSigner(
    { epoch: 0, isClosing, publish: () => undefined, guard: new SignGuard(records, 1, 0), mempool, tally: { isCertified: () => true } },
    proposed,
  ).commit(txid);
const accepted = [true, []];
const refusedAs = (reason: string): unknown[] => [false, [reason]];

describe('a fresh proposal that leaves out what is final', () => {
  const without = blockOf([other]);

  test('is refused once that has been known final for ten seconds, and no sooner', () => {
    expect(prevoted(without, { finalForMs: finalMustBeIncludedMs - 1 })).toEqual(accepted);
    expect(prevoted(without, { finalForMs: finalMustBeIncludedMs })).toEqual(refusedAs('leaves-out-final-transactions'));
    expect(prevoted(blockOf([other, final]), { finalForMs: finalMustBeIncludedMs })).toEqual(accepted);
  });

  test('has twice as long with each round, so that who sees it final sooner than others cannot keep them from deciding', () => {
    for (const round of [1, 2, 5]) {
      const patienceMs = finalMustBeIncludedMs * 2 ** round;
      expect(prevoted(without, { finalForMs: patienceMs - 1 }, round)).toEqual(accepted);
      expect(prevoted(without, { finalForMs: patienceMs }, round)).toEqual(refusedAs('leaves-out-final-transactions'));
    }
  });

  test('is refused only fresh: with a quorum of prevotes in an earlier round it is followed', () => {
    expect(prevoted(without, { finalForMs: 3_600_000 }, 1)).toEqual(refusedAs('leaves-out-final-transactions'));
    expect(prevoted(without, { finalForMs: 3_600_000 }, 1, 0)).toEqual(accepted);
  });
});

describe('the slot of a fresh proposal', () => {
  test('is the current one, give or take fifteen seconds', () => {
    const previous = blockOf([], slotMs - 1);
    const next = blockOf([], slotMs + intervalMs);
    expect(prevoted(blockOf([], slotMs), {})).toEqual(accepted);
    for (const block of [previous, next]) {
      expect(prevoted(block, {})).toEqual(refusedAs('slot-is-not-now'));
      expect(prevoted(block, {}, 1, 0)).toEqual(accepted);
    }
  });
});

describe('while the epoch is to close', () => {
  const completedMs = slotMs - 1;

  test('a fresh block that goes on with it is refused if it is small; one that closes it is not, nor one with a quorum', () => {
    expect(prevoted(blockOf([]), { completedMs })).toEqual(refusedAs('epoch-is-to-close'));
    expect(prevoted(blockOf([], nowMs, true), { completedMs })).toEqual(accepted);
    expect(prevoted(blockOf([]), { completedMs }, 1, 0)).toEqual(accepted);
    // In the slot that completed it, it cannot be closed yet.
    expect(prevoted(blockOf([]), { completedMs: slotMs })).toEqual(accepted);
  });

  test('nothing is committed, whatever its certificate (rule 4)', () => {
    const mempool = new Mempool();
    mempool.admit({ hashed: final, fee: 1_000n, receivedMs: nowMs, status: 'certified' });
    expect([true, false].map((isClosing) => committed(final, mempool, new ProposedBlocks(mempool), { isClosing }))).toEqual(['later', 'signed']);
  });
});

describe('what this node has said and does not have any more', () => {
  const prevoteOf = (blockHash: BlockHash): GuardRecord => ({ kind: 'block-vote', height: 1, round: 0, phase: 'prevote', blockHash });

  test('a transfer that it committed holds against every block without it, and against none that has it', () => {
    const records: readonly GuardRecord[] = [{ kind: 'commit', epoch: 0, txid: final.txid, inputs: final.inputKeys }];
    expect(prevoted(blockOf([other]), { records })).toEqual(refusedAs('conflicts-with-commit'));
    expect(prevoted(blockOf([other, final]), { records })).toEqual(accepted);
    // Line 28.
    expect(prevoted(blockOf([other]), { records }, 1, 0)).toEqual(accepted);
  });

  test('a block that it prevoted keeps it from committing anything in this height', () => {
    const block = blockOf([other]);
    for (const [blocks, answer] of [
      [[], 'later'],
      [[block], 'signed'],
    ] as const) {
      const { mempool, proposed } = memberWith(blocks);
      mempool.admit({ hashed: final, fee: 1_000n, receivedMs: nowMs, status: 'certified' });
      expect(committed(final, mempool, proposed, { records: [prevoteOf(block.hash)] })).toBe(answer);
    }
  });

  test('so a block is stored with its prevote', () => {
    const block = blockOf([other]);
    const { signer, persisted } = memberWith([block]);
    signer.prevote(1, { round: 0, blockHash: block.hash, fresh: true });
    expect(persisted).toMatchObject([
      { kind: 'guard', record: prevoteOf(block.hash) },
      { kind: 'put-proposed-block', height: 1, hash: block.hash },
    ]);
  });
});

describe('what a block conflicts with', () => {
  test('a payment of a coin that it registers as collateral, as much as one that it spends', () => {
    const nodeId = keyOf(2).nodeId;
    const locks = { ownerLock: lockOfKey(0), rewardLock: lockOfKey(0) };
    const registers = spending(coin(3), 0, { kind: 'masternode-register', nodeId, tier: 'bronze', collateral: coin(1), ...locks, serviceAddress: '' });
    const block = blockOf([registers]);
    const { proposed } = memberWith([block]);
    expect([final, spending(coin(3)), other].map((one) => proposed.conflictsWith(block.hash, one))).toEqual([true, true, false]);
  });

  test('a child of what is final, if it spends a coin of the parent otherwise', () => {
    const child = spending({ txid: final.txid, vout: 0 });
    const [rival, without, whole] = [blockOf([spending(coin(1), 1)], nowMs), blockOf([other], nowMs + 1), blockOf([final], nowMs + 2)];
    const { mempool, proposed } = memberWith([rival, without, whole], { finalForMs: 0 });
    mempool.admit({ hashed: child, fee: 1_000n, receivedMs: nowMs });
    expect([rival, without, whole].map(({ hash }) => proposed.conflictsWith(hash, child))).toEqual([true, false, false]);
  });
});
