import { create } from 'zustand';
import type { Client } from '../../api/client.ts';
import type { ClientError } from '../../api/client-error.ts';

export type ReceiveState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly address: string }
  | { readonly kind: 'failed'; readonly error: ClientError };

/** Whose address it is: a node's wallet, and an account of it. */
export interface ReceivePlace {
  readonly nodeId: string;
  readonly account: number;
}
type Calls = Pick<Client, 'call'>;

interface Receiving {
  /** By place; at most as many as a wallet has accounts. */
  readonly states: Readonly<Record<string, ReceiveState>>;
}
/** One address until a person asks for another: each new one is another that a restored wallet must look for. */
export const useReceive = create<Receiving>()(() => ({ states: {} }));

/** Outlives a reload of the page, but belongs to one node and account. */
const keyOf = ({ nodeId, account }: ReceivePlace): string => `time.receive.${nodeId}.${account}`;
const setState = (place: ReceivePlace, state: ReceiveState): void => useReceive.setState(({ states }) => ({ states: { ...states, [keyOf(place)]: state } }));

/** Undefined: nobody has looked yet. */
export const stateOf = ({ states }: Receiving, place: ReceivePlace): ReceiveState | undefined => states[keyOf(place)];
const isLoading = (place: ReceivePlace): boolean => stateOf(useReceive.getState(), place)?.kind === 'loading';

/**
 * The address that was given out last, or the first one. The wallet may be another than the one that gave it, since a wallet can be replaced; an
 * address that is not the wallet's own is not shown, for what is paid to it would be missed.
 */
export async function findAddress(client: Calls, place: ReceivePlace, session: Pick<Storage, 'getItem' | 'setItem'>): Promise<void> {
  const address = session.getItem(keyOf(place));
  if (isLoading(place)) return;
  if (address === null) return takeNewAddress(client, place, session);
  setState(place, { kind: 'loading' });
  const outcome = await client.call('getaddressinfo', { address });
  // An address of another network is no address here.
  const isOthers = outcome.ok ? !outcome.value.ismine || outcome.value.account !== place.account : outcome.error.code === 'invalid-address';
  if (isOthers) return take(client, place, session);
  setState(place, outcome.ok ? { kind: 'ready', address } : { kind: 'failed', error: outcome.error });
}

export async function takeNewAddress(client: Calls, place: ReceivePlace, session: Pick<Storage, 'setItem'>): Promise<void> {
  if (isLoading(place)) return;
  setState(place, { kind: 'loading' });
  await take(client, place, session);
}

async function take(client: Calls, place: ReceivePlace, session: Pick<Storage, 'setItem'>): Promise<void> {
  const outcome = await client.call('getnewaddress', { account: place.account });
  if (outcome.ok) session.setItem(keyOf(place), outcome.value);
  setState(place, outcome.ok ? { kind: 'ready', address: outcome.value } : { kind: 'failed', error: outcome.error });
}
