import { lockOf, parseAddress } from '../../../src-shared/domain/address.ts';
import { type BlockHash, type Hash, type Lock, type OutpointKey, outpointKey, type PublicKey, type Txid } from '../../../src-shared/domain/ids.ts';
import type { Coin } from '../../core/codec/coin.ts';
import { decodeTransaction, type HashedTransaction, hashTransaction } from '../../core/codec/transaction.ts';
import type { Departed } from '../../core/engine/context.ts';
import type { MempoolStatus } from '../../core/mempool/mempool-entry.ts';
import { nodeKeyOf } from '../keys/node-key.ts';
import { kdfCosts } from '../keys/passphrase-key.ts';
import type { KdfCost } from '../keys/sealed-record.ts';
import { memoryWalletStore } from '../keys/wallet-store.ts';
import type { SubmitResult } from '../pending-requests.ts';
import type { HistoryItem, StoredCoin } from '../storage/chain-answers.ts';
import type { QueryArgs, QueryName } from '../storage/queries.ts';
import type { WalletKeeperOptions } from './wallet-keeper.ts';
import type { Payment } from './wallet-spender.ts';

/** A chain and a mempool in maps, and a clock that a test sets: enough of a node for a wallet. */
export const genesisHash = '99'.repeat(32) as Hash;
const nodeKey = nodeKeyOf(new Uint8Array(32).fill(5));
export const payee = '77'.repeat(20) as Lock;
export const time = 100_000_000n;

export const payment = (amount: bigint | undefined, more: Partial<Payment> = {}): Payment => ({
  to: payee,
  amount,
  subtractFee: false,
  label: '',
  passphrase: '',
  maxFee: undefined,
  account: undefined,
  inputs: undefined,
  ...more,
});

export function lockOfNew(address: string, network: 'devnet' | 'testnet' = 'devnet'): Lock {
  const parsed = parseAddress(address, network);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.lock;
}

/** As little as tells a passphrase from none. */
export const cheapCost = async (passphrase: string): Promise<KdfCost> => (passphrase === '' ? kdfCosts.none : { ...kdfCosts.none, passes: 2 });

interface InBlock extends HistoryItem {
  readonly hashed: HashedTransaction;
  readonly locks: ReadonlySet<Lock>;
}

export class FakeNode {
  readonly coins = new Map<OutpointKey, StoredCoin>();
  readonly pending = new Map<Txid, { readonly hashed: HashedTransaction; status: MempoolStatus }>();
  readonly departed = new Map<Txid, Departed>();
  readonly collateral = new Set<OutpointKey>();
  /** Of the masternode that this node is. */
  owner: Lock | undefined;
  /** Oldest first. */
  readonly chain: InBlock[] = [];
  height = 100;
  nowMs = 1_700_000_000_000;
  coinQueries = 0;
  refuse: SubmitResult | undefined;
  readonly timers = new Map<number, { readonly run: () => void; readonly atMs: number }>();
  #made = 0;

