import type { TopicValue } from '../../../src-shared/api/topics.ts';
import { transactionHref } from '../../explorer-places.ts';
import { formatCount, formatShare } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { useNodeNow } from '../../ui/clock.ts';
import { Hash } from '../../ui/hash.tsx';
import { QuorumLegend } from '../../ui/quorum-legend.tsx';
import { EmptyPanel } from '../../ui/state-panel.tsx';
import { StatusWord, type Tone } from '../../ui/status-word.tsx';
import { WeightBar } from '../../ui/weight-bar.tsx';

type Voting = TopicValue<'consensus'>['voting'][number];
const tones: Record<Voting['state'], Tone> = { pending: 'muted', certified: 'muted', final: 'good', rejected: 'bad' };

function outcomeOf(row: Voting, nowMs: number): string {
  switch (row.state) {
    case 'pending':
      return text.consensus.votingFor(nowMs - row.sincems);
    case 'certified':
      return text.consensus.certifiedFor(nowMs - row.sincems);
    case 'final':
      return row.finalafterms === undefined ? text.consensus.final : text.consensus.finalAfter(row.finalafterms, row.commitweight, row.totalweight);
    case 'rejected':
      return text.consensus.rejectedWhy(text.reason(row.reason));
  }
}

interface PhaseProps {
  readonly name: string;
  readonly weight: number;
  readonly totalWeight: number;
  readonly against?: boolean;
}

function Phase({ name, weight, totalWeight, against = false }: PhaseProps) {
  return (
    <div className="phase">
      <span className="small muted">{name}</span>
      <WeightBar name={name} weight={against ? 0 : weight} otherWeight={against ? weight : 0} totalWeight={totalWeight} />
      <span className="small number">{formatShare(weight, totalWeight)}</span>
    </div>
  );
}

function VotingRow({ row, nowMs }: { readonly row: Voting; readonly nowMs: number }) {
  return (
    <li className="voting-row" data-testid="voting-row">
      <Hash value={row.txid} href={transactionHref(row.txid)} />
      <div className="voting-outcome">
        <StatusWord tone={tones[row.state]}>{outcomeOf(row, nowMs)}</StatusWord>
        {row.contested && (
          <span className="tag warning" title={text.consensus.contestedMeans}>
            {text.consensus.contested}
          </span>
        )}
      </div>
      <div>
        <Phase name={text.consensus.accept} weight={row.acceptweight} totalWeight={row.totalweight} />
        {row.rejectweight > 0 ? (
          <Phase name={text.consensus.reject} weight={row.rejectweight} totalWeight={row.totalweight} against />
        ) : (
          <Phase name={text.consensus.commit} weight={row.commitweight} totalWeight={row.totalweight} />
        )}
      </div>
    </li>
  );
}

interface VotingTransactionsProps {
  readonly voting: readonly Voting[];
  readonly totalWeight: number;
}

export function VotingTransactions({ voting, totalWeight }: VotingTransactionsProps) {
  const nowMs = useNodeNow();
  return (
    <section className="card">
      <div className="card-head">
        <h2>
          {text.consensus.transactions} {voting.length > 0 && `· ${formatCount(voting.length)}`}
        </h2>
        {voting.length > 0 && <QuorumLegend totalWeight={totalWeight} />}
      </div>
      {voting.length === 0 ? (
        <EmptyPanel advice={text.consensus.noTransactions} />
      ) : (
        <ul className="voting-list">
          {voting.map((row) => (
            <VotingRow key={row.txid} row={row} nowMs={nowMs} />
          ))}
        </ul>
      )}
    </section>
  );
}
