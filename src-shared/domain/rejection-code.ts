/**
 * Why data from a peer or a person is not taken. Every code is here, so that the tables that map codes to words and to penalties are
 * exhaustive, and the contract can name them.
 */
export const rejectionCodes = [
  // Bytes
  'malformed',
  /** Not what the transport's frames look like. */
  'bad-frame',
  'unknown-message',
  'unexpected-message',
  /** Far more of something than a peer may send, for ten seconds. */
  'flood',
  // Transactions, context-free
  'bad-version',
  'kind-not-allowed',
  'no-inputs',
  'no-outputs',
  'duplicate-input',
  'dust-output',
  'amount-overflow',
  'too-large',
  'bad-payload',
  'witness-unused',
  'witness-missing',
  'bad-signature',
  // Transactions, in context
  'missing-input',
  'parent-not-final',
  'immature-coinbase',
  'collateral-locked',
  'inputs-below-outputs',
  'fee-too-low',
  'already-known',
  'already-settled',
  'conflict-certified',
  'mempool-full',
  'contested-limit',
  // Masternodes
  'already-registered',
  'not-registered',
  'not-inactive',
  /** Of a masternode that this node knows as another's. */
  'not-the-owner',
  'bad-collateral',
  'registry-full',
  /** There are as many Free masternodes as there can be, and room for others. */
  'no-room-for-free',
  // Blocks
  'bad-parent',
  'bad-height',
  'bad-time',
  'bad-proposer',
  'bad-coinbase',
  'bad-transactions-root',
  'bad-utxo-set-hash',
  'bad-registry-hash',
  'bad-snapshot-hash',
  'bad-certificate',
  'bad-epoch-flag',
  'early-block-too-small',
  'duplicate-transaction',
  /** Marked by this node's operator: not the sender's fault. */
  'invalidated',
  // Votes
  'unknown-signer',
  'wrong-epoch',
  'wrong-height',
] as const;
export type RejectionCode = (typeof rejectionCodes)[number];

/** Why a transaction that was taken did not come to be: it was voted down, or left the mempool undecided. */
const transactionEndCodes = [
  /** More than a third of the weight rejects it. Advice: a certificate or a block overrides it (protocol section 6). */
  'voted-down',
  'expired',
  'evicted',
  /** A block spent its coins otherwise. */
  'inapplicable',
] as const;

/** Why a transaction is not going to be final, as programs and windows are told. */
export const transactionReasons = [...rejectionCodes, ...transactionEndCodes] as const;
export type TransactionReason = (typeof transactionReasons)[number];
