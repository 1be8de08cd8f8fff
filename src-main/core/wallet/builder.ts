import { lockOf } from '../../../src-shared/domain/address.ts';
import type { Hash, Lock, NodeId, PublicKey } from '../../../src-shared/domain/ids.ts';
import { encodeMasternodePayload, type MasternodePayload } from '../codec/masternode-payload.ts';
import { type HashedTransaction, hashTransaction, type Transaction, type TransactionKind, type Witness } from '../codec/transaction.ts';
import { transactionVersion } from '../constants.ts';
import { hashBytes } from '../crypto/hash.ts';
import { fromHex } from '../crypto/hex.ts';
import type { SpendPlan } from './coin-selection.ts';

const built = (kind: TransactionKind, payload: Uint8Array, { coins, outputs }: Pick<SpendPlan, 'coins' | 'outputs'>, timestamp: number): Transaction => ({
  version: transactionVersion,
  kind,
  inputs: coins.map((coin) => coin.outpoint),
  outputs,
  timestamp,
  payload,
  witnesses: [],
});

/** The transfer that a plan describes, without witnesses. `timestamp` in ms; two transfers that differ only in it have different ids. */
export const buildTransfer = (plan: SpendPlan, timestamp: number): Transaction => built('transfer', new Uint8Array(0), plan, timestamp);

/** A masternode transaction whose coins and change a plan describes, without witnesses. A revive moves no coins, and has no plan. */
export const buildMasternode = (payload: MasternodePayload, plan: SpendPlan | undefined, timestamp: number): Transaction =>
  built(payload.kind, encodeMasternodePayload(payload), plan ?? { coins: [], outputs: [] }, timestamp);

/** What says that a masternode is back; signed with its node key, it needs no wallet. */
export function makeRevive(nodeId: NodeId, epoch: number, timestamp: number, genesisHash: Hash, key: SigningKey): HashedTransaction {
  const unsigned = buildMasternode({ kind: 'masternode-revive', nodeId, epoch }, undefined, timestamp);
  return hashTransaction(signTransaction(unsigned, [], genesisHash, () => key, [lockOf(key.publicKey)]).transaction);
}

/** A key that can sign for one lock. */
export interface SigningKey {
  readonly publicKey: PublicKey;
  /** Ed25519, 64 bytes. */
  sign(message: Uint8Array): Uint8Array;
}

export interface SignedTransaction {
  readonly transaction: Transaction;
  /** Locks that nobody has signed for yet; the transaction is complete when there are none. */
  readonly missing: readonly Lock[];
}

/**
 * One witness for each key, in the order in which the inputs first need them. Witnesses of others that are already there stay, so that a
 * transaction paid by several people can go from one to the next; a witness that nothing needs is dropped.
 *
 * @param inputLocks what each input's coin is locked to, in the order of the inputs
 * @param keyFor the key to a lock, or undefined if it is somebody else's
 * @param signers whose keys must sign beside those of the inputs
 */
export function signTransaction(
  transaction: Transaction,
  inputLocks: readonly Lock[],
  genesisHash: Hash,
  keyFor: (lock: Lock) => SigningKey | undefined,
  signers: readonly Lock[] = [],
): SignedTransaction {
  if (inputLocks.length !== transaction.inputs.length) throw new RangeError(`${inputLocks.length} locks for ${transaction.inputs.length} inputs`);
  const message = signatureMessage(transaction, genesisHash);
  const present = new Map(transaction.witnesses.map((witness) => [lockOf(witness.publicKey), witness]));
  const witnesses: Witness[] = [];
  const missing: Lock[] = [];
  for (const lock of new Set([...inputLocks, ...signers])) {
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
