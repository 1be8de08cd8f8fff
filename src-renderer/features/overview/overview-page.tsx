import type { TopicValue } from '../../../src-shared/api/topics.ts';
import { useConsensus, useHealth, useOverview } from '../../stores/topics.ts';
import { formatCount } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { Ago } from '../../ui/ago.tsx';
import { useNodeNow } from '../../ui/clock.ts';
import { Hash } from '../../ui/hash.tsx';
import { Page } from '../../ui/page.tsx';
import { StatTile } from '../../ui/stat-tile.tsx';
import { LoadingPanel } from '../../ui/state-panel.tsx';
import { CatchingUp } from './catching-up.tsx';
import { FinalityCard } from './finality-card.tsx';
import { Verdict } from './verdict.tsx';
import { VotingNow } from './voting-now.tsx';
import './overview.css';

type Overview = TopicValue<'overview'>;

function HeightCard({ overview }: { readonly overview: Overview }) {
  const now = useNodeNow();
  const launched = useHealth()?.alerts.every(({ code }) => code !== 'not-launched') ?? true;
  return (
    <StatTile
      name={text.overview.height}
      figure={
        <span data-testid="height" data-height={overview.height}>
          {formatCount(overview.height)}
        </span>
      }
    >
      <p className={overview.behind > 0 ? 'warning' : ''} data-testid="sync">
        {overview.behind > 0 ? text.overview.behind(overview.behind) : launched ? text.overview.inSync : text.overview.genesisOnly}
      </p>
      {overview.behind > 1 && <CatchingUp overview={overview} />}
      <p className="muted">
        {text.overview.lastBlock} <Ago atMs={overview.tiptimems} /> ·{' '}
        {launched ? text.overview.nextBlock(overview.nextslotms - now) : text.overview.notLaunched}
      </p>
    </StatTile>
  );
}

function PeersCard({ overview: { peers, reachability, clock, practice } }: { readonly overview: Overview }) {
  return (
    <StatTile name={text.overview.peers} figure={formatCount(peers.inbound + peers.outbound)}>
      <p>
        {text.overview.directions(peers.inbound, peers.outbound)} <span className="muted">· {text.overview.masternodesAmong(peers.masternodes)}</span>
      </p>
      <p className="muted">{peers.medianrttms === undefined ? text.overview.noRtt : text.overview.medianRtt(peers.medianrttms)}</p>
      <p className="muted">
        {!(practice && reachability === 'unknown') && (
          <>
            <span className={reachability === 'unreachable' ? 'warning' : ''}>{text.overview.ports[reachability]}</span> ·{' '}
          </>
        )}
        <span className={clock.state === 'warning' || clock.state === 'stopped' ? 'warning' : ''} title={text.overview.clockMeans}>
          {text.overview.clock(clock.timeoffset)}
        </span>
      </p>
    </StatTile>
  );
}

function MasternodeCard({ overview: { masternode } }: { readonly overview: Overview }) {
  const consensus = useConsensus();
  return (
    <StatTile name={text.overview.masternode} figure={masternode === null ? text.overview.noMasternode : text.tiers[masternode.tier]}>
      {masternode === null ? (
        <p className="muted">{text.overview.noMasternodeNext}</p>
      ) : (
        <>
          <p>{text.overview.weight(masternode.weight, consensus?.info.totalweight)}</p>
          <p className="muted line">
            {text.overview.rewardsTo} <Hash value={masternode.rewardaddress} head={8} />
          </p>
        </>
      )}
    </StatTile>
  );
}

function Figures({ overview: { mempool, votespersecond } }: { readonly overview: Overview }) {
  return (
    <section className="card overview-small">
      <div>
        <h2 className="card-label">{text.overview.mempool}</h2>
        <p>
          <strong>{formatCount(mempool.size)}</strong> <span className="muted">· {text.overview.mempoolBytes(mempool.bytes)}</span>
        </p>
      </div>
      <div>
        <h2 className="card-label">{text.overview.votes}</h2>
        <p>
          <strong>{text.overview.perSecond(votespersecond)}</strong>
        </p>
      </div>
    </section>
  );
}

export function OverviewPage() {
  const overview = useOverview();
  return (
    <Page title={text.pages.overview} titleUnseen>
      {overview === undefined ? (
        <LoadingPanel />
      ) : (
        <>
          <Verdict overview={overview} />
          <div className="overview-cards">
            <HeightCard overview={overview} />
            <PeersCard overview={overview} />
            <MasternodeCard overview={overview} />
          </div>
          <FinalityCard finality={overview.finality} />
          <div className="overview-bottom">
            <VotingNow />
            <Figures overview={overview} />
          </div>
        </>
      )}
    </Page>
  );
}
