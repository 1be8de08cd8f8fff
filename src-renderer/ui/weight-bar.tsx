import { text } from '../text/text.ts';
import { percentOf, quorumWeight } from './weight.ts';
import './weight-bar.css';

interface WeightBarProps {
  /** What the bar counts, for who cannot see it. */
  readonly name: string;
  readonly weight: number;
  /** Weight for none, or against; drawn behind the other, hatched. */
  readonly otherWeight?: number;
  readonly totalWeight: number;
  /** Writes the quorum beside its line. */
  readonly labelled?: boolean;
}

/** Votes by weight, with the line that decides. */
export function WeightBar({ name, weight, otherWeight = 0, totalWeight, labelled = false }: WeightBarProps) {
  const quorum = quorumWeight(totalWeight);
  return (
    <div className={labelled ? 'weight-bar labelled' : 'weight-bar'} role="img" aria-label={text.consensus.tallySummary(name, weight, totalWeight, quorum)}>
      <div className="weight-track">
        <div className={weight >= quorum ? 'weight-fill quorate' : 'weight-fill'} style={{ width: `${percentOf(weight, totalWeight)}%` }} />
        <div className="weight-fill other" style={{ width: `${percentOf(otherWeight, totalWeight)}%` }} />
      </div>
      <div className="weight-quorum" style={{ left: `${percentOf(quorum, totalWeight)}%` }}>
        {labelled && <span>{text.consensus.quorumLine(quorum, totalWeight)}</span>}
      </div>
    </div>
  );
}
