import { Button } from '@mantine/core';
import { useState } from 'react';
import { text } from '../../text/text.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { FilterField } from '../../ui/filter-field.tsx';
import { Segments } from '../../ui/segments.tsx';
import { EmptyPanel } from '../../ui/state-panel.tsx';
import { masternodeColumns } from './masternode-columns.tsx';
import { countsByFilter, filterMasternodes, type MasternodeFilter, type MasternodeRow, masternodeFilters } from './masternode-rows.ts';

const names = text.masternodes;

/** Everyone who is registered, or counts. */
export function ListCard({ rows, totalWeight }: { readonly rows: readonly MasternodeRow[]; readonly totalWeight: number }) {
  const [filter, setFilter] = useState<MasternodeFilter>('all');
  const [search, setSearch] = useState('');
  const shown = filterMasternodes(rows, filter, search);
  const counts = countsByFilter(rows);
  if (rows.length === 0)
    return (
      <section className="card">
        <EmptyPanel advice={names.empty} />
      </section>
    );
  const clear = (): void => {
    setFilter('all');
    setSearch('');
  };
  return (
    <section className="card table-card masternode-list">
      <div className="tools">
        <span className="line masternode-tools">
          <FilterField label={names.search} hint={names.searchHint} value={search} onChange={setSearch} />
          <Segments
            label={names.filterLabel}
            value={filter}
            onChange={setFilter}
            options={masternodeFilters.map((value) => ({ value, label: names.filters[value], count: counts[value] }))}
            testId="masternode-filter"
          />
        </span>
        <span className="muted small">{names.summary(rows.filter(({ node }) => node.weight > 0).length, totalWeight)}</span>
      </div>
      {shown.length === 0 ? (
        <EmptyPanel advice={names.noMatch}>
          <Button variant="default" size="xs" onClick={clear}>
            {names.clear}
          </Button>
        </EmptyPanel>
      ) : (
        <DataTable
          label={names.list}
          columns={masternodeColumns(rows)}
          rows={shown}
          rowKey={({ node }) => node.nodeid}
          // Of no column: as they come, mine first.
          firstOrder={{ id: '', descending: false }}
          rowTestId="masternode-row"
        />
      )}
    </section>
  );
}
