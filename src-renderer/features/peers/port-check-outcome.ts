import type { TopicValue } from '../../../src-shared/api/topics.ts';

export type CheckOutcome = 'asking' | 'answered' | 'unanswered';

/** A view on its way was made before the node was asked; the next one comes within a second. */
const heardMs = 2_000;

/** What came of a check that was asked for at `askedMs` of the node's clock. Peers dial one node once a minute, and do not say so. */
export function checkOutcome(
  { reachability: { state, checkedms }, nowms }: Pick<TopicValue<'network'>, 'reachability' | 'nowms'>,
  askedMs: number,
): CheckOutcome {
  if (checkedms !== undefined && checkedms >= askedMs) return 'answered';
  return state === 'checking' || nowms < askedMs + heardMs ? 'asking' : 'unanswered';
}
