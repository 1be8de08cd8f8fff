import { lockOf } from '../../../src-shared/domain/address.ts';
import { sumOf } from '../../../src-shared/domain/amount.ts';
import type { Lock, Txid } from '../../../src-shared/domain/ids.ts';
import { isMasternodeKind } from '../codec/masternode-payload.ts';
import type { HashedTransaction, TransactionKind, TransactionOutput } from '../codec/transaction.ts';

export interface WalletTransaction {
  readonly hashed: HashedTransaction;
  /** What each input spends, in the inputs' order; undefined where the wallet never saw that coin, which is then not its own. */
  readonly spent: readonly (TransactionOutput | undefined)[];
}

/** `self` moves coins between own keys and costs only the fee; `reward` is a coinbase; `masternode` registers or changes one, which a block decides without votes. */
export type HistoryKind = 'sent' | 'received' | 'self' | 'reward' | 'masternode';

export interface HistoryEntry {
  readonly txid: Txid;
  readonly kind: HistoryKind;
  /** Units; what the wallet gained or, below zero, lost by it, the fee included. */
  readonly net: bigint;
  /** Units; undefined where not every spent coin is known, as in what others send. A coinbase has none. */
  readonly fee: bigint | undefined;
  /** The other side, each once: the payees of what was sent, the payers of what was received. */
  readonly counterparties: readonly Lock[];
  /** As its sender wrote it. */
  readonly timestampMs: number;
}

export function historyEntry({ hashed, spent }: WalletTransaction, own: ReadonlySet<Lock>): HistoryEntry {
  const { txid, transaction } = hashed;
  const known = spent.filter((coin) => coin !== undefined);
  const ownSum = (outputs: readonly TransactionOutput[]): bigint => sumOf(outputs.filter(({ lock }) => own.has(lock)).map(({ amount }) => amount));
  const paidByWallet = known.some(({ lock }) => own.has(lock));
  const payees = transaction.outputs.map(({ lock }) => lock).filter((lock) => !own.has(lock));
  const payers = transaction.witnesses.map(({ publicKey }) => lockOf(publicKey)).filter((lock) => !own.has(lock));
  const kind = kindOf(transaction.kind, paidByWallet, payees.length > 0);
  return {
    txid,
    kind,
    net: ownSum(transaction.outputs) - ownSum(known),
    fee: transaction.inputs.length > 0 && known.length === transaction.inputs.length ? totalOf(known) - totalOf(transaction.outputs) : undefined,
    counterparties: [...new Set(counterparties[kind] === 'payees' ? payees : counterparties[kind] === 'payers' ? payers : [])],
    timestampMs: transaction.timestamp,
  };
}

const counterparties: Record<HistoryKind, 'payees' | 'payers' | 'nobody'> = {
  sent: 'payees',
  received: 'payers',
  self: 'nobody',
  reward: 'nobody',
  masternode: 'nobody',
};

const totalOf = (outputs: readonly TransactionOutput[]): bigint => sumOf(outputs.map(({ amount }) => amount));

function kindOf(kind: TransactionKind, paidByWallet: boolean, paysOthers: boolean): HistoryKind {
  if (kind === 'coinbase') return 'reward';
  if (!paidByWallet) return 'received';
  if (isMasternodeKind(kind)) return 'masternode';
  return paysOthers ? 'sent' : 'self';
}
