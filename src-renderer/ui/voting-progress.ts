import type { TopicValue } from '../../src-shared/api/topics.ts';
import { text } from '../text/text.ts';

type VotingTransaction = TopicValue<'consensus'>['voting'][number];

export interface VotingProgress {
  readonly name: string;
  readonly weight: number;
  /** How many masternodes it is of. */
  readonly voters: number;
  readonly against: boolean;
}

/** The one bar that says how far a payment is: accepts until they certify it, then commits; rejects where those decided. */
export function votingProgress(transaction: VotingTransaction): VotingProgress {
  switch (transaction.state) {
    case 'pending':
      return { name: text.consensus.accept, weight: transaction.acceptweight, voters: transaction.acceptvoters, against: false };
    case 'certified':
    case 'final':
      return { name: text.consensus.commit, weight: transaction.commitweight, voters: transaction.commitvoters, against: false };
    case 'rejected':
      return { name: text.consensus.reject, weight: transaction.rejectweight, voters: transaction.rejectvoters, against: true };
  }
}
