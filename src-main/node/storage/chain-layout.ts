import type { Layout } from './migrate.ts';
import { chain0002 } from './migrations/0002-chain.ts';
import { chain0003 } from './migrations/0003-signed-through.ts';
import { reverting0004 } from './migrations/0004-reverting.ts';

/**
 * chain.sqlite: what a node has decided, what it is deciding, and what binds its signatures. Everything is written by StoreOperations
 * (core/store-operation.ts), each batch as one transaction. Hashes, keys and locks are their bytes; times are milliseconds.
 *
 * | table | key | holds | lives |
 * |---|---|---|---|
 * | `block` | height; unique hash | header fields for lists, then certificate and encoded block, last in the row so that lists do not read them | for ever |
 * | `undo` | height | coins that the block spent, encoded; at checkpoints the registry before it | the last `undoDepthBlocks` blocks, and those down to the checkpoint before |
 * | `reverted_block` | hash | a block that was taken off, with its certificate and its parent | until it is applied again, or its height is as old as undo data may be |
 * | `invalid_block` | hash | the operator's marks | until taken back |
 * | `coin` | outpoint: txid ‖ vout as u32 LE, 36 bytes | amount (u64 as the same 64 bits signed), lock, height, coinbase flag; index by lock | until spent |
 * | `transaction_index` | txid | height and position in the block; how long it took to be final here, if it was before its block | for ever |
 * | `lock_history` | lock, height, position | txid of each transaction whose inputs or outputs touch the lock | for ever |
 * | `pending` | txid; in order of arrival | encoded transaction, when it came, after how long it was final | until its block, or removed |
 * | `vote_bundle` | hash; in order of arrival | encoded bundle with votes of unsettled transactions | until removed |
 * | `guard` | seq: order of writing | encoded GuardRecord; its height, or txid and epoch, to delete by | until the height is decided or the transaction released; a silence for ever, or until it is over by coming back |
 * | `proposed_block` | height, hash | encoded block that this node prevoted, proposed or is locked on | until the height is decided |
 * | `block_votes` | height, round | encoded quorum of prevotes that the round's valid value and lock stand on | until the height is decided |
 * | `evidence` | hash; in order of arrival | encoded contradicting votes, signer, words | for ever |
 * | `halt` | seq; at most one stands | why, when and at which height this node stopped signing, the encoded certificates that show it, and the mark that lifted it | for ever |
 * | `signed_through` | one row | epoch, height and time that this node may have signed in before a repair lost its records | for ever |
 * | `address` | host:port | who answered there, how this node heard of it, successes and failures, whether it is an anchor | until forgotten |
 * | `ban` | node id in hex, or a subnet | since and until when, why, by whom | until lifted or over |
 * | `chain_state` | one row | tip, its utxoSetHash, the set's MuHash state, genesis hash | replaced with each block |
 */
export const chainLayout: Layout = {
  /** "TIMc" */
  applicationId: 0x54_49_4d_63,
  migrations: [chain0002, chain0003, reverting0004],
};
