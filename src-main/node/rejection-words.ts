import type { Rejection, RejectionCode } from '../core/rejection.ts';
import { CodedError } from './coded-error.ts';

/** What each refusal means, for people. */
export const rejectionWords: Record<RejectionCode, string> = {
  malformed: 'These bytes are no transaction.',
  'unknown-message': 'This kind of message is not known.',
  'unexpected-message': 'This message does not belong here.',
  'bad-version': 'The transaction has a version that this network does not know.',
  'kind-not-allowed': 'Only transfers can be sent this way.',
  'no-inputs': 'The transaction spends nothing.',
  'no-outputs': 'The transaction pays nobody.',
  'duplicate-input': 'The transaction spends the same coin twice.',
  'dust-output': 'An output is below the least amount, 0.00000546 TIME.',
  'amount-overflow': 'The amounts are larger than any amount can be.',
  'too-large': 'The transaction is larger than 1,000,000 bytes, or has too many inputs or outputs.',
  'bad-payload': 'The transaction carries data that its kind does not have.',
  'witness-unused': 'A signature is of a key that none of the coins belongs to.',
  'witness-missing': 'A coin is spent without its owner’s signature.',
  'bad-signature': 'A signature is wrong.',
  'missing-input': 'A coin that it spends does not exist, or is spent already.',
  'parent-not-final': 'A coin that it spends comes from a transaction that is not final yet. Try again in a moment.',
  'immature-coinbase': 'A coin that it spends is a reward that is too young.',
  'collateral-locked': 'A coin that it spends is the collateral of a masternode.',
  'inputs-below-outputs': 'It pays more than it spends.',
  'fee-too-low': 'The fee is too low.',
  'already-known': 'The transaction is known already.',
  'already-settled': 'The transaction is in a block already.',
  'conflict-certified': 'Another transaction that spends the same coin is certified already.',
  'mempool-full': 'Too many transactions are waiting, and this one’s fee is too low for the room that is left. Try again in a moment.',
  'contested-limit': 'Too many transactions spend the same coin.',
  'bad-parent': 'The block does not follow the last one.',
  'bad-height': 'The block has the wrong height.',
  'bad-time': 'The block’s time is not after that of the last one.',
  'bad-slot': 'The block is not of the current slot.',
  'bad-proposer': 'The block is not its proposer’s to make.',
  'bad-coinbase': 'The block’s reward is wrong.',
  'bad-transactions-root': 'The block’s transactions are not those of its header.',
  'bad-utxo-set-hash': 'The block leads to another coin set than its header says.',
  'bad-registry-hash': 'The block leads to other masternodes than its header says.',
  'bad-snapshot-hash': 'The block is decided by another snapshot than its header says.',
  'bad-certificate': 'The block’s certificate does not hold.',
  'bad-epoch-flag': 'The block ends the epoch where it must not, or goes on where it must end.',
  'early-block-too-small': 'The block came before its slot without filling half a block.',
  'duplicate-transaction': 'The block holds a transaction twice.',
  'unknown-signer': 'The signer is no masternode of this snapshot.',
  'wrong-epoch': 'The vote is of another epoch.',
  'wrong-height': 'The vote is of another height.',
  equivocation: 'The signer has signed something that contradicts it.',
};

/** A transaction that the node did not take, as the contract says it. */
export function rejectionError({ code, detail }: Rejection): CodedError {
  const data = { rejection: code, detail };
  const message = detail === '' ? rejectionWords[code] : `${rejectionWords[code]} (${code}: ${detail})`;
  if (code === 'already-settled') return new CodedError('transaction-already-settled', message, data);
  if (code === 'malformed') return new CodedError('deserialization-error', message, data);
  return new CodedError('transaction-rejected', message, data);
}
