import type { Effect } from '../effects.ts';
import type { EngineEvent } from '../events.ts';
import type { BanSubject } from './ban.ts';
import type { BanChanges } from './bans.ts';

type BanOutput = Extract<Effect, { kind: 'persist' | 'publish' }>;

/** What is stored and told of bans that were made. */
export const banOutputs = ({ banned, dropped }: BanChanges): BanOutput[] => [
  ...banned.flatMap((ban): BanOutput[] => [
    { kind: 'persist', operations: [{ kind: 'put-ban', ban }] },
    { kind: 'publish', event: { kind: 'banned', ban } },
  ]),
  ...endedBanOutputs(dropped, 'room'),
];

export function endedBanOutputs(subjects: readonly BanSubject[], by: Extract<EngineEvent, { kind: 'ban-ended' }>['by']): BanOutput[] {
  if (subjects.length === 0) return [];
  return [
    { kind: 'persist', operations: [{ kind: 'remove-bans', subjects }] },
    ...subjects.map((subject): BanOutput => ({ kind: 'publish', event: { kind: 'ban-ended', subject, by } })),
  ];
}
