import { useMemo } from 'react';
import type { AlertCode } from '../../../src-shared/api/methods/health.ts';
import type { TopicValue } from '../../../src-shared/api/topics.ts';
import { useConsensus, useHealth, useOverview } from '../../stores/topics.ts';
import { formatCount } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { Ago } from '../../ui/ago.tsx';
import { BlockHeight } from '../../ui/block-height.tsx';
import { useNodeNow } from '../../ui/clock.ts';
import { Page } from '../../ui/page.tsx';
import { StatTile } from '../../ui/stat-tile.tsx';
import { LoadingPanel } from '../../ui/state-panel.tsx';
import { StatusWord } from '../../ui/status-word.tsx';
import { stateTones } from '../masternodes/masternode-tones.ts';
import { RewardAmount, useRewards } from '../masternodes/reward-amount.tsx';
import { CatchingUp } from './catching-up.tsx';
import { FinalityCard } from './finality-card.tsx';
import { Verdict } from './verdict.tsx';
import { VotingNow } from './voting-now.tsx';
import './overview.css';

type Overview = TopicValue<'overview'>;

type AlertCodes = ReadonlySet<AlertCode>;
const noAlerts: AlertCodes = new Set();

/** What holds now. */
function useAlertCodes(): AlertCodes {
  const health = useHealth();
  return useMemo(() => (health === undefined ? noAlerts : new Set(health.alerts.map(({ code }) => code))), [health]);
}

/** While one of these holds the node signs nothing, whatever its turn. */
const silencing: readonly AlertCode[] = ['halted', 'after-revert', 'own-key-elsewhere', 'restored-old-copy', 'disk-full', 'disk-hangs', 'listening'];

/** Who is heard by nobody cannot know how far the others are, and who has stopped does not follow them. */
function syncWords({ behind, peers }: Overview, alerts: AlertCodes): string {
  if (alerts.has('halted')) return text.overview.halted;
  if (behind > 0) return text.overview.behind(behind);
  if (alerts.has('not-launched')) return text.overview.genesisOnly;
  return peers.inbound + peers.outbound === 0 ? text.overview.notCompared : text.overview.inSync;
}

/** While blocks of long ago are fetched, the next one to be decided is no news. */
function nextWords({ behind, nextslotms }: Overview, alerts: AlertCodes, nowMs: number): string {
  if (alerts.has('halted')) return '';
  if (alerts.has('not-launched')) return ` · ${text.overview.notLaunched}`;
  return behind > 1 ? '' : ` · ${text.overview.nextBlock(nextslotms - nowMs)}`;
}

function HeightCard({ overview }: { readonly overview: Overview }) {
  const now = useNodeNow();
  const alerts = useAlertCodes();
  return (
    <StatTile
      name={text.overview.height}
      figure={
        <span data-testid="height" data-height={overview.height}>
          <BlockHeight height={overview.height} />
        </span>
      }
    >
      <p className={overview.behind > 0 || alerts.has('halted') ? 'warning' : ''} data-testid="sync">
        {syncWords(overview, alerts)}
      </p>
      {overview.behind > 1 && <CatchingUp overview={overview} />}
      <p className="muted">
        {text.overview.lastBlock} <Ago atMs={overview.tiptimems} />
        {nextWords(overview, alerts, now)}
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

function Rewards({ address }: { readonly address: string }) {
  const rewards = useRewards(address);
  return (
    <p className="muted">
      {text.overview.rewardsToday} <RewardAmount rewards={rewards} of="today" />
      <br />
      {text.overview.rewardsTotal} <RewardAmount rewards={rewards} of="total" />
    </p>
  );
}

/** Its turn, if it would take it. */
function turnWords({ nextproposalms, weight }: NonNullable<Overview['masternode']>, totalWeight: number | undefined, nowMs: number): string {
  return nextproposalms === undefined ? text.overview.weight(weight, totalWeight) : text.overview.nextProposal(nextproposalms - nowMs);
}

function MasternodeCard({ overview: { masternode } }: { readonly overview: Overview }) {
  const alerts = useAlertCodes();
  const consensus = useConsensus();
  const now = useNodeNow();
  return (
    <StatTile name={text.overview.masternode} figure={masternode === null ? text.overview.noMasternode : text.tiers[masternode.tier]}>
      {masternode === null ? (
        <p className="muted">{text.overview.noMasternodeNext}</p>
      ) : (
        <>
          <p className="line">
            <StatusWord tone={stateTones[masternode.status]}>{text.masternodes.states[masternode.status]}</StatusWord>
            {masternode.percent !== undefined && (
              <span className={masternode.percent < masternode.needed ? 'warning' : 'muted'} title={text.overview.participationMeans}>
                {text.overview.participation(masternode.percent, masternode.needed)}
              </span>
            )}
          </p>
          {silencing.some((code) => alerts.has(code)) ? (
            <p className="warning">{text.overview.signsNothing}</p>
          ) : (
            <p className="muted">{turnWords(masternode, consensus?.info.totalweight, now)}</p>
          )}
          <Rewards address={masternode.rewardaddress} />
        </>
      )}
    </StatTile>
  );
}

function Figures({ overview: { mempool, votespersecond, freediskbytes } }: { readonly overview: Overview }) {
  return (
    <dl className="card overview-small">
      <dt>{text.overview.mempool}</dt>
      <dd>
        {formatCount(mempool.size)} <span className="muted">· {text.overview.mempoolBytes(mempool.bytes)}</span>
      </dd>
      <dt>{text.overview.votes}</dt>
      <dd>{text.overview.voteRate(votespersecond)}</dd>
      {freediskbytes !== undefined && (
        <>
          <dt>{text.overview.disk}</dt>
          <dd>{text.overview.diskFree(freediskbytes)}</dd>
        </>
      )}
    </dl>
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
