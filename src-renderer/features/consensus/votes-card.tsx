import type { TopicValue } from '../../../src-shared/api/topics.ts';
import { text } from '../../text/text.ts';
import { EmptyPanel } from '../../ui/state-panel.tsx';
import { WeightBar } from '../../ui/weight-bar.tsx';
import { MemberVotes } from './member-votes.tsx';
import { type ShownVotes, shownVotes, summarise, type Tally } from './vote-summary.ts';

interface TallyLineProps {
  readonly name: string;
  readonly votes: ShownVotes;
  readonly tally: Tally | undefined;
  readonly memberCount: number;
}
function TallyLine({ name, votes: { totalWeight }, tally, memberCount }: TallyLineProps) {
  const { leading, others } = summarise(tally ?? []);
  const missing = tally === undefined ? text.consensus.notSeen : text.consensus.noVotes;
  return (
    <div className="tally">
      <p className="line apart">
        <strong>{name}</strong>
        <span className="muted">{leading === undefined ? missing : text.consensus.tally(leading.votercount, memberCount, leading.weight, totalWeight)}</span>
      </p>
      <WeightBar name={name} weight={leading?.weight ?? 0} otherWeight={others} totalWeight={totalWeight} labelled />
    </div>
  );
}

interface TalliesProps {
  readonly votes: ShownVotes;
  readonly members: TopicValue<'consensus'>['members'];
  readonly memberCount: number;
}
function Tallies({ votes, members, memberCount }: TalliesProps) {
  return (
    <>
      <TallyLine name={text.consensus.prevotes} votes={votes} tally={votes.prevotes} memberCount={memberCount} />
      <TallyLine name={text.consensus.precommits} votes={votes} tally={votes.precommits} memberCount={memberCount} />
      <MemberVotes votes={votes} members={members} memberCount={memberCount} />
    </>
  );
}

/** The round that runs, or what decided the last block while none does. */
export function VotesCard({ info, members, membercount }: Pick<TopicValue<'consensus'>, 'info' | 'members' | 'membercount'>) {
  const votes = shownVotes(info);
  return (
    <section className="card" data-testid="votes" data-votes={votes.kind}>
      <div className="card-head">
        <h2>{votes.kind === 'round' ? text.consensus.votesOf(votes.height, votes.round) : text.consensus.decided(votes.height)}</h2>
        {votes.kind === 'decided' && <span className="muted">{text.consensus.decidedIn(votes.decideMs, votes.round)}</span>}
      </div>
      {membercount === 0 ? <EmptyPanel advice={text.consensus.noMembers} /> : <Tallies votes={votes} members={members} memberCount={membercount} />}
    </section>
  );
}
