import type { Layout } from './migrate.ts';
import { wallet0001 } from './wallet-migrations/0001-keys.ts';
import { wallet0002 } from './wallet-migrations/0002-accounts.ts';

/**
 * wallet.sqlite: what of a wallet is no secret. Keys and progress can be found again from the words; the rest is what a person noted and sent.
 *
 * | table | key | holds |
 * |---|---|---|
 * | `account` | number | its name; a wallet whose only account has none has no row |
 * | `branch_progress` | account, branch | first index that was neither given out nor seen used, and one above the highest seen in the chain |
 * | `watched_key` | account, branch, index; unique lock | public key and lock |
 * | `label` | lock | what the person calls that address |
 * | `set_aside` | outpoint as txid:vout | a coin that no payment chooses |
 * | `payment_request` | lock; in order of making | amount (u64 as the same 64 bits signed), label, when |
 * | `sent_payment` | txid; in order of sending | encoded transaction, what it spends (each amount as u64 LE and lock: 28 bytes), the tip's height, how it ended; until its block |
 * | `passphrase_tries` | one row | wrong passphrases in a row, and when the last was tried |
 */
export const walletLayout: Layout = {
  /** "TIMw" */
  applicationId: 0x54_49_4d_77,
  migrations: [wallet0001, wallet0002],
};
