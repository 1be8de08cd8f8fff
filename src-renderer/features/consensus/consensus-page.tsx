import type { TopicValue } from '../../../src-shared/api/topics.ts';
import { useConsensus } from '../../stores/topics.ts';
import { text } from '../../text/text.ts';
import { Page } from '../../ui/page.tsx';
import { LoadingPanel } from '../../ui/state-panel.tsx';
import { EvidenceCard } from './evidence-card.tsx';
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
    <Page title={text.pages.consensus} tools={view !== undefined && !view.info.voting && <span className="muted">{silenceOf(view.info.signing)}</span>}>
      {view === undefined ? (
        <LoadingPanel />
      ) : (
        <>
          <RoundFacts info={view.info} />
          <div className="consensus-columns">
            <VotesCard info={view.info} members={view.members} membercount={view.membercount} />
            <VotingTransactions voting={view.voting} totalWeight={view.info.totalweight} />
          </div>
          <EvidenceCard />
          <RecentBlocks blocks={view.blocks} self={view.info.self} />
        </>
      )}
    </Page>
  );
}
