import { useVirtualizer } from '@tanstack/react-virtual';
import { type Ref, useRef } from 'react';
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
    case 'final': {
      const { finalafterms, commitvoters, totalvoters, commitweight, totalweight } = row;
      return finalafterms === undefined ? text.consensus.final : text.consensus.finalAfter(finalafterms, commitvoters, totalvoters, commitweight, totalweight);
    }
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

interface VotingRowProps {
  readonly row: Voting;
  readonly nowMs: number;
  readonly index: number;
  readonly count: number;
  readonly measured: Ref<HTMLLIElement>;
}

function VotingRow({ row, nowMs, index, count, measured }: VotingRowProps) {
  return (
    <li className="voting-row" data-testid="voting-row" data-index={index} ref={measured} aria-posinset={index + 1} aria-setsize={count}>
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

/** Of a row in one line; where it takes two, it is measured. */
const rowHeightPx = 53;

/** Only the rows in sight are in the document: a busy network brings a hundred others four times a second. */
function VotingList({ voting }: { readonly voting: readonly Voting[] }) {
  const nowMs = useNodeNow();
  const scroller = useRef<HTMLUListElement>(null);
  const virtual = useVirtualizer({
    count: voting.length,
    estimateSize: () => rowHeightPx,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => voting[index]?.txid ?? index,
    overscan: 2,
  });
  const items = virtual.getVirtualItems();
  const above = items[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <ul className="voting-list" ref={scroller} tabIndex={0} aria-label={text.consensus.transactions}>
      {above > 0 && <li aria-hidden="true" style={{ height: above }} />}
      {items.map(({ index }) => {
        const row = voting[index];
        return row === undefined ? null : (
          <VotingRow key={row.txid} row={row} nowMs={nowMs} index={index} count={voting.length} measured={virtual.measureElement} />
        );
      })}
      {below > 0 && <li aria-hidden="true" style={{ height: below }} />}
    </ul>
  );
}

interface VotingTransactionsProps {
  readonly voting: readonly Voting[];
  readonly totalWeight: number;
}

export function VotingTransactions({ voting, totalWeight }: VotingTransactionsProps) {
  return (
    <section className="card">
      <div className="card-head">
        <h2>
          {text.consensus.transactions} {voting.length > 0 && `· ${formatCount(voting.length)}`}
        </h2>
        {voting.length > 0 && <QuorumLegend totalWeight={totalWeight} />}
      </div>
      {voting.length === 0 ? <EmptyPanel advice={text.consensus.noTransactions} /> : <VotingList voting={voting} />}
    </section>
  );
}
