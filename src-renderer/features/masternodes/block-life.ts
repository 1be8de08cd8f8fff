import type { Response } from '../../../src-shared/api/contract.ts';
import { text } from '../../text/text.ts';

type Transaction = Pick<Response<'gettransaction'>, 'state' | 'blockheight' | 'reason'>;

/** Of a masternode's transaction: nobody votes on it, a block decides (protocol section 4). */
export type BlockLife =
  | { readonly kind: 'sent'; readonly words: string }
  | { readonly kind: 'in-block'; readonly words: string }
  | { readonly kind: 'failed'; readonly words: string };

/** Undefined: the node has not said yet. */
export function blockLifeOf(transaction: Transaction | undefined): BlockLife {
  switch (transaction?.state) {
    case 'confirmed':
      return { kind: 'in-block', words: text.wallet.life.block(transaction.blockheight ?? 0) };
    case 'rejected':
      return { kind: 'failed', words: text.wallet.life.rejected(text.reason(transaction.reason)) };
    case 'dropped':
      return { kind: 'failed', words: text.wallet.life.dropped(text.reason(transaction.reason), transaction.reason !== 'inapplicable') };
    default:
      return { kind: 'sent', words: text.masternodes.waitsForBlock };
  }
}
