import type { Lock, OutpointKey } from '../../../src-shared/domain/ids.ts';
import type { HashedTransaction } from '../codec/transaction.ts';
import type { CoinSource } from '../ports.ts';
import type { Checked } from '../rejection.ts';

/** What the registry asks and allows of a transaction beside the rules for coins. */
export interface TransactionTerms {
  /** Whose keys must sign beside those of the inputs. */
  readonly signers: readonly Lock[];
  /** A collateral that it may spend. */
  readonly releases: OutpointKey | undefined;
  /** It has no inputs, and pays nothing. */
  readonly isFree: boolean;
}

/** The registry as one block's transactions find it, one after another. Of the masternode kinds it knows the rules; a transfer has none of them. */
export interface TermsSource {
  /** Whether the coin is locked as a masternode's collateral. */
  isCollateral(key: OutpointKey): boolean;
  /** The contextual rules of protocol section 5. */
  termsOf(hashed: HashedTransaction, coins: CoinSource, coinbaseMaturity: number): Checked<TransactionTerms>;
  /** It is in the block: later ones find what it did. */
  add(hashed: HashedTransaction): void;
}
