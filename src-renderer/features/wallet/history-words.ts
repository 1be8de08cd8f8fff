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
      return text.wallet.states[entry.state];
    case 'final':
      return text.wallet.states.final(entry.finalafterms);
    case 'confirmed':
      return text.wallet.states.confirmed(entry.blockheight);
    case 'rejected':
    case 'dropped':
      return text.wallet.states[entry.state](why);
  }
}

/** The newest as the topic has them, then what was loaded before that is older; one entry for each transaction. */
export function mergeHistory(newest: readonly HistoryEntry[], older: readonly HistoryEntry[]): readonly HistoryEntry[] {
  const known = new Set(newest.map(({ txid }) => txid));
  return [...newest, ...older.filter(({ txid }) => !known.has(txid))];
}
