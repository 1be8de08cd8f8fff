import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BlockHash, type Hash, type Lock, type NodeId, zeroHash } from '../../../src-shared/domain/ids.ts';
import { certificateCodec, hashBlock } from '../../core/codec/block.ts';
import { encodeSetElement } from '../../core/codec/coin.ts';
import { type HashedTransaction, hashTransaction, type TransactionOutput } from '../../core/codec/transaction.ts';
import { combineMuHash, deltaOf, emptyMuHash, encodeMuHash, finalizeMuHash } from '../../core/crypto/muhash.ts';
import type { ApplyBlock, RevertBlock } from '../../core/store-operation.ts';
import type { CoinEntry } from './coin-columns.ts';
import { Storage, type StorageOptions } from './storage.ts';

/** Tests and benchmarks: a chain that looks like a real one to storage, which looks at shapes and not at rules. */

export const hex = (number: number, digits = 64): string => number.toString(16).padStart(digits, '0');
export const lockOf = (number: number): Lock => hex(number, 40) as Lock;
const proposer = hex(7) as NodeId;

/** Also one above 2^63. */
export const firstAmount = 2n ** 63n + 5n;

/** So many blocks a test can take off. */
const maxReverted = 1_000;

export class TestChain {
  /** Unspent, oldest first. */
  coins: CoinEntry[] = [];
  height = -1;
  #hash = zeroHash as BlockHash;
  #set = emptyMuHash;
  /** The newest, with the set after each. */
  readonly #applied: { readonly block: ApplyBlock; readonly set: typeof emptyMuHash }[] = [];
  #branch = 0;

