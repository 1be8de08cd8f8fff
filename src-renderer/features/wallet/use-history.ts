import { useEffect, useMemo, useState } from 'react';
import type { ClientError } from '../../api/client-error.ts';
import { useNode } from '../../stores/client-context.ts';
import { ofAccount } from './account-store.ts';
import { type HistoryEntry, isBehind, mergeHistory } from './history-words.ts';
import { useAsked } from './use-asked.ts';
import { useWalletChange } from './wallet-change.ts';

/** As many as the contract gives at once. */
const pageRows = 1_000;
/** What a page sorts and searches without a pause; the export has everything. */
export const maxRows = 10_000;
const newestRows = 100;
/** Of what may be out of date. */
const reloadMs = 5_000;

export interface History {
  /** Newest first; undefined until the first page is there. */
  readonly entries: readonly HistoryEntry[] | undefined;
  /** Older ones are still being loaded. */
  readonly isLoading: boolean;
  /** There are more than are listed. */
  readonly isCut: boolean;
  readonly error: ClientError | undefined;
  readonly reload: () => void;
}

interface Loaded {
  readonly account: number | undefined;
  readonly rows: readonly HistoryEntry[];
  readonly state: 'loading' | 'whole' | 'cut';
}

/**
 * The history of an account or of all, page by page until it is there, and from then on kept as it goes on.
 *
 * @param newest as the topic has them, of all accounts
 */
export function useHistory(newest: readonly HistoryEntry[], account: number | undefined): History {
  const { client } = useNode();
  const change = useWalletChange();
  const [loaded, setLoaded] = useState<Loaded>();
  const [error, setError] = useState<ClientError>();
  const [round, setRound] = useState(0);
  const ofOne = useAsked('listtransactions', { count: newestRows, ...ofAccount(account) }, account === undefined ? '' : change).value;
  const live = account === undefined ? newest : ofOne;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a round is another try
  useEffect(() => {
    let current = true;
    const load = async (): Promise<void> => {
      let rows: readonly HistoryEntry[] = [];
      for (let skip = 0; skip < maxRows; skip += pageRows) {
        const outcome = await client.call('listtransactions', { count: pageRows, skip, ...ofAccount(account) });
        if (!current) return;
        setError(outcome.ok ? undefined : outcome.error);
        if (!outcome.ok) return;
        // What came meanwhile has moved some to the next page, where they are again.
        rows = mergeHistory(rows, outcome.value);
        const isWhole = outcome.value.length < pageRows;
        setLoaded({ account, rows, state: isWhole ? 'whole' : skip + pageRows < maxRows ? 'loading' : 'cut' });
        if (isWhole) return;
      }
    };
    void load();
    return () => {
      current = false;
    };
  }, [client, account, round]);

  const ofThis = loaded?.account === account ? loaded : undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the topic comes every second; what is in it has changed when this has
  const entries = useMemo(() => ofThis && mergeHistory(live ?? [], ofThis.rows), [change, ofOne, ofThis]);
  const behind = ofThis !== undefined && ofThis.state !== 'loading' && isBehind(live ?? [], ofThis.rows);
  useEffect(() => {
    if (!behind) return;
    const timer = setTimeout(() => setRound((before) => before + 1), reloadMs);
    return () => clearTimeout(timer);
  }, [behind]);
  return { entries, isLoading: ofThis?.state === 'loading', isCut: ofThis?.state === 'cut', error, reload: () => setRound((before) => before + 1) };
}
