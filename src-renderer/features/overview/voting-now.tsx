import type { TopicValue } from '../../../src-shared/api/topics.ts';
import { transactionHref } from '../../explorer-places.ts';
import { useConsensus } from '../../stores/topics.ts';
import { formatDuration, formatSpan } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { useNodeNow } from '../../ui/clock.ts';
import { Hash } from '../../ui/hash.tsx';
import { QuorumLegend } from '../../ui/quorum-legend.tsx';
import { Section } from '../../ui/section.tsx';
import { votingProgress } from '../../ui/voting-progress.ts';
import { WeightBar } from '../../ui/weight-bar.tsx';

type Voting = TopicValue<'consensus'>['voting'][number];

/** What fits beside the other numbers; Consensus has them all. */
const maxShown = 3;

/** How long it took to be final, or is voted on already; what was rejected takes no more time. */
function tookOf({ state, sincems, finalafterms }: Voting, nowMs: number): string | undefined {
  if (state === 'rejected') return undefined;
  if (state === 'final') return finalafterms === undefined ? undefined : formatDuration(finalafterms);
  return formatSpan(nowMs - sincems);
}

export function VotingNow() {
  const consensus = useConsensus();
  const nowMs = useNodeNow();
  const rows = consensus?.voting.slice(0, maxShown) ?? [];
  return (
    <Section title={text.overview.votingNow} aside={consensus !== undefined && rows.length > 0 && <QuorumLegend totalWeight={consensus.info.totalweight} />}>
      {rows.length === 0 && <p className="muted">{text.overview.nothingVoting}</p>}
      <ul className="overview-voting">
        {rows.map((row) => {
          const { name, weight, voters, against } = votingProgress(row);
          return (
            <li key={row.txid}>
              <Hash value={row.txid} copyable={false} href={transactionHref(row.txid)} />
              <WeightBar name={name} weight={against ? 0 : weight} otherWeight={against ? weight : 0} totalWeight={row.totalweight} />
              <span className="number">
                {text.overview.progress(text.consensus.tally(voters, row.totalvoters, weight, row.totalweight), tookOf(row, nowMs))}
              </span>
              <span className={`cut ${row.state === 'rejected' ? 'bad' : row.state === 'final' ? 'good' : 'muted'}`}>{text.consensus.txStates[row.state]}</span>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
