import { create } from 'zustand';
import type { Client } from '../../api/client.ts';
import type { ClientError } from '../../api/client-error.ts';

export type ReceiveState =
  | { readonly kind: 'none' }
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly address: string }
  | { readonly kind: 'failed'; readonly error: ClientError };

/** One address until a person asks for another: each new one is another that a restored wallet must look for. */
export const useReceive = create<{ readonly state: ReceiveState }>()(() => ({ state: { kind: 'none' } }));

/** Outlives a reload of the page, but belongs to one node. */
const storageKey = (nodeId: string): string => `time.receive.${nodeId}`;

export function recallAddress(nodeId: string, session: Pick<Storage, 'getItem'>): void {
  const address = session.getItem(storageKey(nodeId));
  if (address !== null && useReceive.getState().state.kind === 'none') useReceive.setState({ state: { kind: 'ready', address } });
}

export async function takeNewAddress(client: Pick<Client, 'call'>, nodeId: string, session: Pick<Storage, 'setItem'>): Promise<void> {
  if (useReceive.getState().state.kind === 'loading') return;
  useReceive.setState({ state: { kind: 'loading' } });
  const outcome = await client.call('getnewaddress', {});
  if (outcome.ok) session.setItem(storageKey(nodeId), outcome.value);
  useReceive.setState({ state: outcome.ok ? { kind: 'ready', address: outcome.value } : { kind: 'failed', error: outcome.error } });
}
