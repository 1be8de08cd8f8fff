import { lockOf } from '../../../src-shared/domain/address.ts';
import type { Hash, Lock, PublicKey } from '../../../src-shared/domain/ids.ts';
import { hashTransaction, type Transaction, type Witness } from '../codec/transaction.ts';
import { transactionVersion } from '../constants.ts';
import { hashBytes } from '../crypto/hash.ts';
import { fromHex } from '../crypto/hex.ts';
import type { SpendPlan } from './coin-selection.ts';

/** The transfer that a plan describes, without witnesses. `timestamp` in ms; two transfers that differ only in it have different ids. */
export function buildTransfer(plan: SpendPlan, timestamp: number): Transaction {
  return {
    version: transactionVersion,
    kind: 'transfer',
    inputs: plan.coins.map((coin) => coin.outpoint),
    outputs: plan.outputs,
    timestamp,
    payload: new Uint8Array(0),
    witnesses: [],
  };
}

/** A key that can sign for one lock. */
export interface SigningKey {
  readonly publicKey: PublicKey;
  /** Ed25519, 64 bytes. */
  sign(message: Uint8Array): Uint8Array;
}

export interface SignedTransaction {
  readonly transaction: Transaction;
  /** Locks of inputs that nobody has signed for yet; the transaction is complete when there are none. */
  readonly missing: readonly Lock[];
}

/**
 * One witness for each key, in the order in which the inputs first need them. Witnesses of others that are already there stay, so that a
 * transaction paid by several people can go from one to the next; a witness that no input needs is dropped.
 *
 * @param inputLocks what each input's coin is locked to, in the order of the inputs
 * @param keyFor the key to a lock, or undefined if it is somebody else's
 */
export function signTransaction(
  transaction: Transaction,
  inputLocks: readonly Lock[],
  genesisHash: Hash,
  keyFor: (lock: Lock) => SigningKey | undefined,
): SignedTransaction {
  if (inputLocks.length !== transaction.inputs.length) throw new RangeError(`${inputLocks.length} locks for ${transaction.inputs.length} inputs`);
  const message = signatureMessage(transaction, genesisHash);
  const present = new Map(transaction.witnesses.map((witness) => [lockOf(witness.publicKey), witness]));
  const witnesses: Witness[] = [];
  const missing: Lock[] = [];
  for (const lock of new Set(inputLocks)) {
    const key = keyFor(lock);
    const witness = key === undefined ? present.get(lock) : { publicKey: key.publicKey, signature: key.sign(message) };
    if (witness === undefined) missing.push(lock);
    else witnesses.push(witness);
  }
  return { transaction: { ...transaction, witnesses }, missing };
}

/** H("sign", genesisHash, txid) (protocol section 4): it covers everything but the witnesses, on one network. */
const signatureMessage = (transaction: Transaction, genesisHash: Hash): Uint8Array =>
  hashBytes('sign', fromHex(genesisHash), fromHex(hashTransaction(transaction).txid));
