import { beforeEach, expect, test } from 'vitest';
import type { Client } from '../../api/client.ts';
import { failed, type Outcome } from '../../api/client-error.ts';
import { recallAddress, stateOf, takeNewAddress, useReceive } from './receive-store.ts';

const stored = new Map<string, string>();
const session = { getItem: (key: string) => stored.get(key) ?? null, setItem: (key: string, value: string) => void stored.set(key, value) };
const clientThat = (answer: () => Promise<Outcome<string>>): Pick<Client, 'call'> => ({ call: answer as unknown as Client['call'] });
const place = { nodeId: 'node', account: 0 };
const stateAt = (where = place) => stateOf(useReceive.getState(), where);

beforeEach(() => {
  stored.clear();
  useReceive.setState({ states: {} });
});

test('an address outlives a reload, for the node and the account that gave it', async () => {
  await takeNewAddress(
    clientThat(async () => ({ ok: true, value: 'TIME2abc' })),
    place,
    session,
  );
  useReceive.setState({ states: {} });
  for (const other of [
    { nodeId: 'another', account: 0 },
    { nodeId: 'node', account: 1 },
  ]) {
    recallAddress(other, session);
    expect(stateAt(other)).toEqual({ kind: 'none' });
  }
  recallAddress(place, session);
  expect(stateAt()).toEqual({ kind: 'ready', address: 'TIME2abc' });
});

test('one request at a time makes one address', async () => {
  let asked = 0;
  const client = clientThat(async () => ({ ok: true, value: `TIME2${++asked}` }));
  await Promise.all([takeNewAddress(client, place, session), takeNewAddress(client, place, session)]);
  expect(asked).toBe(1);
});

test('a failure is kept to be worded', async () => {
  await takeNewAddress(
    clientThat(async () => failed('wallet-locked', 'locked')),
    place,
    session,
  );
  expect(stateAt()).toMatchObject({ kind: 'failed', error: { code: 'wallet-locked' } });
  expect(stored.size).toBe(0);
});
