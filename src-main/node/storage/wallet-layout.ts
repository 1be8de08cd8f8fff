import type { Layout } from './migrate.ts';
import { wallet0001 } from './wallet-migrations/0001-keys.ts';

/**
 * wallet.sqlite: what of a wallet is no secret. All of it but the labels can be found again from the words.
 *
 * | table | key | holds |
 * |---|---|---|
 * | `next_index` | branch | first index of it that was neither given out nor seen used |
 * | `watched_key` | branch, index; unique lock | public key and lock |
 * | `label` | lock | what the person calls that address |
 */
export const walletLayout: Layout = {
  /** "TIMw" */
  applicationId: 0x54_49_4d_77,
  migrations: [wallet0001],
};
