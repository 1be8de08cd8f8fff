import { useConsensus } from '../../stores/topics.ts';
import { text } from '../../text/text.ts';
import { LoadingPanel } from '../../ui/state-panel.tsx';
import { MemberVotes } from './member-votes.tsx';
import { RecentBlocks } from './recent-blocks.tsx';
import { RoundFacts, Tally } from './round-card.tsx';
import { VotingTransactions } from './voting-transactions.tsx';
import './consensus.css';

export function ConsensusPage() {
  const view = useConsensus();
  return (
    <div className="page">
      <div className="page-head">
        <h1 tabIndex={-1}>{text.pages.consensus}</h1>
        {view !== undefined && !view.info.voting && <span className="muted">{text.consensus.observing}</span>}
      </div>
      {view === undefined ? (
        <LoadingPanel />
      ) : (
        <>
          <RoundFacts info={view.info} />
          <div className="consensus-columns">
            <section className="card">
              <div className="card-head">
                <h2>{text.consensus.votes}</h2>
              </div>
              <Tally name={text.consensus.prevotes} tally={view.info.prevotes} totalWeight={view.info.totalweight} memberCount={view.members.length} />
              <Tally name={text.consensus.precommits} tally={view.info.precommits} totalWeight={view.info.totalweight} memberCount={view.members.length} />
              <MemberVotes info={view.info} members={view.members} />
            </section>
            <VotingTransactions voting={view.voting} totalWeight={view.info.totalweight} />
          </div>
          <RecentBlocks blocks={view.blocks} self={view.info.self} />
        </>
      )}
    </div>
  );
}
