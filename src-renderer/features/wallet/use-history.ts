import { useEffect, useState } from 'react';
import type { ClientError } from '../../api/client-error.ts';
import { useNode } from '../../stores/client-context.ts';
import { type HistoryEntry, mergeHistory } from './history-words.ts';

const pageSize = 100;
/** Rows that a page shows well; who needs more than these asks the node. */
const maxShown = 2_000;

export interface History {
  readonly entries: readonly HistoryEntry[];
  readonly hasOlder: boolean;
  readonly error: ClientError | undefined;
  readonly loadOlder: () => void;
}

/** The newest entries as the topic has them, and older ones on demand. What the topic no longer holds stays once older ones are shown. */
export function useHistory(newest: readonly HistoryEntry[]): History {
  const { client } = useNode();
  const [older, setOlder] = useState<readonly HistoryEntry[]>([]);
  const [nodeHasOlder, setNodeHasOlder] = useState(false);
  const [error, setError] = useState<ClientError>();
  const entries = mergeHistory(newest, older).slice(0, maxShown);
  useEffect(() => setOlder((before) => (before.length === 0 ? before : mergeHistory(newest, before).slice(0, maxShown))), [newest]);
  const oldestOfTopic = newest.at(-1)?.txid;
  const count = entries.length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked when the topic's window has moved, not with each view
  useEffect(() => {
    let current = true;
    void client.call('listtransactions', { count: 1, skip: count }).then((outcome) => {
      if (current && outcome.ok) setNodeHasOlder(outcome.value.length > 0);
    });
    return () => {
      current = false;
    };
  }, [client, oldestOfTopic]);
  const loadOlder = (): void => {
    void client.call('listtransactions', { count: pageSize, skip: count }).then((outcome) => {
      setError(outcome.ok ? undefined : outcome.error);
      if (!outcome.ok) return;
      setOlder((before) => mergeHistory(mergeHistory(newest, before), outcome.value));
      setNodeHasOlder(outcome.value.length === pageSize);
    });
  };
  return { entries, hasOlder: nodeHasOlder && count < maxShown, error, loadOlder };
}
