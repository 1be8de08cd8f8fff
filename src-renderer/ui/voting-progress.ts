import type { TopicValue } from '../../src-shared/api/topics.ts';
import { text } from '../text/text.ts';

type VotingTransaction = TopicValue<'consensus'>['voting'][number];

/** The one bar that says how far a payment is: accepts until they certify it, then commits; rejects where those decided. */
export function votingProgress(transaction: VotingTransaction): { readonly name: string; readonly weight: number; readonly against: boolean } {
  switch (transaction.state) {
    case 'pending':
      return { name: text.consensus.accept, weight: transaction.acceptweight, against: false };
    case 'certified':
    case 'final':
      return { name: text.consensus.commit, weight: transaction.commitweight, against: false };
    case 'rejected':
      return { name: text.consensus.reject, weight: transaction.rejectweight, against: true };
  }
}
