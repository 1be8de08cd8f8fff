import type { HealthAlert } from '../../../src-shared/api/methods/health.ts';
import { text } from '../../text/text.ts';
import { Ago } from '../../ui/ago.tsx';
import { StatusMark } from '../../ui/status-word.tsx';
import { alertAction, alertWords, severityTones } from './alert-words.ts';
import { Repair } from './repair.tsx';
import './health.css';

interface AlertItemProps {
  readonly alert: HealthAlert;
  /** When somebody follows its link. */
  readonly onFollowed?: () => void;
}

/** What is wrong, what to do about it, since when, and where to go on or what is done about it here. */
export function AlertItem({ alert, onFollowed }: AlertItemProps) {
  const { what, next } = alertWords(alert);
  const tone = severityTones[alert.severity];
  const action = alertAction(alert);
  return (
    <div className="alert-item" data-testid={`alert-${alert.code}`}>
      <span className={tone}>
        <StatusMark tone={tone} />
        <span className="unseen">{text.health.severities[alert.severity]}: </span>
      </span>
      <div>
        <p>
          <strong>{what}</strong> <span className="muted">{next}</span>
        </p>
        <p className="small muted line">
          <span>
            {text.health.since} <Ago atMs={alert.sincems} />
          </span>
          {action !== undefined && (
            <a className="link" href={action.href} onClick={onFollowed}>
              {action.words}
            </a>
          )}
        </p>
        {alert.code === 'database-damaged' && alert.canrepair && <Repair />}
      </div>
    </div>
  );
}
