import { useMemo } from 'react';
import { transactionHref } from '../../explorer-places.ts';
import { formatBytes, formatCount, shorten } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { Amount } from '../../ui/amount.tsx';
import { wordsOf } from '../../ui/client-error-words.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Section } from '../../ui/section.tsx';
import { LoadingPanel, Notice } from '../../ui/state-panel.tsx';
import { kindWords } from './explorer-words.ts';
import { type BlockTransaction, useBlockTransactions } from './use-block-transactions.ts';

const names = text.explorer.block;

const columnsOf = (height: number): readonly Column<BlockTransaction>[] => [
  {
    id: 'txid',
    header: names.columns.txid,
    widthPx: 168,
    cell: ({ txid }) => <span className="mono">{shorten(txid, 8)}</span>,
    beside: ({ txid }) => <CopyButton value={txid} label={text.common.copyWhole(txid)} />,
  },
  { id: 'n', header: names.columns.n, widthPx: 64, isNumber: true, yields: 3, cell: ({ n }) => formatCount(n), value: ({ n }) => n },
  {
    id: 'kind',
    header: names.columns.kind,
    leastPx: 144,
    cell: ({ kind }) => (
      <span className="cut" title={kindWords(kind, height)}>
        {kindWords(kind, height)}
      </span>
    ),
    value: ({ kind }) => text.explorer.kinds[kind],
  },
  {
    id: 'parts',
    header: names.columns.parts,
    widthPx: 96,
    isNumber: true,
    yields: 1,
    cell: ({ inputs, outputs }) => names.parts(inputs, outputs),
    value: ({ outputs }) => outputs,
  },
  { id: 'size', header: names.columns.size, widthPx: 76, isNumber: true, yields: 2, cell: ({ size }) => formatBytes(size), value: ({ size }) => size },
  {
    id: 'amount',
    header: names.columns.amount,
    widthPx: 152,
    isNumber: true,
    cell: ({ amount }) => <Amount time={amount} />,
    value: ({ amount }) => Number(amount),
  },
];

interface BlockTransactionsProps {
  readonly hash: string;
  readonly height: number;
  readonly count: number;
}

/** All of them, of which only those in sight are in the document. */
export function BlockTransactions({ hash, height, count }: BlockTransactionsProps) {
  const columns = useMemo(() => columnsOf(height), [height]);
  const { rows, error } = useBlockTransactions(hash);
  return (
    <Section
      title={`${names.transactions} · ${formatCount(count)}`}
      className="explorer-table"
      aside={rows.length > 0 && rows.length < count && <span className="small muted">{names.loading(rows.length, count)}</span>}
    >
      {error !== undefined && <Notice tone="bad" advice={wordsOf(error)} />}
      {rows.length === 0 ? (
        error === undefined && <LoadingPanel />
      ) : (
        <DataTable
          label={names.transactions}
          columns={columns}
          rows={rows}
          rowKey={({ txid }) => txid}
          firstOrder={{ id: 'n', descending: false }}
          onOpen={({ txid }) => {
            location.hash = transactionHref(txid);
          }}
          openLabel={({ txid }) => names.open(shorten(txid, 8))}
          rowTestId="block-transaction"
        />
      )}
    </Section>
  );
}
