import type { TopicValue } from '../../../src-shared/api/topics.ts';
import { type Hearing, useHearing } from '../../stores/hearing.ts';
import { text } from '../../text/text.ts';
import { StatusMark, type Tone } from '../../ui/status-word.tsx';

type Overview = TopicValue<'overview'>;
const tones: Record<Overview['verdict'], Tone> = { good: 'good', attention: 'warning', bad: 'bad' };

/** What is old is not called good. */
const shownVerdict = (verdict: Overview['verdict'], hearing: Hearing): Overview['verdict'] | 'unknown' => (hearing === 'yes' ? verdict : 'unknown');

/** One line that answers whether the node is all right, with reasons and what to do where it is not. */
export function Verdict({ overview }: { readonly overview: Overview }) {
  const verdict = shownVerdict(overview.verdict, useHearing());
  const tone = verdict === 'unknown' ? 'muted' : tones[verdict];
  return (
    <section className={`card verdict ${overview.reasons.length > 0 ? 'verdict-reasons' : ''}`} aria-live="polite">
      <span className={`line verdict-word ${tone}`} data-testid="verdict" data-verdict={verdict}>
        <StatusMark tone={tone} />
        {text.overview.verdict[verdict]}
      </span>
      {overview.reasons.length === 0 && verdict !== 'unknown' && (
        <span className="muted">{overview.masternode === null ? text.overview.goodFollowing : text.overview.goodVoting}</span>
      )}
      {overview.reasons.length > 0 && (
        <ul>
          {overview.reasons.map((reason) => (
            <li key={reason}>
              {text.overviewReasons[reason].what} <span className="muted">{text.overviewReasons[reason].next}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
