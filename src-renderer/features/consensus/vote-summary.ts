import type { TopicValue } from '../../../src-shared/api/topics.ts';

type Info = TopicValue<'consensus'>['info'];
export type Tally = Info['prevotes'];
export type MemberVote = 'block' | 'none' | 'absent';

/** The votes worth looking at. A height is decided within some hundred milliseconds and then waits for its slot, where there are none yet. */
export type ShownVotes =
  | {
      readonly kind: 'round';
      readonly height: number;
      readonly round: number;
      readonly totalWeight: number;
      readonly prevotes: Tally;
      readonly precommits: Tally;
    }
  | {
      readonly kind: 'decided';
      readonly height: number;
      readonly round: number;
      readonly totalWeight: number;
      /** Undefined where this node did not take part. */
      readonly prevotes: Tally | undefined;
      readonly precommits: Tally;
      /** Undefined where this node did not take part. */
      readonly decideMs: number | undefined;
    };

export function shownVotes({ step, height, round, totalweight, prevotes, precommits, lastdecided }: Info): ShownVotes {
  if (step !== 'waiting' || lastdecided === undefined) return { kind: 'round', height, round, totalWeight: totalweight, prevotes, precommits };
  return {
    kind: 'decided',
    height: lastdecided.height,
    round: lastdecided.round,
    totalWeight: lastdecided.totalweight,
    prevotes: lastdecided.prevotes,
    precommits: lastdecided.precommits,
    decideMs: lastdecided.decidems,
  };
}

/** The block with most weight, and the weight of all other votes: those for none and for other blocks. */
export function summarise(tally: Tally): { readonly leading: Tally[number] | undefined; readonly others: number } {
  let leading: Tally[number] | undefined;
  let total = 0;
  for (const value of tally) {
    total += value.weight;
    if (value.blockhash !== null && value.weight > (leading?.weight ?? 0)) leading = value;
  }
  return { leading, others: total - (leading?.weight ?? 0) };
}

/** What each member that is shown voted for; who is not in it has not voted. */
export function votesByMember(tally: Tally): ReadonlyMap<string, MemberVote> {
  return new Map(tally.flatMap(({ blockhash, voters }) => voters.map((voter): [string, MemberVote] => [voter, blockhash === null ? 'none' : 'block'])));
}
