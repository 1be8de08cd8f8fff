/**
 * Why data from a peer or a person is not taken: a value, never thrown. Every code is here, so that the tables that map
 * codes to words and (with peer management) to penalties are exhaustive.
 */
export type RejectionCode =
  // Bytes
  | 'malformed'
  | 'unknown-message'
  | 'unexpected-message'
  // Transactions, context-free
  | 'bad-version'
  | 'kind-not-allowed'
  | 'no-inputs'
  | 'no-outputs'
  | 'duplicate-input'
  | 'dust-output'
  | 'amount-overflow'
  | 'too-large'
  | 'bad-payload'
  | 'witness-unused'
  | 'witness-missing'
  | 'bad-signature'
  // Transactions, in context
  | 'missing-input'
  | 'parent-not-final'
  | 'immature-coinbase'
  | 'collateral-locked'
  | 'inputs-below-outputs'
  | 'fee-too-low'
  | 'already-known'
  | 'already-settled'
  | 'conflict-certified'
  | 'mempool-full'
  | 'contested-limit'
  // Blocks
  | 'bad-parent'
  | 'bad-height'
  | 'bad-time'
  | 'bad-slot'
  | 'bad-proposer'
  | 'bad-coinbase'
  | 'bad-transactions-root'
  | 'bad-utxo-set-hash'
  | 'bad-registry-hash'
  | 'bad-snapshot-hash'
  | 'bad-certificate'
  | 'bad-epoch-flag'
  | 'early-block-too-small'
  | 'duplicate-transaction'
  // Votes
  | 'unknown-signer'
  | 'wrong-epoch'
  | 'wrong-height'
  | 'equivocation';

export interface Rejection {
  readonly code: RejectionCode;
  /** For logs and people: the numbers or ids that show it. */
  readonly detail: string;
}

export const reject = (code: RejectionCode, detail = ''): { readonly ok: false; readonly rejection: Rejection } => ({ ok: false, rejection: { code, detail } });

export type Checked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly rejection: Rejection };
export const accept = <T>(value: T): Checked<T> => ({ ok: true, value });
