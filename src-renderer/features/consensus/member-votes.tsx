import type { TopicValue } from '../../../src-shared/api/topics.ts';
import { formatCount } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { Hash } from '../../ui/hash.tsx';
import { EmptyPanel } from '../../ui/state-panel.tsx';
import { StatusWord, type Tone } from '../../ui/status-word.tsx';
import { type MemberVote, votesByMember } from './vote-summary.ts';

/** A list of thousands would hide what it shows; the bars count everybody. */
const maxShown = 20;
const words: Record<MemberVote, string> = { block: text.consensus.voted, none: text.consensus.votedNone, 'not-yet': text.consensus.notVoted };
const tones: Record<MemberVote, Tone> = { block: 'good', none: 'warning', 'not-yet': 'muted' };

function Vote({ vote }: { readonly vote: MemberVote }) {
  return <StatusWord tone={tones[vote]}>{words[vote]}</StatusWord>;
}

interface MemberVotesProps {
  readonly info: TopicValue<'consensus'>['info'];
  readonly members: TopicValue<'consensus'>['members'];
}

export function MemberVotes({ info, members }: MemberVotesProps) {
  const prevotes = votesByMember(info.prevotes);
  const precommits = votesByMember(info.precommits);
  if (members.length === 0) return <EmptyPanel advice={text.consensus.noMembers} />;
  return (
    <>
      <div className="table-scroll">
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
            {members.slice(0, maxShown).map((member) => (
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
                  <Vote vote={prevotes.get(member.nodeid) ?? 'not-yet'} />
                </td>
                <td>
                  <Vote vote={precommits.get(member.nodeid) ?? 'not-yet'} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {members.length > maxShown && <p className="muted small">{text.consensus.moreMembers(members.length - maxShown)}</p>}
    </>
  );
}
