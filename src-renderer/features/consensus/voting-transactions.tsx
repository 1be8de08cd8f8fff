import type { TopicValue } from '../../../src-shared/api/topics.ts';
import { formatCount, formatShare } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { useNodeNow } from '../../ui/clock.ts';
import { Hash } from '../../ui/hash.tsx';
import { EmptyPanel } from '../../ui/state-panel.tsx';
import { StatusWord, type Tone } from '../../ui/status-word.tsx';
import { WeightBar } from '../../ui/weight-bar.tsx';

type Voting = TopicValue<'consensus'>['voting'][number];
const tones: Record<Voting['state'], Tone> = { pending: 'muted', certified: 'muted', final: 'good', rejected: 'bad' };

function outcomeOf(row: Voting, nowMs: number): string {
  switch (row.state) {
    case 'pending':
    case 'certified':
      return text.consensus.elapsed(nowMs - row.sincems);
    case 'final':
      return row.finalafterms === undefined ? text.consensus.final : text.consensus.finalAfter(row.finalafterms, row.commitweight, row.totalweight);
    case 'rejected':
      return text.rejection(row.reason ?? text.wallet.unknownReason);
  }
}

function Phase({ name, weight, row }: { readonly name: string; readonly weight: number; readonly row: Voting }) {
  return (
    <div className="phase">
      <span className="small muted">{name}</span>
      <WeightBar name={name} weight={weight} totalWeight={row.totalweight} />
      <span className="small number">{formatShare(weight, row.totalweight)}</span>
    </div>
  );
}

function VotingRow({ row, nowMs }: { readonly row: Voting; readonly nowMs: number }) {
  return (
    <li className="voting-row" data-testid="voting-row">
      <Hash value={row.txid} />
      <div>
        <StatusWord tone={tones[row.state]}>{row.state === 'final' ? outcomeOf(row, nowMs) : text.consensus.txStates[row.state]}</StatusWord>
        {row.state !== 'final' && <span className="small muted">{outcomeOf(row, nowMs)}</span>}
        {row.contested && (
          <span className="tag warning" title={text.consensus.contestedMeans}>
            {text.consensus.contested}
          </span>
        )}
      </div>
      <div>
        <Phase name={text.consensus.accept} weight={row.acceptweight} row={row} />
        {row.rejectweight > 0 ? (
          <Phase name={text.consensus.reject} weight={row.rejectweight} row={row} />
        ) : (
          <Phase name={text.consensus.commit} weight={row.commitweight} row={row} />
        )}
      </div>
    </li>
  );
}

export function VotingTransactions({ voting }: { readonly voting: readonly Voting[] }) {
  const nowMs = useNodeNow();
  return (
    <section className="card">
      <div className="card-head">
        <h2>
          {text.consensus.transactions} {voting.length > 0 && `· ${formatCount(voting.length)}`}
        </h2>
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
