import { formatPercent } from '../../text/format.ts';
import { text } from '../../text/text.ts';

interface ParticipationBarProps {
  /** Of the blocks that count. */
  readonly percent: number;
  /** What the tier needs for rewards. */
  readonly needed: number;
  /** Writes what is needed beside its line. */
  readonly labelled?: boolean;
}

/** Blocks signed, against what is needed to be paid. */
export function ParticipationBar({ percent, needed, labelled = false }: ParticipationBarProps) {
  const names = text.masternodes;
  return (
    <span className={labelled ? 'participation labelled' : 'participation'} title={names.participation(percent, needed)}>
      <span className="participation-track" aria-hidden="true">
        <span className={percent >= needed ? 'participation-fill enough' : 'participation-fill'} style={{ width: `${Math.min(100, percent)}%` }} />
        <span className="participation-needed" style={{ left: `${needed}%` }} />
        {labelled && (
          <span className="participation-label" style={{ right: `${100 - needed}%` }}>
            {names.own.threshold(needed)}
          </span>
        )}
      </span>
      <span className={percent >= needed ? '' : 'warning'}>{formatPercent(percent)}</span>
      <span className="unseen">{names.own.threshold(needed)}</span>
    </span>
  );
}
