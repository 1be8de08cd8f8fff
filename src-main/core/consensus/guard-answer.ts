import type { GuardRecord } from '../store-operation.ts';

/** Why the guard refuses to sign. */
export type GuardRefusalCode =
  | 'wrong-height'
  | 'wrong-epoch'
  /** An earlier round or phase than one already signed in, or a lower lock. */
  | 'regression'
  /** Something else was signed in this place. */
  | 'contradiction'
  /** Locked on another block (lines 23 and 29 of the paper). */
  | 'locked'
  /** A precommit of a block without the lock on it (line 38 before line 40). */
  | 'not-locked'
  /** A certificate is known for this height or a later one (protocol section 7). */
  | 'behind'
  /** Blocks were reverted, and this height and epoch are not beyond all that was signed before (protocol section 8). */
  | 'silent'
  /** Rule 1. */
  | 'accepted-another'
  | 'too-many-accepts'
  /** Rule 4. */
  | 'epoch-closing'
  /** Rule 2. */
  | 'no-certificate'
  | 'inapplicable'
  | 'committed-another'
  | 'prevoted-conflict'
  /** Rule 3. */
  | 'conflicts-with-commit';

export interface GuardRefusal {
  readonly code: GuardRefusalCode;
  /** For logs and people. */
  readonly detail: string;
}

/** `records` are durable before the message leaves: none if the same was signed before. */
export type GuardAnswer = { readonly ok: true; readonly records: readonly GuardRecord[] } | { readonly ok: false; readonly reason: GuardRefusal };

export const refuse = (code: GuardRefusalCode, detail: string): GuardAnswer => ({ ok: false, reason: { code, detail } });
export const allow = (...records: GuardRecord[]): GuardAnswer => ({ ok: true, records });
