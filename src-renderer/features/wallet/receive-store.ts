import { create } from 'zustand';
import type { Client } from '../../api/client.ts';
import type { ClientError } from '../../api/client-error.ts';

export type ReceiveState =
  | { readonly kind: 'none' }
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly address: string }
  | { readonly kind: 'failed'; readonly error: ClientError };

/** Whose address it is: a node's wallet, and an account of it. */
export interface ReceivePlace {
  readonly nodeId: string;
  readonly account: number;
}

interface Receiving {
  /** By place; at most as many as a wallet has accounts. */
  readonly states: Readonly<Record<string, ReceiveState>>;
}
/** One address until a person asks for another: each new one is another that a restored wallet must look for. */
export const useReceive = create<Receiving>()(() => ({ states: {} }));

const none: ReceiveState = { kind: 'none' };
/** Outlives a reload of the page, but belongs to one node and account. */
const keyOf = ({ nodeId, account }: ReceivePlace): string => `time.receive.${nodeId}.${account}`;
const setState = (place: ReceivePlace, state: ReceiveState): void => useReceive.setState(({ states }) => ({ states: { ...states, [keyOf(place)]: state } }));

export const stateOf = ({ states }: Receiving, place: ReceivePlace): ReceiveState => states[keyOf(place)] ?? none;

export function recallAddress(place: ReceivePlace, session: Pick<Storage, 'getItem'>): void {
  const address = session.getItem(keyOf(place));
  if (address !== null && stateOf(useReceive.getState(), place).kind === 'none') setState(place, { kind: 'ready', address });
}

export async function takeNewAddress(client: Pick<Client, 'call'>, place: ReceivePlace, session: Pick<Storage, 'setItem'>): Promise<void> {
  if (stateOf(useReceive.getState(), place).kind === 'loading') return;
  setState(place, { kind: 'loading' });
  const outcome = await client.call('getnewaddress', { account: place.account });
  if (outcome.ok) session.setItem(keyOf(place), outcome.value);
  setState(place, outcome.ok ? { kind: 'ready', address: outcome.value } : { kind: 'failed', error: outcome.error });
}
