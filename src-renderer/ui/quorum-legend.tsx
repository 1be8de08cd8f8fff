import { text } from '../text/text.ts';
import { quorumWeight } from './weight.ts';
import './weight-bar.css';

/** Says once what the line in many small bars is. */
export function QuorumLegend({ totalWeight }: { readonly totalWeight: number }) {
  return <span className="quorum-legend small muted">{text.consensus.quorumLine(quorumWeight(totalWeight), totalWeight)}</span>;
}
