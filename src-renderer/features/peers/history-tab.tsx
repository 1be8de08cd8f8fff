import { useState } from 'react';
import type { TopicValue } from '../../../src-shared/api/topics.ts';
import { text } from '../../text/text.ts';
import { Segments } from '../../ui/segments.tsx';
import { EmptyPanel } from '../../ui/state-panel.tsx';
import { TableScroll } from '../../ui/table-scroll.tsx';
import { type HistoryEntry, HistoryTable } from './history-list.tsx';

type Filter = keyof typeof text.peers.history.filters;
const filters: Record<Filter, readonly HistoryEntry['kind'][]> = {
  all: ['connected', 'gone', 'refused', 'failed', 'banned', 'ban-ended'],
  connections: ['connected', 'gone'],
  refused: ['refused'],
  failed: ['failed'],
  bans: ['banned', 'ban-ended'],
};

export function HistoryTab({ network }: { readonly network: TopicValue<'network'> }) {
  const [filter, setFilter] = useState<Filter>('all');
  const names = text.peers.history;
  const entries = network.history.filter(({ kind }) => filters[filter].includes(kind));
  if (network.history.length === 0)
    return (
      <section className="card">
        <EmptyPanel advice={names.empty} />
      </section>
    );
  return (
    <section className="card table-card">
      <div className="tools">
        <Segments
          label={names.filterLabel}
          value={filter}
          onChange={setFilter}
          options={(Object.keys(filters) as Filter[]).map((value) => ({ value, label: names.filters[value] }))}
        />
      </div>
      {entries.length === 0 ? (
        <EmptyPanel advice={names.noneOfKind} />
      ) : (
        <TableScroll className="peer-scroll">
          <HistoryTable entries={entries} withAddress />
        </TableScroll>
      )}
    </section>
  );
}
