import { expect, test } from 'vitest';
import type { Client } from '../../api/client.ts';
import { failed } from '../../api/client-error.ts';
import { exportCsv } from './export-csv.ts';

const clientThat = (answer: (params: { skip: number; account?: number }) => unknown): Pick<Client, 'call'> => ({
  call: (async (_method: string, params: never) => answer(params)) as unknown as Client['call'],
});

test('page after page until the last, each asked for once', async () => {
  const asked: unknown[] = [];
  const client = clientThat(({ skip, account }) => {
    asked.push([skip, account]);
    return { ok: true, value: { csv: `${skip};`, rows: 5_000, more: skip < 10_000 } };
  });
  expect(await exportCsv(client, { account: 2 })).toEqual({ ok: true, value: '0;5000;10000;' });
  expect(asked).toEqual([
    [0, 2],
    [5_000, 2],
    [10_000, 2],
  ]);
});

test('half an export is none', async () => {
  const client = clientThat(({ skip }) => (skip === 0 ? { ok: true, value: { csv: 'a', rows: 5_000, more: true } } : failed('disconnected', 'gone')));
  expect(await exportCsv(client, {})).toMatchObject({ ok: false, error: { code: 'disconnected' } });
});
