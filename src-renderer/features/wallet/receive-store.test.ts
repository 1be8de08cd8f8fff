import { beforeEach, expect, test } from 'vitest';
import type { Client } from '../../api/client.ts';
import { failed, type Outcome } from '../../api/client-error.ts';
import { findAddress, stateOf, takeNewAddress, useReceive } from './receive-store.ts';

const stored = new Map<string, string>();
const session = { getItem: (key: string) => stored.get(key) ?? null, setItem: (key: string, value: string) => void stored.set(key, value) };
const place = { nodeId: 'node', account: 0 };
const stateAt = (where = place) => stateOf(useReceive.getState(), where);

/** A wallet that numbers its addresses, and knows its own. */
function wallet(name: string, refuse?: () => Outcome<never> | undefined): Pick<Client, 'call'> & { made: number } {
  const self = {
    made: 0,
    call: (async (method: string, { address, account }: { address: string; account: number }): Promise<Outcome<unknown>> => {
      const refused = refuse?.();
      if (refused !== undefined) return refused;
      if (method === 'getnewaddress') return { ok: true, value: `${name} ${account} ${++self.made}` };
      const ismine = address.startsWith(`${name} `);
      return { ok: true, value: { address, label: '', ismine, ...(ismine ? { account: Number(address.split(' ')[1]) } : {}) } };
    }) as unknown as Client['call'],
  };
  return self;
}

beforeEach(() => {
  stored.clear();
  useReceive.setState({ states: {} });
});

test('an address outlives a reload, for the node and the account that gave it', async () => {
  const owner = wallet('a');
  await findAddress(owner, place, session);
  expect(stateAt()).toEqual({ kind: 'ready', address: 'a 0 1' });
  useReceive.setState({ states: {} });
  await findAddress(owner, place, session);
  expect([stateAt(), owner.made]).toEqual([{ kind: 'ready', address: 'a 0 1' }, 1]);
  for (const other of [
    { nodeId: 'another', account: 0 },
    { nodeId: 'node', account: 1 },
  ]) {
    await findAddress(owner, other, session);
    expect(stateAt(other)).toMatchObject({ address: `a ${other.account} ${owner.made}` });
  }
});

test('an address of the wallet that was there before is not shown any more', async () => {
  await takeNewAddress(wallet('before'), place, session);
  await findAddress(wallet('now'), place, session);
  expect(stateAt()).toEqual({ kind: 'ready', address: 'now 0 1' });
});

test('one request at a time makes one address', async () => {
  const owner = wallet('a');
  await Promise.all([takeNewAddress(owner, place, session), takeNewAddress(owner, place, session), findAddress(owner, place, session)]);
  expect(owner.made).toBe(1);
});

test('a failure is kept to be worded, and the address with it', async () => {
  const locked = (): Outcome<never> => failed('wallet-locked', 'locked');
  await takeNewAddress(wallet('a', locked), place, session);
  expect([stateAt(), stored.size]).toMatchObject([{ kind: 'failed', error: { code: 'wallet-locked' } }, 0]);
  await takeNewAddress(wallet('a'), place, session);
  await findAddress(
    wallet('a', () => failed('disconnected', 'gone')),
    place,
    session,
  );
  expect(stateAt()).toMatchObject({ kind: 'failed', error: { code: 'disconnected' } });
  await findAddress(wallet('a'), place, session);
  expect(stateAt()).toEqual({ kind: 'ready', address: 'a 0 1' });
});
