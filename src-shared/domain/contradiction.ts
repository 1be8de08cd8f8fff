import type { BlockHash, Txid } from './ids.ts';

/** What one masternode has signed twice where an honest one signs once at most (protocol section 6). */
export type Contradiction =
  /** In one place, for two blocks, or for one and for none, which undefined is. */
  | {
      readonly kind: 'block-votes';
      readonly phase: 'prevote' | 'precommit';
      readonly height: number;
      readonly round: number;
      readonly values: readonly [BlockHash | undefined, BlockHash | undefined];
    }
  /** For two transactions that spend the same coin. */
  | { readonly kind: 'transaction-votes'; readonly choice: 'accept' | 'commit'; readonly txids: readonly [Txid, Txid] };

/** One line in English, as the log has it. It is stored as well: `readContradiction` takes it back. */
export function contradictionLine(one: Contradiction): string {
  if (one.kind === 'transaction-votes') return `${one.choice} of ${one.txids[0]} and of ${one.txids[1]}, which spend the same coin`;
  const [first, second] = one.values.map((value) => value ?? 'nil');
  return `two ${one.phase}s of height ${one.height}, round ${one.round}: ${first} and ${second}`;
}

const value = '([0-9a-f]{64}|nil)';
const txid = '([0-9a-f]{64})';
const number = '(0|[1-9][0-9]{0,14})';
const blockVotes = new RegExp(`^two (prevote|precommit)s of height ${number}, round ${number}: ${value} and ${value}$`);
const transactionVotes = new RegExp(`^(accept|commit) of ${txid} and of ${txid}, which spend the same coin$`);
const hashOrNone = (said: string | undefined): BlockHash | undefined => (said === 'nil' ? undefined : (said as BlockHash));

/** Undefined for any other words. */
export function readContradiction(line: string): Contradiction | undefined {
  const [, phase, height, round, first, second] = blockVotes.exec(line) ?? [];
  if (phase === 'prevote' || phase === 'precommit')
    return { kind: 'block-votes', phase, height: Number(height), round: Number(round), values: [hashOrNone(first), hashOrNone(second)] };
  const [, choice, one, other] = transactionVotes.exec(line) ?? [];
  if (choice === 'accept' || choice === 'commit') return { kind: 'transaction-votes', choice, txids: [one as Txid, other as Txid] };
  return undefined;
}
