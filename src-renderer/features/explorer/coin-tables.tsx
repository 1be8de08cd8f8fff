import { addressHref, outpointHref, transactionHref } from '../../explorer-places.ts';
import { formatCount } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { Amount } from '../../ui/amount.tsx';
import { BlockHeight } from '../../ui/block-height.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Hash } from '../../ui/hash.tsx';
import { Section } from '../../ui/section.tsx';
import { EmptyPanel } from '../../ui/state-panel.tsx';
import { StatusWord } from '../../ui/status-word.tsx';
import { type Details, outputTones } from './explorer-words.ts';

const names = text.explorer.transaction;

type Input = Details['inputs'][number] & { readonly n: number };
type Output = Details['outputs'][number] & { readonly n: number };

const inputColumns: readonly Column<Input>[] = [
  { id: 'n', header: names.columns.n, widthPx: 56, isNumber: true, cell: ({ n }) => formatCount(n), value: ({ n }) => n },
  {
    id: 'coin',
    header: names.columns.coin,
    widthPx: 220,
    cell: ({ txid, vout }) => <Hash value={`${txid}:${vout}`} head={8} href={outpointHref(`${txid}:${vout}`)} />,
  },
  {
    id: 'address',
    header: names.columns.address,
    cell: ({ address }) =>
      address === undefined ? <span className="muted">{names.unknownCoin}</span> : <Hash value={address} head={10} href={addressHref(address)} />,
  },
  {
    id: 'amount',
    header: names.columns.amount,
    widthPx: 180,
    isNumber: true,
    cell: ({ value }) => value !== undefined && <Amount time={value} />,
    value: ({ value }) => Number(value ?? 0),
  },
];

const spentByCell = ({ state, spentby }: Output) => {
  if (spentby === undefined) return state === 'spent' && <span className="muted">{names.spenderUnknown}</span>;
  return (
    <span className="line">
      <Hash value={spentby.txid} href={transactionHref(spentby.txid)} copyable={false} />
      {spentby.height !== undefined && <BlockHeight height={spentby.height} />}
    </span>
  );
};

const outputColumns = (txid: string): readonly Column<Output>[] => [
  {
    id: 'n',
    header: names.columns.n,
    widthPx: 56,
    isNumber: true,
    cell: ({ n }) => (
      <a className="to-explorer" href={outpointHref(`${txid}:${n}`)} aria-label={text.explorer.outpoint.title(n)}>
        {formatCount(n)}
      </a>
    ),
    value: ({ n }) => n,
  },
  {
    id: 'address',
    header: names.columns.address,
    cell: ({ address }) => <Hash value={address} head={10} href={addressHref(address)} />,
    value: ({ address }) => address,
  },
  {
    id: 'state',
    header: names.columns.state,
    widthPx: 176,
    cell: ({ state }) => <StatusWord tone={outputTones[state]}>{text.explorer.outputStates[state]}</StatusWord>,
    value: ({ state }) => text.explorer.outputStates[state],
  },
  { id: 'spentby', header: names.columns.spentBy, widthPx: 156, cell: spentByCell },
  {
    id: 'amount',
    header: names.columns.amount,
    widthPx: 172,
    isNumber: true,
    cell: ({ value }) => <Amount time={value} />,
    value: ({ value }) => Number(value),
  },
];

interface CoinTableProps {
  readonly details: Details;
  /** Of the first block. */
  readonly isGenesis: boolean;
}

export function InputsTable({ details, isGenesis }: CoinTableProps) {
  const rows = details.inputs.map((input, n) => ({ ...input, n }));
  const none = details.kind !== 'coinbase' ? names.noInputs : isGenesis ? names.genesisCoins : names.newCoins;
  return (
    <Section title={`${names.inputs} · ${formatCount(rows.length)}`} className="explorer-table">
      {rows.length === 0 ? (
        <EmptyPanel advice={none} />
      ) : (
        <DataTable
          label={names.inputs}
          columns={inputColumns}
          rows={rows}
          rowKey={({ n }) => String(n)}
          firstOrder={{ id: 'n', descending: false }}
          rowTestId="transaction-input"
        />
      )}
    </Section>
  );
}

export function OutputsTable({ txid, details }: { readonly txid: string; readonly details: Details }) {
  const rows = details.outputs.map((output, n) => ({ ...output, n }));
  return (
    <Section title={`${names.outputs} · ${formatCount(rows.length)}`} className="explorer-table">
      {rows.length === 0 ? (
        <EmptyPanel advice={names.noOutputs} />
      ) : (
        <DataTable
          label={names.outputs}
          columns={outputColumns(txid)}
          rows={rows}
          rowKey={({ n }) => String(n)}
          firstOrder={{ id: 'n', descending: false }}
          rowTestId="transaction-output"
        />
      )}
    </Section>
  );
}
