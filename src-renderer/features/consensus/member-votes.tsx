import type { TopicValue } from '../../../src-shared/api/topics.ts';
import { formatCount } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { Hash } from '../../ui/hash.tsx';
import { StatusWord, type Tone } from '../../ui/status-word.tsx';
import { TableScroll } from '../../ui/table-scroll.tsx';
import { type MemberVote, type ShownVotes, type Tally, votesByMember } from './vote-summary.ts';

const tones: Record<MemberVote, Tone> = { block: 'good', none: 'warning', absent: 'muted' };

/** Votes by member of one phase, and what it means to have none there. */
interface Phase {
  readonly votes: ReadonlyMap<string, MemberVote>;
  readonly absent: string;
}
function phaseOf(kind: ShownVotes['kind'], tally: Tally | undefined): Phase {
  const absent = tally === undefined ? text.consensus.notSeen : kind === 'decided' ? text.consensus.notNeeded : text.consensus.notVoted;
  return { votes: votesByMember(tally ?? []), absent };
}

function Vote({ phase, member }: { readonly phase: Phase; readonly member: string }) {
  const vote = phase.votes.get(member) ?? 'absent';
  const words: Record<MemberVote, string> = { block: text.consensus.voted, none: text.consensus.votedNone, absent: phase.absent };
  return <StatusWord tone={tones[vote]}>{words[vote]}</StatusWord>;
}

interface MemberVotesProps {
  readonly votes: ShownVotes;
  readonly members: TopicValue<'consensus'>['members'];
  /** Of the whole snapshot: a list of thousands would hide what it shows, while the bars count everybody. */
  readonly memberCount: number;
}

export function MemberVotes({ votes, members, memberCount }: MemberVotesProps) {
  const prevotes = phaseOf(votes.kind, votes.prevotes);
  const precommits = phaseOf(votes.kind, votes.precommits);
  return (
    <>
      <TableScroll>
        <table className="table member-votes">
          <thead>
            <tr>
              <th scope="col">{text.consensus.member}</th>
              <th scope="col" className="number">
                {text.consensus.weight}
              </th>
              <th scope="col">{text.consensus.prevoted}</th>
              <th scope="col">{text.consensus.precommitted}</th>
            </tr>
          </thead>
          <tbody>
            {members.map((member) => (
              <tr key={member.nodeid}>
                <td>
                  <span className="line member-name">
                    <Hash value={member.nodeid} copyable={false} />
                    {member.self && <span className="tag">{text.common.thisNode}</span>}
                    {!member.self && !member.connected && <span className="tag warning">{text.consensus.notConnected}</span>}
                  </span>
                </td>
                <td className="number">{formatCount(member.weight)}</td>
                <td>
                  <Vote phase={prevotes} member={member.nodeid} />
                </td>
                <td>
                  <Vote phase={precommits} member={member.nodeid} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableScroll>
      {memberCount > members.length && <p className="muted small">{text.consensus.moreMembers(memberCount - members.length)}</p>}
    </>
  );
}
