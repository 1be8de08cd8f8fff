import type { TopicValue } from '../../../src-shared/api/topics.ts';
import { useHearing } from '../../stores/hearing.ts';
import { useHealth } from '../../stores/topics.ts';
import { text } from '../../text/text.ts';
import { StatusMark } from '../../ui/status-word.tsx';
import { AlertItem } from '../health/alert-item.tsx';
import { shownVerdict, verdictTones } from '../health/verdict-tones.ts';

/** One line that answers whether the node is all right, with reasons and what to do where it is not. */
export function Verdict({ overview }: { readonly overview: TopicValue<'overview'> }) {
  const health = useHealth();
  const verdict = shownVerdict(health?.verdict, useHearing());
  const tone = verdict === 'unknown' ? 'muted' : verdictTones[verdict];
  const alerts = health?.alerts ?? [];
  return (
    <section className="card verdict">
      <p className="line">
        <span className={`line verdict-word ${tone}`} data-testid="verdict" data-verdict={verdict}>
          <StatusMark tone={tone} />
          {text.health.verdict[verdict]}
        </span>
        {verdict === 'good' && <span className="muted">{overview.masternode === null ? text.health.goodFollowing : text.health.goodVoting}</span>}
        {verdict === 'unknown' && <span className="muted">{text.health.unknownMeans}</span>}
      </p>
      {alerts.length > 0 && (
        <ul>
          {alerts.map((alert) => (
            <li key={alert.code}>
              <AlertItem alert={alert} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