  get utxoSetHash(): Hash {
    return finalizeMuHash(this.#set);
  }

  /** `spends` transactions that each spend the oldest coin and make two, after a coinbase with `rewards` outputs. */
  next({ spends, rewards = 1 }: { readonly spends: number; readonly rewards?: number }): ApplyBlock {
    const height = ++this.height;
    // Another one on each branch.
    const moment = height + 1_000_000 * this.#branch;
    const removed = this.coins.splice(0, spends);
    const rewardOutputs = Array.from({ length: rewards }, (_, i) => ({ amount: i === 0 ? firstAmount : 1_000n + BigInt(i), lock: lockOf(i % 50) }));
    const transactions = [transactionOf(moment, [], rewardOutputs), ...removed.map((coin) => transactionOf(moment, [coin], halves(coin)))];
    const added = transactions.flatMap(({ txid, transaction }, position) =>
      transaction.outputs.map(({ amount, lock }, vout) => ({ outpoint: { txid, vout }, coin: { amount, lock, height, coinbase: position === 0 } })),
    );
    this.coins.push(...added);
    const elements = (entries: CoinEntry[]): Uint8Array[] => entries.map(({ outpoint, coin }) => encodeSetElement(outpoint, coin));
    this.#set = combineMuHash(this.#set, deltaOf(elements(added), elements(removed)));
    const block = this.#operation(height, transactions, added, removed);
    this.#applied.push({ block, set: this.#set });
    if (this.#applied.length > maxReverted) this.#applied.shift();
    return block;
  }

  /** Takes the newest block off. The next one is another one. */
  revert(): RevertBlock {
    const last = this.#applied.pop();
    const before = this.#applied.at(-1);
    if (last === undefined || before === undefined) throw new Error('the first block stays');
    const { height, hash, encoded, certificate, added, removed, transactions } = last.block;
    this.height--;
    this.#hash = before.block.hash;
    this.#set = before.set;
    this.coins = [...removed, ...this.coins.slice(0, this.coins.length - added.length)];
    this.#branch++;
    const { setHashState, registry, utxoSetHash } = before.block;
    return {
      kind: 'revert-block',
      height,
      hash,
      encoded,
      certificate,
      previousHash: before.block.hash,
      utxoSetHash,
      setHashState,
      registry,
      added: removed,
      removed: added,
      transactions,
    };
  }

  #operation(height: number, transactions: HashedTransaction[], added: CoinEntry[], removed: CoinEntry[]): ApplyBlock {
    const time = 1_700_000_000_000 + height + 1_000_000 * this.#branch;
    const utxoSetHash = this.utxoSetHash;
    const zero = zeroHash as Hash;
    const roots = { transactionsRoot: zero, utxoSetHash, registryHash: zero, snapshotHash: zero, previousCertificateHash: zero };
    const block = hashBlock({ version: 1, height, previousHash: this.#hash, time, round: 0, proposer, closesEpoch: false, ...roots }, undefined, transactions);
    this.#hash = block.hash;
    const locksOf = ({ transaction }: HashedTransaction): Lock[] => [
      ...transaction.outputs.map(({ lock }) => lock),
      ...removed.filter(({ outpoint }) => transaction.inputs[0]?.txid === outpoint.txid).map(({ coin }) => coin.lock),
    ];
    const spenders = transactions.length > 500 ? (one: HashedTransaction) => one.transaction.outputs.map(({ lock }) => lock) : locksOf;
    return {
      kind: 'apply-block',
      height,
      hash: block.hash,
      time,
      round: 0,
      proposer,
      encoded: block.encoded,
      certificate: height === 0 ? undefined : certificateCodec.encode({ height, round: 0, blockHash: block.hash, precommits: [] }),
      undo: Uint8Array.of(1, 2, 3),
      registryBefore: undefined,
      added,
      removed,
      setHashState: encodeMuHash(this.#set),
      registry: Uint8Array.of(height),
      epoch: 0,
      closesEpoch: false,
      utxoSetHash,
      transactions: transactions.map((one) => ({ txid: one.txid, locks: spenders(one) })),
      decidedAtMs: time + 5,
      clearsConsensusThrough: height,
    };
  }
}

const transactionOf = (height: number, inputs: CoinEntry[], outputs: TransactionOutput[]): HashedTransaction =>
  hashTransaction({
    version: 1,
    kind: inputs.length === 0 ? 'coinbase' : 'transfer',
    inputs: inputs.map(({ outpoint }) => outpoint),
    outputs,
    timestamp: height,
    payload: new Uint8Array(8).fill(height),
    witnesses: [],
  });

const halves = ({ coin }: CoinEntry): TransactionOutput[] => [
  { amount: coin.amount / 2n, lock: coin.lock },
  { amount: coin.amount - coin.amount / 2n, lock: lockOf(1_000 + Number(coin.amount % 50n)) },
];

export const storageWorkers = { writer: new URL('./storage-worker.ts', import.meta.url), reader: new URL('./reader-worker.ts', import.meta.url) };

/** A folder that is gone after `use`. */
export async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'time-storage-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export interface OpenedStorage {
  readonly storage: Storage;
  /** Resolves when that batch is durable; rejects with the failure. */
  durable(batch: number): Promise<void>;
  /** Each answer of the worker: one for each commit. */
  readonly commits: number[];
  readonly failures: Error[];
}

export async function openStorage(file: string, options: Partial<StorageOptions> = {}): Promise<OpenedStorage> {
  const commits: number[] = [];
  const failures: Error[] = [];
  let waiting: { batch: number; resolve: () => void; reject: (error: Error) => void }[] = [];
  const storage = await Storage.open({
    file,
    workers: storageWorkers,
    onDurable: (through) => {
      commits.push(through);
      for (const one of waiting) if (one.batch <= through) one.resolve();
      waiting = waiting.filter(({ batch }) => batch > through);
    },
    onFailure: (error) => {
      failures.push(error);
      for (const { reject } of waiting) reject(error);
    },
    monotonicMs: () => performance.now(),
    ...options,
  });
  const durable = (batch: number): Promise<void> =>
    batch <= storage.durableThrough ? Promise.resolve() : new Promise((resolve, reject) => waiting.push({ batch, resolve, reject }));
  return { storage, durable, commits, failures };
}

/** Opens, uses and closes, also when the test fails. */
export const withStorage = (use: (opened: OpenedStorage, file: string) => Promise<void>, options: Partial<StorageOptions> = {}): Promise<void> =>
  inFolder(async (folder) => {
    const file = join(folder, 'chain.sqlite');
    const opened = await openStorage(file, options);
    try {
      await use(opened, file);
    } finally {
      await opened.storage.close();
    }
  });
