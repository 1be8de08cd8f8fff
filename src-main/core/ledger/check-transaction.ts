import { isAmount } from '../../../src-shared/domain/amount.ts';
import type { Hash, PublicKey } from '../../../src-shared/domain/ids.ts';
import type { RejectionCode } from '../../../src-shared/domain/rejection-code.ts';
import type { HashedTransaction, TransactionKind, TransactionOutput } from '../codec/transaction.ts';
import { dustUnits, maxInputs, maxOutputs, maxTransactionBytes, transactionVersion } from '../constants.ts';
import { hashBytes } from '../crypto/hash.ts';
import { fromHex } from '../crypto/hex.ts';
import type { SignatureItem } from '../effects.ts';
import type { Rejection } from '../rejection.ts';

const broken = (code: RejectionCode, detail: string): Rejection => ({ code, detail });

/** Keys that sign beside the owners of the inputs: the owner of the collateral and the node's, the owner, nobody, the owner. */
const extraSigners: Record<Exclude<TransactionKind, 'coinbase'>, number> = {
  transfer: 0,
  'masternode-register': 2,
  'masternode-update': 1,
  'masternode-revive': 1,
  'masternode-exit': 1,
};

/**
 * The rules of protocol section 4 that a transaction keeps or breaks by itself. Coinbases are checked with their block, where alone they may be.
 * What a masternode's payload says is checked by the registry's part. Signatures are verified elsewhere.
 */
export function checkTransaction(hashed: HashedTransaction): Rejection | undefined {
  const { version, kind, inputs, outputs, payload } = hashed.transaction;
  if (version !== transactionVersion) return broken('bad-version', `version ${version}`);
  if (kind === 'coinbase') return broken('kind-not-allowed', kind);
  if (hashed.encoded.length > maxTransactionBytes) return broken('too-large', `${hashed.encoded.length} bytes`);
  if (kind === 'masternode-revive')
    return inputs.length + outputs.length === 0 ? checkWitnessList(hashed, 1) : broken('bad-payload', 'a revive moves no coins');
  if (inputs.length === 0) return broken('no-inputs', '');
  if (inputs.length > maxInputs) return broken('too-large', `${inputs.length} inputs`);
  if (outputs.length === 0) return broken('no-outputs', '');
  if (outputs.length > maxOutputs) return broken('too-large', `${outputs.length} outputs`);
  if (kind === 'transfer' && payload.length > 0) return broken('bad-payload', `a transfer has none, not ${payload.length} bytes`);
  return checkDistinctInputs(hashed) ?? checkOutputs(outputs) ?? checkWitnessList(hashed, inputs.length + extraSigners[kind]);
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

/** A key that signs twice, or more keys than there can be signers: at least one witness serves nothing. Which ones do is asked with the coins. */
function checkWitnessList({ transaction: { witnesses } }: HashedTransaction, maxSigners: number): Rejection | undefined {
  if (witnesses.length === 0) return broken('witness-missing', 'not signed');
  if (witnesses.length > maxSigners) return broken('witness-unused', `${witnesses.length} witnesses of ${maxSigners} signers`);
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
