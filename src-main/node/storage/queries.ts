import type { Contradiction } from '../../../src-shared/domain/contradiction.ts';
import type { BlockHash, Hash, Lock, NodeId, Txid } from '../../../src-shared/domain/ids.ts';
import type { AuditGenesis } from '../audit/chain-walk.ts';
import type { ChainCheck, ChainCheckRequest } from '../audit/verify-chain.ts';
import type { ChainPosition, HistoryItem, StoredCoin, StoredTransaction } from './chain-answers.ts';
import type { UtxoSetInfo } from './coin-set-audit.ts';
import type { ExplorerQueries } from './explorer-answers.ts';

/**
 * Long reads, answered by a thread of their own so that neither the main thread nor a commit waits for them. Each sees everything that was
 * persisted before it was asked.
 */
export interface Queries extends ExplorerQueries {
  /** All unspent coins locked to any of these, by lock in the order given. */
  coinsOfLocks: { args: { readonly locks: readonly Lock[] }; answer: readonly StoredCoin[] };
  /** Transactions in blocks that touch any of these locks, each once, newest first. `before`: only older ones, to page on. */
  historyOfLocks: {
    args: { readonly locks: readonly Lock[]; readonly limit: number; readonly before?: ChainPosition };
    answer: readonly HistoryItem[];
  };
  /** Those of the locks that any transaction in a block touches. */
  usedLocks: { args: { readonly locks: readonly Lock[] }; answer: readonly Lock[] };
  /** The block at a height or with a hash. */
  block: { args: { readonly height: number } | { readonly hash: BlockHash }; answer: StoredBlockDetail | undefined };
  /** Without their bytes, from `from` upwards. */
  blockSummaries: { args: { readonly from: number; readonly count: number }; answer: readonly BlockSummary[] };
  /** What the headers at these heights say of when, ms; undefined where there is no block. */
  blockTimes: { args: { readonly heights: readonly number[] }; answer: readonly (number | undefined)[] };
  transaction: { args: { readonly txid: Txid }; answer: StoredTransaction | undefined };
  /** Newest first. */
  evidence: { args: { readonly limit: number }; answer: readonly StoredEvidence[] };
  /** Every coin read and hashed, as of one instant: seconds for a million. With a genesis also what the chain has issued. Undefined before the genesis. */
  utxoSetInfo: { args: { readonly genesis?: AuditGenesis }; answer: UtxoSetInfo | undefined };
  /** SQLite's integrity check and the audit of the coin set. Empty when all is well. */
  integrity: { args: Record<never, never>; answer: readonly string[] };
  /** SQLite's integrity check of another file. */
  fileIntegrity: { args: { readonly file: string }; answer: readonly string[] };
  /** What is wrong with either file, as far as a start looks; asked before anything else. */
  startCheck: { args: { readonly walletFile: string }; answer: { readonly chain: string | undefined; readonly wallet: string | undefined } };
  /** Undefined before the genesis. */
  verifyChain: { args: ChainCheckRequest; answer: ChainCheck | undefined };
}
export type QueryName = keyof Queries;
/** These read everything there is as of one instant, most of them for seconds or minutes, so they have a thread of their own. One at a time. */
const audits = ['utxoSetInfo', 'integrity', 'fileIntegrity', 'startCheck', 'verifyChain'] as const satisfies readonly QueryName[];
export type AuditName = (typeof audits)[number];
export const isAudit = (name: QueryName): name is AuditName => (audits as readonly QueryName[]).includes(name);
export type QueryArgs<N extends QueryName> = Queries[N]['args'];
export type QueryAnswer<N extends QueryName> = Queries[N]['answer'];

export interface BlockSummary {
  readonly height: number;
  readonly hash: BlockHash;
  readonly proposer: NodeId;
  /** Of the header, ms. */
  readonly time: number;
  readonly round: number;
  readonly decidedAtMs: number;
  readonly transactions: number;
}
export interface StoredBlockDetail extends BlockSummary {
  readonly encoded: Uint8Array;
  /** Encoded; undefined for the genesis. */
  readonly certificate: Uint8Array | undefined;
}
export interface StoredEvidence {
  readonly hash: Hash;
  readonly nodeId: NodeId;
  readonly description: string;
  /** Undefined where the words are none of this release's. */
  readonly contradiction: Contradiction | undefined;
  readonly encoded: Uint8Array;
}
