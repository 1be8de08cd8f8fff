import { useState } from 'react';
import type { Request } from '../../../src-shared/api/contract.ts';
import type { ClientError } from '../../api/client-error.ts';
import { useNode } from '../../stores/client-context.ts';

type Making = 'createwallet' | 'restorefromwords' | 'restorewallet';

export interface MakeWallet {
  readonly busy: boolean;
  readonly error: ClientError | undefined;
  /** Resolves with whether it is there. What it is made from is kept nowhere in the page. */
  readonly make: <M extends Making>(method: M, params: Request<M>) => Promise<boolean>;
}

export function useMakeWallet(): MakeWallet {
  const { client } = useNode();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ClientError>();
  const make: MakeWallet['make'] = async (method, params) => {
    setBusy(true);
    setError(undefined);
    const outcome = await client.call(method, params);
    setBusy(false);
    if (!outcome.ok) setError(outcome.error);
    return outcome.ok;
  };
  return { busy, error, make };
}
