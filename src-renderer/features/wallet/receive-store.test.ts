import { beforeEach, expect, test } from 'vitest';
import type { Client } from '../../api/client.ts';
import { failed, type Outcome } from '../../api/client-error.ts';
import { recallAddress, takeNewAddress, useReceive } from './receive-store.ts';

const stored = new Map<string, string>();
const session = { getItem: (key: string) => stored.get(key) ?? null, setItem: (key: string, value: string) => void stored.set(key, value) };
const clientThat = (answer: () => Promise<Outcome<string>>): Pick<Client, 'call'> => ({ call: answer as unknown as Client['call'] });

beforeEach(() => {
  stored.clear();
  useReceive.setState({ state: { kind: 'none' } });
});

test('an address outlives a reload, for the node that gave it', async () => {
  await takeNewAddress(
    clientThat(async () => ({ ok: true, value: 'TIME2abc' })),
    'node',
    session,
  );
  useReceive.setState({ state: { kind: 'none' } });
  recallAddress('another node', session);
  expect(useReceive.getState().state).toEqual({ kind: 'none' });
  recallAddress('node', session);
  expect(useReceive.getState().state).toEqual({ kind: 'ready', address: 'TIME2abc' });
});

test('one request at a time makes one address', async () => {
  let asked = 0;
  const client = clientThat(async () => ({ ok: true, value: `TIME2${++asked}` }));
  await Promise.all([takeNewAddress(client, 'node', session), takeNewAddress(client, 'node', session)]);
  expect(asked).toBe(1);
});

test('a failure is kept to be worded', async () => {
  await takeNewAddress(
    clientThat(async () => failed('wallet-locked', 'locked')),
    'node',
    session,
  );
  expect(useReceive.getState().state).toMatchObject({ kind: 'failed', error: { code: 'wallet-locked' } });
  expect(stored.size).toBe(0);
});