  /** A payment out of nowhere, in a block of its own. */
  fund(lock: Lock, amount: bigint, coin: Partial<Coin> = {}): OutpointKey {
    const payload = new Uint8Array(8);
    new DataView(payload.buffer).setUint32(0, this.#made++, true);
    const hashed = hashTransaction({ version: 1, kind: 'coinbase', inputs: [], outputs: [{ amount, lock }], timestamp: this.nowMs, payload, witnesses: [] });
    const outpoint = { txid: hashed.txid, vout: 0 };
    this.height++;
    this.coins.set(outpointKey(outpoint), { outpoint, coin: { amount, lock, height: 1, coinbase: false, ...coin } });
    this.#put(hashed, 0);
    return outpointKey(outpoint);
  }
  coin(key: OutpointKey): Coin | undefined {
    return this.coins.get(key)?.coin;
  }
  async submit(encoded: Uint8Array): Promise<SubmitResult> {
    const hashed = decodeTransaction(encoded);
    // Answers of the node come later than its caller goes on.
    await Promise.resolve();
    if (this.refuse !== undefined) return this.refuse;
    this.pending.set(hashed.txid, { hashed, status: 'pending' });
    return { txid: hashed.txid };
  }
  setStatus(txid: Txid, status: MempoolStatus): void {
    const entry = this.pending.get(txid);
    if (entry === undefined) throw new Error(`${txid} is not pending`);
    entry.status = status;
  }
  /** All that is final goes in a block. */
  decide(): void {
    this.height++;
    let position = 0;
    for (const [txid, { hashed, status }] of this.pending) {
      if (status !== 'final') continue;
      this.pending.delete(txid);
      for (const input of hashed.transaction.inputs) this.coins.delete(outpointKey(input));
      for (const [vout, { amount, lock }] of hashed.transaction.outputs.entries())
        this.coins.set(outpointKey({ txid, vout }), { outpoint: { txid, vout }, coin: { amount, lock, height: this.height, coinbase: false } });
      this.#put(hashed, position++);
    }
  }
  /** Runs what falls due. */
  pass(ms: number): void {
    this.nowMs += ms;
    for (const [id, { run, atMs }] of [...this.timers]) {
      if (atMs > this.nowMs || !this.timers.delete(id)) continue;
      run();
    }
  }
  options(): Omit<WalletKeeperOptions, 'vaultFile'> {
    return {
      store: memoryWalletStore(),
      genesisHash,
      network: 'devnet',
      coinbaseMaturity: 2,
      views: {
        tip: () => ({ height: this.height, hash: this.height.toString(16).padStart(64, '0') as BlockHash }) as never,
        pendingTransactions: () => [...this.pending.values()].map(({ hashed }) => hashed),
        pending: (txid) => {
          const entry = this.pending.get(txid);
          return entry && ({ hashed: entry.hashed, status: entry.status, finalAfterMs: undefined } as never);
        },
        departed: (txid) => this.departed.get(txid),
        coin: (key) => this.coin(key),
        isCollateral: (key) => this.collateral.has(key),
        registry: () => ({ member: () => this.owner && { ownerLock: this.owner } }) as never,
      },
      storage: { query: (name, args) => Promise.resolve(this.#query(name, args) as never) },
      submit: (encoded) => this.submit(encoded),
      nodeKey: { publicKey: nodeKey.nodeId as string as PublicKey, sign: (message) => nodeKey.sign(message) },
      readNodeKey: () => Promise.resolve('TIME NODE KEY 1\n'),
      nowMs: () => this.nowMs,
      monotonicMs: () => this.nowMs,
      setTimer: (run, delayMs) => {
        const id = this.#made++;
        this.timers.set(id, { run, atMs: this.nowMs + delayMs });
        return () => this.timers.delete(id);
      },
      chooseCost: cheapCost,
    };
  }

  #put(hashed: HashedTransaction, position: number): void {
    const { outputs, witnesses } = hashed.transaction;
    const locks = new Set([...outputs.map(({ lock }) => lock), ...witnesses.map(({ publicKey }) => lockOf(publicKey))]);
    this.chain.push({ txid: hashed.txid, height: this.height, position, hashed, locks });
  }

  #query(name: QueryName, args: unknown): unknown {
    switch (name) {
      case 'coinsOfLocks': {
        this.coinQueries++;
        const wanted = new Set((args as QueryArgs<'coinsOfLocks'>).locks);
        return [...this.coins.values()].filter(({ coin }) => wanted.has(coin.lock));
      }
      case 'usedLocks': {
        const used = new Set(this.chain.flatMap(({ locks }) => [...locks]));
        return (args as QueryArgs<'usedLocks'>).locks.filter((lock) => used.has(lock));
      }
      case 'historyOfLocks': {
        const { locks, limit, before } = args as QueryArgs<'historyOfLocks'>;
        const older = ({ height, position }: HistoryItem): boolean =>
          before === undefined || height < before.height || (height === before.height && position < before.position);
        return this.chain
          .filter((one) => older(one) && locks.some((lock) => one.locks.has(lock)))
          .toReversed()
          .slice(0, limit);
      }
      case 'transaction': {
        const found = this.chain.find(({ txid }) => txid === (args as QueryArgs<'transaction'>).txid);
        return found && { ...found, encoded: found.hashed.encoded, finalAfterMs: undefined };
      }
      default:
        throw new Error(`a wallet asks no ${name}`);
    }
  }
}
