import { isAmount } from '../../../src-shared/domain/amount.ts';
import type { Hash, PublicKey } from '../../../src-shared/domain/ids.ts';
import type { RejectionCode } from '../../../src-shared/domain/rejection-code.ts';
import type { HashedTransaction, TransactionOutput } from '../codec/transaction.ts';
import { dustUnits, maxInputs, maxOutputs, maxTransactionBytes, transactionVersion } from '../constants.ts';
import { hashBytes } from '../crypto/hash.ts';
import { fromHex } from '../crypto/hex.ts';
import type { SignatureItem } from '../effects.ts';
import type { Rejection } from '../rejection.ts';

const broken = (code: RejectionCode, detail: string): Rejection => ({ code, detail });

/**
 * The rules of protocol section 4 that a transfer keeps or breaks by itself. Coinbases are checked with their block, where alone
 * they may be; the masternode kinds are not part of this network yet. Signatures are verified elsewhere.
 */
export function checkTransaction(hashed: HashedTransaction): Rejection | undefined {
  const { version, kind, inputs, outputs, payload } = hashed.transaction;
  if (version !== transactionVersion) return broken('bad-version', `version ${version}`);
  if (kind !== 'transfer') return broken('kind-not-allowed', kind);
  if (hashed.encoded.length > maxTransactionBytes) return broken('too-large', `${hashed.encoded.length} bytes`);
  if (inputs.length === 0) return broken('no-inputs', '');
  if (inputs.length > maxInputs) return broken('too-large', `${inputs.length} inputs`);
  if (outputs.length === 0) return broken('no-outputs', '');
  if (outputs.length > maxOutputs) return broken('too-large', `${outputs.length} outputs`);
  if (payload.length > 0) return broken('bad-payload', `a transfer has none, not ${payload.length} bytes`);
  return checkDistinctInputs(hashed) ?? checkOutputs(outputs) ?? checkWitnessList(hashed);
}

function checkDistinctInputs({ inputKeys }: HashedTransaction): Rejection | undefined {
  if (inputKeys.length === 1) return undefined;
  const seen = new Set<string>();
  for (const key of inputKeys) {
    if (seen.has(key)) return broken('duplicate-input', key);
    seen.add(key);
  }
  return undefined;
}

function checkOutputs(outputs: readonly TransactionOutput[]): Rejection | undefined {
  let total = 0n;
  for (const { amount } of outputs) {
    if (amount < dustUnits) return broken('dust-output', `${amount} units`);
    total += amount;
  }
  return isAmount(total) ? undefined : broken('amount-overflow', `outputs of ${total} units`);
}

/** A key that signs twice, or more keys than inputs: at least one witness has no input to serve. Which ones do is asked with the coins. */
function checkWitnessList({ transaction: { inputs, witnesses } }: HashedTransaction): Rejection | undefined {
  if (witnesses.length === 0) return broken('witness-missing', 'not signed');
  if (witnesses.length > inputs.length) return broken('witness-unused', `${witnesses.length} witnesses of ${inputs.length} inputs`);
  if (witnesses.length === 1) return undefined;
  const seen = new Set<PublicKey>();
  for (const { publicKey } of witnesses) {
    if (seen.has(publicKey)) return broken('witness-unused', `${publicKey} signs twice`);
    seen.add(publicKey);
  }
  return undefined;
}

/** One item for each witness, in their order. All cover H("sign", genesisHash, txid). */
export function signatureItems({ txid, transaction }: HashedTransaction, genesisHash: Hash): SignatureItem[] {
  const message = hashBytes('sign', fromHex(genesisHash), fromHex(txid));
  return transaction.witnesses.map(({ publicKey, signature }) => ({ publicKey: fromHex(publicKey), message, signature }));
}
