import type * as z from 'zod';
import type { walletTransaction } from '../../../src-shared/api/methods/wallet.ts';

type Row = z.output<typeof walletTransaction>;

/**
 * A history as CSV (RFC 4180: CRLF, quotes doubled). What people or strangers wrote never begins a formula in a spreadsheet: text that starts with one of
 * `= + - @ '`, a tab or a line break gets an apostrophe before it, which a reader takes off again.
 */
const columns: readonly (readonly [name: string, cell: (row: Row) => string])[] = [
  ['date', ({ time }) => new Date(time).toISOString()],
  ['state', ({ state }) => state],
  ['category', ({ category }) => category],
  ['amount', ({ amount }) => amount],
  ['fee', ({ fee }) => fee ?? ''],
  ['addresses', ({ addresses }) => text(addresses.join(' '))],
  ['label', ({ label }) => text(label)],
  ['txid', ({ txid }) => txid],
  ['block', ({ blockheight }) => blockheight?.toString() ?? ''],
  ['reason', ({ reason }) => reason ?? ''],
];

export function csvPage(rows: readonly Row[], withNames: boolean): string {
  const lines = rows.map((row) => columns.map(([, cell]) => cell(row)));
  return [...(withNames ? [columns.map(([name]) => name)] : []), ...lines].map((cells) => `${cells.map(quoted).join(',')}\r\n`).join('');
}

const text = (written: string): string => (/^[=+\-@'\t\r\n]/.test(written) ? `'${written}` : written);

const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
