import { parseAddress } from '../../../src-shared/domain/address.ts';
import { type Amount, parseTime } from '../../../src-shared/domain/amount.ts';
import type { Lock } from '../../../src-shared/domain/ids.ts';
import type { NetworkName } from '../../../src-shared/domain/networks.ts';
import { decodeTransaction, type HashedTransaction } from '../../core/codec/transaction.ts';
import { fromHex } from '../../core/crypto/hex.ts';
import { CodedError } from '../../node/coded-error.ts';

export function lockOfAddress(address: string, network: NetworkName): Lock {
  const parsed = parseAddress(address, network);
  if (parsed.ok) return parsed.lock;
  throw new CodedError('invalid-address', `"${address}" is no address of ${network}: ${parsed.error}.`, { reason: parsed.error });
}

/** What `timeInput` let through; zero is for the caller to refuse. */
export function amountOf(text: string): Amount {
  const amount = parseTime(text);
  if (amount === undefined) throw new CodedError('invalid-parameter', `${text} TIME is more than an amount can be.`);
  return amount;
}

export const maxFeeOf = (maxfee: string | undefined): Amount | undefined => (maxfee === undefined ? undefined : amountOf(maxfee));

export function transactionOfHex(hex: string): HashedTransaction {
  try {
    return decodeTransaction(fromHex(hex));
  } catch (error) {
    throw new CodedError('deserialization-error', `These bytes are no transaction: ${error instanceof Error ? error.message : error}`);
  }
}
