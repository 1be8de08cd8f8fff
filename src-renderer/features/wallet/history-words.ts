import type { TopicValue } from '../../../src-shared/api/topics.ts';
import { text } from '../../text/text.ts';
import type { IconName } from '../../ui/icon.tsx';
import type { Tone } from '../../ui/status-word.tsx';

export type HistoryEntry = TopicValue<'wallet'>['transactions'][number];

export const categoryIcons: Record<HistoryEntry['category'], IconName> = {
  send: 'outbound',
  receive: 'inbound',
  reward: 'reward',
  self: 'wallet',
  masternode: 'masternodes',
  genesis: 'inbound',
};

export const stateTones: Record<HistoryEntry['state'], Tone> = {
  voting: 'muted',
  certified: 'muted',
  final: 'good',
  confirmed: 'good',
  rejected: 'bad',
  dropped: 'warning',
};

export function stateWords(entry: HistoryEntry): string {
  const why = text.reason(entry.reason);
  switch (entry.state) {
    case 'voting':
    case 'certified':
      return entry.category === 'masternode' ? text.wallet.states.waitsForBlock : text.wallet.states[entry.state];
    case 'final':
      return text.wallet.states.final(entry.finalafterms);
    case 'confirmed':
      return text.wallet.states.confirmed(entry.blockheight);
    case 'rejected':
    case 'dropped':
      return text.wallet.states[entry.state](why);
  }
}

/** Nothing came of it: its amount changed nothing. */
export const isUndone = ({ state }: HistoryEntry): boolean => state === 'rejected' || state === 'dropped';

export const stateGroups = ['all', 'underway', 'final', 'undone'] as const;
export type StateGroup = (typeof stateGroups)[number];
const groupOf: Record<HistoryEntry['state'], Exclude<StateGroup, 'all'>> = {
  voting: 'underway',
  certified: 'underway',
  final: 'final',
  confirmed: 'final',
  rejected: 'undone',
  dropped: 'undone',
};

export interface HistoryFilter {
  readonly category: HistoryEntry['category'] | 'all';
  readonly state: StateGroup;
  /** Looked for in the id, addresses, the label and the amount, whatever the case. */
  readonly text: string;
}

export function filterHistory(entries: readonly HistoryEntry[], filter: HistoryFilter): readonly HistoryEntry[] {
  const wanted = filter.text.trim().toLowerCase();
  if (filter.category === 'all' && filter.state === 'all' && wanted === '') return entries;
  return entries.filter(
    ({ category, state, txid, addresses, label, amount }) =>
      (filter.category === 'all' || category === filter.category) &&
      (filter.state === 'all' || groupOf[state] === filter.state) &&
      (wanted === '' || [txid, label, amount, ...addresses].some((field) => field.toLowerCase().includes(wanted))),
  );
}

/** The newest as the topic has them, then what was loaded before that is older; one entry for each transaction. */
export function mergeHistory(newest: readonly HistoryEntry[], older: readonly HistoryEntry[]): readonly HistoryEntry[] {
  const known = new Set(newest.map(({ txid }) => txid));
  return [...newest, ...older.filter(({ txid }) => !known.has(txid))];
}

/**
 * Whether loaded entries may be out of date: so much happened at once that the newest do not reach down to them, or one that the newest have left
 * behind was still on its way.
 */
export function isBehind(newest: readonly HistoryEntry[], loaded: readonly HistoryEntry[]): boolean {
  const oldest = newest.at(-1);
  if (oldest === undefined || loaded.length === 0) return false;
  if (!loaded.some(({ txid }) => txid === oldest.txid)) return true;
  const known = new Set(newest.map(({ txid }) => txid));
  return loaded.some(({ txid, state }) => (state === 'voting' || state === 'certified' || state === 'final') && !known.has(txid));
}
