import type { TopicValue } from '../../../src-shared/api/topics.ts';
import { useConsensus } from '../../stores/topics.ts';
import { text } from '../../text/text.ts';
import { LoadingPanel } from '../../ui/state-panel.tsx';
import { RecentBlocks } from './recent-blocks.tsx';
import { RoundFacts } from './round-facts.tsx';
import { VotesCard } from './votes-card.tsx';
import { VotingTransactions } from './voting-transactions.tsx';
import './consensus.css';

type Signing = TopicValue<'consensus'>['info']['signing'];
/** Why it does not vote. */
const silenceOf = (signing: Signing): string => (signing === 'off' || signing === 'signing' ? text.consensus.observing : text.consensus.silent[signing]);

export function ConsensusPage() {
  const view = useConsensus();
  return (
    <div className="page">
      <div className="page-head">
        <h1 tabIndex={-1}>{text.pages.consensus}</h1>
        {view !== undefined && !view.info.voting && <span className="muted">{silenceOf(view.info.signing)}</span>}
      </div>
      {view === undefined ? (
        <LoadingPanel />
      ) : (
        <>
          <RoundFacts info={view.info} />
          <div className="consensus-columns">
            <VotesCard info={view.info} members={view.members} />
            <VotingTransactions voting={view.voting} totalWeight={view.info.totalweight} />
          </div>
          <RecentBlocks blocks={view.blocks} self={view.info.self} />
        </>
      )}
    </div>
  );
}
