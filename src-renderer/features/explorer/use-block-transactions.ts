import { useEffect, useState } from 'react';
import type { Response } from '../../../src-shared/api/contract.ts';
import type { ClientError } from '../../api/client-error.ts';
import { useNode } from '../../stores/client-context.ts';

export type BlockTransaction = Response<'getblocktransactions'>[number];
/** As many as the contract gives at once. */
const pageRows = 1_000;

/** Of one block, page by page until all are there: a block never changes. */
export function useBlockTransactions(blockhash: string): { readonly rows: readonly BlockTransaction[]; readonly error: ClientError | undefined } {
  const { client } = useNode();
  const [rows, setRows] = useState<readonly BlockTransaction[]>([]);
  const [error, setError] = useState<ClientError>();
  useEffect(() => {
    let current = true;
    const load = async (): Promise<void> => {
      let loaded: readonly BlockTransaction[] = [];
      for (;;) {
        const outcome = await client.call('getblocktransactions', { blockhash, count: pageRows, skip: loaded.length });
        if (!current) return;
        setError(outcome.ok ? undefined : outcome.error);
        if (!outcome.ok) return;
        loaded = [...loaded, ...outcome.value];
        setRows(loaded);
        if (outcome.value.length < pageRows) return;
      }
    };
    void load();
    return () => {
      current = false;
    };
  }, [client, blockhash]);
  return { rows, error };
}
