import { useConsensus } from '../../stores/topics.ts';
import { formatShare } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { Hash } from '../../ui/hash.tsx';
import { QuorumLegend } from '../../ui/quorum-legend.tsx';
import { votingProgress } from '../../ui/voting-progress.ts';
import { WeightBar } from '../../ui/weight-bar.tsx';

/** What fits beside the other numbers; Consensus has them all. */
const maxShown = 3;

export function VotingNow() {
  const consensus = useConsensus();
  const rows = consensus?.voting.slice(0, maxShown) ?? [];
  return (
    <section className="card">
      <div className="card-head">
        <h2>{text.overview.votingNow}</h2>
        {consensus !== undefined && rows.length > 0 && <QuorumLegend totalWeight={consensus.info.totalweight} />}
      </div>
      {rows.length === 0 && <p className="muted">{text.overview.nothingVoting}</p>}
      <ul className="overview-voting">
        {rows.map((row) => {
          const { name, weight, against } = votingProgress(row);
          return (
            <li key={row.txid}>
              <Hash value={row.txid} copyable={false} />
              <WeightBar name={name} weight={against ? 0 : weight} otherWeight={against ? weight : 0} totalWeight={row.totalweight} />
              <span className="number">{formatShare(weight, row.totalweight)}</span>
              <span className={`cut ${row.state === 'rejected' ? 'bad' : row.state === 'final' ? 'good' : 'muted'}`}>{text.consensus.txStates[row.state]}</span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
