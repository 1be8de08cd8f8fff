import { useEffect, useState } from 'react';
import type { Request } from '../../../src-shared/api/contract.ts';
import type { ClientError } from '../../api/client-error.ts';
import { useNode } from '../../stores/client-context.ts';
import type { Estimate } from './send-store.ts';

export type EstimateState =
  | { readonly kind: 'none' }
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly estimate: Estimate }
  | { readonly kind: 'failed'; readonly error: ClientError };

/** Long enough not to ask for each letter, short enough to seem at once. */
const debounceMs = 200;

/**
 * What the payment would cost now, asked anew when it or the spendable balance changes. An answer to what was typed before is not shown.
 *
 * @param request undefined while there is nothing to pay yet
 * @param spendable decimal string of TIME
 */
export function useEstimate(request: Request<'estimatefee'> | undefined, spendable: string | undefined): EstimateState {
  const { client } = useNode();
  const [state, setState] = useState<EstimateState>({ kind: 'none' });
  const key = JSON.stringify(request);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says when the request is another; another balance may mean other coins, and another fee
  useEffect(() => {
    if (request === undefined) {
      setState({ kind: 'none' });
      return;
    }
    let current = true;
    setState((before) => (before.kind === 'ready' ? before : { kind: 'loading' }));
    const timer = setTimeout(() => {
      void client.call('estimatefee', request).then((outcome) => {
        if (current) setState(outcome.ok ? { kind: 'ready', estimate: outcome.value } : { kind: 'failed', error: outcome.error });
      });
    }, debounceMs);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [client, key, spendable]);
  return state;
}
