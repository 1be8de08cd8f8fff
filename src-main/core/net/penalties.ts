import type { RejectionCode } from '../../../src-shared/domain/rejection-code.ts';

/**
 * What each reason not to take something is worth in violations of the peer that sent it (protocol section 10). Any violation ends the
 * connection. Nothing that an honest node may pass on in good faith is one: what it knows of coins, heights, epochs and clocks may differ
 * from what is known here, and it cannot answer for what a signer signed twice.
 */
const penalties: { readonly [C in RejectionCode]: number } = {
  // An honest node sends no such bytes.
  malformed: 1,
  'bad-frame': 1,
  'unknown-message': 1,
  'unexpected-message': 1,
  // Far more than is allowed, for ten seconds: a ban at once, since only that makes room for the others.
  flood: 3,

  // Seen in the transaction alone: an honest node checks it before it relays.
  'bad-version': 1,
  'kind-not-allowed': 1,
  'no-inputs': 1,
  'no-outputs': 1,
  'duplicate-input': 1,
  'dust-output': 1,
  'amount-overflow': 1,
  'too-large': 1,
  'bad-payload': 1,
  'witness-unused': 1,
  'witness-missing': 1,
  'bad-signature': 1,

  // Depends on the chain and the mempool.
  'missing-input': 0,
  'parent-not-final': 0,
  'immature-coinbase': 0,
  'collateral-locked': 0,
  'inputs-below-outputs': 0,
  'fee-too-low': 0,
  'already-known': 0,
  'already-settled': 0,
  'conflict-certified': 0,
  'mempool-full': 0,
  'contested-limit': 0,
  'already-registered': 0,
  'not-registered': 0,
  'not-inactive': 0,
  'not-the-owner': 0,
  'bad-collateral': 0,
  'registry-full': 0,
  'no-room-for-free': 0,

  // Of a block that comes as decided: who serves it has the certificate that contradicts it.
  'bad-parent': 1,
  'bad-height': 1,
  'bad-time': 1,
  'bad-proposer': 1,
  'bad-coinbase': 1,
  'bad-transactions-root': 1,
  'bad-utxo-set-hash': 1,
  'bad-registry-hash': 1,
  'bad-snapshot-hash': 1,
  'bad-certificate': 1,
  'bad-epoch-flag': 1,
  'early-block-too-small': 1,
  'duplicate-transaction': 1,
  /** What this node's operator thinks of a block is nobody's fault. */
  invalidated: 0,

  // The signer's doing, or another view of who the signers are.
  'unknown-signer': 0,
  'wrong-epoch': 0,
  'wrong-height': 0,
};

/** Whole violations; 0: none, and the connection stays. */
export const violationsFor = (code: RejectionCode): number => penalties[code];
