import { useState } from 'react';
import type { MethodName, Request } from '../../src-shared/api/contract.ts';
import type { ClientError } from '../api/client-error.ts';
import { useNode } from './client-context.ts';

export type ActionState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'busy' }
  | { readonly kind: 'done'; readonly words: string }
  | { readonly kind: 'failed'; readonly error: ClientError };

export interface Action {
  readonly state: ActionState;
  /** Asks the node to do it. `words`: what to say once it is done. */
  readonly run: <M extends MethodName>(method: M, params: Request<M>, words: string) => Promise<boolean>;
}

/** One thing at a time that a person asks of the node, and how the last one went. */
export function useAction(): Action {
  const { client } = useNode();
  const [state, setState] = useState<ActionState>({ kind: 'idle' });
  const run: Action['run'] = async (method, params, words) => {
    setState({ kind: 'busy' });
    const outcome = await client.call(method, params);
    setState(outcome.ok ? { kind: 'done', words } : { kind: 'failed', error: outcome.error });
    return outcome.ok;
  };
  return { state, run };
}
