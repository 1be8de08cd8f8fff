import type { TopicValue } from '../../../src-shared/api/topics.ts';

type Tally = TopicValue<'consensus'>['info']['prevotes'];
export type MemberVote = 'block' | 'none' | 'not-yet';

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

/** What each member voted for; who is not in it has not voted. */
export function votesByMember(tally: Tally): ReadonlyMap<string, MemberVote> {
  return new Map(tally.flatMap(({ blockhash, voters }) => voters.map((voter): [string, MemberVote] => [voter, blockhash === null ? 'none' : 'block'])));
}
