/** What to do with an event of a topic, by its sequence number. */
export type SequenceVerdict = 'take' | 'skip' | 'resubscribe';

/** Events of an ended subscription that may still be on their way when the next one starts; more than these, and the first one was lost. */
const maxSkipped = 8;

/**
 * Follows one topic's numbers, which count from 1 for each subscription. Events are whole, so a late one is skipped; a gap asks for a
 * subscription anew, and until its first event comes, what is left of the old one is skipped too.
 */
export class SequenceTracker {
  #next = 1;
  #skipped = 0;

  judge(sequence: number): SequenceVerdict {
    if (sequence === 1 || (sequence === this.#next && this.#next > 1)) {
      this.#next = sequence + 1;
      this.#skipped = 0;
      return 'take';
    }
    if (sequence < this.#next) return 'skip';
    if (this.#next === 1 && ++this.#skipped <= maxSkipped) return 'skip';
    this.#next = 1;
    this.#skipped = 0;
    return 'resubscribe';
  }
}
