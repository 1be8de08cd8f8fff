import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvPage } from './wallet-csv.ts';

type Row = Parameters<typeof csvPage>[0][number];
const row: Row = {
  txid: 'ab'.repeat(32),
  category: 'send',
  amount: '-12.50000000',
  fee: '0.01250000',
  addresses: ['TIME1abc', 'TIME1def'],
  label: 'rent',
  state: 'confirmed',
  blockheight: 7,
  time: 1_700_000_000_000,
};

/** RFC 4180, as a spreadsheet reads it. */
function read(csv: string): string[][] {
  const rows: string[][] = [];
  let cells: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (let at = 0; at < csv.length; at++) {
    const character = csv[at] as string;
    if (isQuoted) {
      if (character !== '"') cell += character;
      else if (csv[at + 1] === '"') cell += csv[at++];
      else isQuoted = false;
    } else if (character === '"') isQuoted = true;
    else if (character === ',') {
      cells.push(cell);
      cell = '';
    } else if (character === '\r' && csv[at + 1] === '\n') {
      rows.push([...cells, cell]);
      cells = [];
      cell = '';
      at++;
    } else cell += character;
  }
  return rows;
}
const label = (cells: readonly string[] | undefined): string => cells?.[6] ?? '';

test('is these lines', () => {
  expect(csvPage([row], true)).toBe(
    `date,state,category,amount,fee,addresses,label,txid,block,reason\r\n2023-11-14T22:13:20.000Z,confirmed,send,-12.50000000,0.01250000,TIME1abc TIME1def,rent,${'ab'.repeat(32)},7,\r\n`,
  );
  expect(csvPage([], false)).toBe('');
});

test('whatever a label says, it comes back, and never begins a formula', () => {
  const labels = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.tuple(fc.constantFrom('=', '+', '-', '@', "'", '\t', '\r', '"', ','), fc.string()).map(([a, b]) => a + b),
  );
  fc.assert(
    fc.property(fc.array(labels, { maxLength: 5 }), (all) => {
      const rows = read(
        csvPage(
          all.map((one) => ({ ...row, label: one })),
          false,
        ),
      );
      expect(rows.map((cells) => cells.length)).toEqual(all.map(() => 10));
      expect(rows.map(label).map((text) => text.replace(/^'/, ''))).toEqual(all);
      for (const text of rows.map(label)) expect(text).not.toMatch(/^[=+\-@\t\r\n]/);
    }),
  );
});
