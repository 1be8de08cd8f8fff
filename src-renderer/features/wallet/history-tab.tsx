import { Button, Select } from '@mantine/core';
import { useDeferredValue, useMemo, useState } from 'react';
import type { ClientError } from '../../api/client-error.ts';
import { useNode } from '../../stores/client-context.ts';
import { formatCount } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { Ago } from '../../ui/ago.tsx';
import { wordsOf } from '../../ui/client-error-words.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { FilterField } from '../../ui/filter-field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { OwnAmount } from '../../ui/own-amount.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { EmptyPanel, LoadingPanel, Notice } from '../../ui/state-panel.tsx';
import { StatusWord } from '../../ui/status-word.tsx';
import { ofAccount, useAccount } from './account-store.ts';
import { exportCsv } from './export-csv.ts';
import { HistoryPanel } from './history-panel.tsx';
import { categoryIcons, filterHistory, type HistoryEntry, type HistoryFilter, type StateGroup, stateGroups, stateTones, stateWords } from './history-words.ts';
import { ReceiveLink } from './receive-link.tsx';
import { amountClass, Counterparty } from './recent-card.tsx';
import { useHistory } from './use-history.ts';

const names = text.wallet.historyTab;
const noFilter: HistoryFilter = { category: 'all', state: 'all', text: '' };

const columns: readonly Column<HistoryEntry>[] = [
  {
    id: 'time',
    header: names.columns.time,
    widthPx: 104,
    cell: (entry) => (
      <>
        <Ago atMs={entry.time} />
        <span className="unseen">{names.open(text.wallet.categories[entry.category], stateWords(entry))}</span>
      </>
    ),
    value: ({ time }) => time,
  },
  {
    id: 'category',
    header: names.columns.category,
    widthPx: 152,
    yields: 2,
    cell: ({ category }) => (
      <span className="line">
        <Icon name={categoryIcons[category]} className="muted" />
        <span className="cut">{text.wallet.categories[category]}</span>
      </span>
    ),
    value: ({ category }) => text.wallet.categories[category],
  },
  {
    id: 'who',
    header: names.columns.who,
    leastPx: 120,
    yields: 1,
    cell: (entry) => <Counterparty entry={entry} />,
    value: ({ label, addresses }) => (label === '' ? addresses[0] : label),
  },
  {
    id: 'state',
    header: names.columns.state,
    // "Endgültig, in Block 1.204.567" is whole, and a reason begins.
    widthPx: 224,
    cell: (entry) => (
      <span className="history-cell" title={stateWords(entry)}>
        <StatusWord tone={stateTones[entry.state]}>{stateWords(entry)}</StatusWord>
      </span>
    ),
    value: ({ state, blockheight }) => blockheight ?? text.wallet.historyTab.groups[state === 'rejected' || state === 'dropped' ? 'undone' : 'underway'],
  },
  {
    id: 'amount',
    header: names.columns.amount,
    widthPx: 148,
    isNumber: true,
    cell: (entry) => (
      <span className={amountClass(entry)}>
        <OwnAmount time={entry.amount} signed />
      </span>
    ),
    value: ({ amount }) => Number(amount),
  },
];

function ExportButton({ account }: { readonly account: number | undefined }) {
  const { client } = useNode();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ClientError>();
  const save = async (): Promise<void> => {
    setBusy(true);
    const outcome = await exportCsv(client, ofAccount(account));
    setBusy(false);
    setError(outcome.ok ? undefined : outcome.error);
    if (outcome.ok) saveFile(names.fileName(new Date().toISOString().slice(0, 10)), outcome.value, 'text/csv');
  };
  return (
    <>
      <Button variant="default" size="xs" loading={busy} onClick={() => void save()} data-testid="export-csv">
        {names.exportCsv}
      </Button>
      {error !== undefined && <Notice tone="bad" advice={wordsOf(error)} />}
    </>
  );
}

/** All that came and went, to be sorted, narrowed, searched and taken along. */
export function HistoryTab({ newest }: { readonly newest: readonly HistoryEntry[] }) {
  const { account } = useAccount();
  const history = useHistory(newest, account);
  const [filter, setFilter] = useState(noFilter);
  const [opened, setOpened] = useState<string>();
  // Typing stays quick while ten thousand are looked through.
  const applied = useDeferredValue(filter);
  const { entries } = history;
  const rows = useMemo(() => filterHistory(entries ?? [], applied), [entries, applied]);
  const edit = (part: Partial<HistoryFilter>): void => setFilter({ ...filter, ...part });
  return (
    <section className="card table-card">
      <div className="tools" hidden={entries?.length === 0}>
        <span className="line wallet-filters">
          <FilterField label={names.filter} hint={names.filterHint} value={filter.text} onChange={(value) => edit({ text: value })} />
          <Select
            size="xs"
            w={132}
            aria-label={names.columns.category}
            value={filter.category}
            onChange={(value) => edit({ category: (value ?? 'all') as HistoryFilter['category'] })}
            data={[
              { value: 'all', label: names.allCategories },
              ...(Object.keys(text.wallet.categories) as HistoryEntry['category'][]).map((value) => ({ value, label: text.wallet.categories[value] })),
            ]}
            allowDeselect={false}
            data-testid="history-category"
          />
          <Select
            size="xs"
            w={132}
            aria-label={names.columns.state}
            value={filter.state}
            onChange={(value) => edit({ state: (value ?? 'all') as StateGroup })}
            data={stateGroups.map((value) => ({ value, label: names.groups[value] }))}
            allowDeselect={false}
            data-testid="history-group"
          />
        </span>
        <span className="line">
          <span className="muted small" role="status" data-testid="history-count">
            {entries !== undefined && (history.isLoading ? names.loading(formatCount(rows.length)) : names.count(rows.length))}
          </span>
          <ExportButton account={account} />
        </span>
      </div>
      {history.error !== undefined && <Notice tone="bad" advice={wordsOf(history.error)} onRetry={history.reload} />}
      {history.isCut && <p className="small muted">{names.cut(formatCount(entries?.length ?? 0))}</p>}
      {entries === undefined ? (
        history.error === undefined && <LoadingPanel />
      ) : entries.length === 0 ? (
        <EmptyPanel advice={text.wallet.noHistory}>
          <ReceiveLink />
        </EmptyPanel>
      ) : rows.length === 0 ? (
        <EmptyPanel advice={names.noMatch}>
          <Button variant="default" size="xs" onClick={() => setFilter(noFilter)}>
            {text.peers.clear}
          </Button>
        </EmptyPanel>
      ) : (
        <DataTable
          label={text.wallet.history}
          columns={columns}
          rows={rows}
          rowKey={({ txid }) => txid}
          firstOrder={{ id: 'time', descending: true }}
          onOpen={({ txid }) => setOpened(txid)}
          rowTestId="history-row"
        />
      )}
      <HistoryPanel entry={entries?.find(({ txid }) => txid === opened)} onClose={() => setOpened(undefined)} />
    </section>
  );
}
