import { lockOf } from '../../../src-shared/domain/address.ts';
import {
  type BlockHash,
  type Hash,
  type Lock,
  type NodeId,
  type Outpoint,
  type OutpointKey,
  outpointKey,
  type PublicKey,
  type Txid,
} from '../../../src-shared/domain/ids.ts';
import { type BlockHeader, type HashedBlock, hashBlock, hashCertificate } from '../codec/block.ts';
import type { Coin } from '../codec/coin.ts';
import { type HashedTransaction, hashTransaction, type Transaction, type TransactionOutput } from '../codec/transaction.ts';
import type { CoinSource } from '../ports.ts';
import type { Member, Snapshot } from '../snapshot.ts';
import { transactionsRootOf } from './check-block.ts';
import type { CoinChanges } from './coin-view.ts';
import type { TermsSource } from './transaction-terms.ts';

/** For tests of the ledger: a numbered thing is the same wherever it is named. Signatures are bytes; nobody here verifies them. */
const hexOf = (kind: string, number: number, bytes: number): string => `${kind}${number.toString(16).padStart(2 * bytes - kind.length, '0')}`;
export const txidNumber = (number: number): Txid => hexOf('aa', number, 32) as Txid;
export const keyNumber = (number: number): PublicKey => hexOf('bb', number, 32) as PublicKey;
export const nodeNumber = (number: number): NodeId => hexOf('cc', number, 32) as NodeId;
export const lockNumber = (number: number): Lock => lockOf(keyNumber(number));
export const blockHashNumber = (number: number): BlockHash => hexOf('dd', number, 32) as BlockHash;
export const hashNumber = (number: number): Hash => hexOf('ee', number, 32) as Hash;

/** A transfer signed by the numbered keys. */
export function transfer(of: {
  inputs: readonly Outpoint[];
  outputs: readonly TransactionOutput[];
  signers: readonly number[];
  change?: Partial<Transaction>;
}): HashedTransaction {
  return hashTransaction({
    version: 1,
    kind: 'transfer',
    inputs: of.inputs,
    outputs: of.outputs,
    timestamp: 0,
    payload: new Uint8Array(0),
    witnesses: of.signers.map((number) => ({ publicKey: keyNumber(number), signature: new Uint8Array(64) })),
    ...of.change,
  });
}

export const snapshotOf = (members: readonly Member[]): Snapshot => ({
  epoch: 0,
  hash: hashNumber(1),
  members,
  totalWeight: members.reduce((sum, { weight }) => sum + weight, 0),
  byNode: new Map(members.map((member) => [member.nodeId, member])),
});
/** Rewards of member n go to lock 1,000 + n. */
export const memberNumber = (number: number, weight: number): Member => ({
  nodeId: nodeNumber(number),
  tier: 'bronze',
  weight,
  rewardLock: lockNumber(1_000 + number),
  serviceAddress: '',
});

/** The plainest set of coins: what every cleverer one is held to. */
export class CoinTable implements CoinSource {
  readonly coins = new Map<OutpointKey, Coin>();

  coin(key: OutpointKey): Coin | undefined {
    return this.coins.get(key);
  }
  put(outpoint: Outpoint, coin: Partial<Coin>): Outpoint {
    this.coins.set(outpointKey(outpoint), { amount: 0n, lock: lockNumber(0), height: 0, coinbase: false, ...coin });
    return outpoint;
  }
  /** Throws where a coin that goes is not there, or one that comes is. */
  apply({ added, removed }: CoinChanges): void {
    for (const { outpoint } of removed) if (!this.coins.delete(outpointKey(outpoint))) throw new Error(`${outpointKey(outpoint)} is not there`);
    for (const { outpoint, coin } of added) {
      if (this.coins.has(outpointKey(outpoint))) throw new Error(`${outpointKey(outpoint)} is there already`);
      this.coins.set(outpointKey(outpoint), coin);
    }
  }
  total(): bigint {
    let total = 0n;
    for (const { amount } of this.coins.values()) total += amount;
    return total;
  }
  /** To compare. */
  sorted(): [OutpointKey, Coin][] {
    return [...this.coins].sort(([a], [b]) => (a < b ? -1 : 1));
  }
}

/** A block around these transactions with what follows from them; `header` overrides. */
export function blockOf(
  transactions: readonly HashedTransaction[],
  header: Partial<BlockHeader>,
  certificate?: HashedBlock['previousCertificate'],
): HashedBlock {
  const whole: BlockHeader = {
    version: 1,
    height: 1,
    previousHash: blockHashNumber(0),
    time: 0,
    round: 0,
    proposer: nodeNumber(0),
    closesEpoch: false,
    transactionsRoot: transactionsRootOf(transactions),
    utxoSetHash: hashNumber(0),
    registryHash: hashNumber(2),
    snapshotHash: hashNumber(1),
    previousCertificateHash: hashCertificate(certificate),
    ...header,
  };
  return hashBlock(whole, certificate, transactions);
}

/** A registry of nobody but the holders of these collaterals; of the masternode kinds it knows nothing. */
export const plainTerms = (isCollateral: (key: OutpointKey) => boolean = () => false): TermsSource => ({
  isCollateral,
  termsOf: () => ({ ok: true, value: { signers: [], releases: undefined, isFree: false } }),
  add: () => undefined,
});
