import { counted } from '../counted.ts';
import { formatBytes, formatCount, formatDuration, formatShare, formatUntil } from '../format.ts';
import { peersText } from './peers.ts';

export const overviewText = {
  height: 'Height',
  inSync: 'In sync',
  genesisOnly: 'Only the network’s first block',
  notLaunched: 'more after the launch',
  behind: (blocks: number) => `${counted(blocks, 'block', 'blocks')} behind`,
  lastBlock: 'block',
  nextBlock: (ms: number) => (ms <= 0 ? 'next is due' : `next in ${formatUntil(ms)}`),
  peers: 'Peers',
  directions: (inbound: number, outbound: number) => `${formatCount(inbound)} in · ${formatCount(outbound)} out`,
  masternodesAmong: (count: number) => counted(count, 'masternode', 'masternodes'),
  medianRtt: (ms: number) => `median RTT ${formatDuration(ms)}`,
  noRtt: 'RTT not measured yet',
  ports: {
    unknown: 'port not checked yet',
    checking: 'port being checked',
    reachable: 'port open',
    unreachable: 'port closed',
    'not-listening': 'takes no connections',
  },
  clock: (seconds: number | undefined) => (seconds === undefined ? 'clock not compared yet' : `clock ${peersText.clockAlone(seconds)}`),
  clockMeans: 'This machine’s clock, against the masternodes’: the median by weight',
  masternode: 'My masternode',
  noMasternode: 'None',
  noMasternodeNext: 'This node follows and checks, and has no vote.',
  weight: (weight: number, total: number | undefined) =>
    total === undefined ? `weight ${formatCount(weight)}` : `weight ${formatCount(weight)} of ${formatCount(total)} · ${formatShare(weight, total)}`,
  rewardsTo: 'rewards to',
  finality: (count: number) => (count === 1 ? 'Finality, last payment' : `Finality, last ${count === 0 ? '' : `${formatCount(count)} `}payments`),
  median: 'median',
  p99: '99th percentile',
  limit: 'limit 3,000 ms',
  axisUnit: 'ms',
  chartSummary: (count: number, median: string, p99: string) =>
    `Time to finality of the last ${formatCount(count)} payments: median ${median}, 99th percentile ${p99}.`,
  noFinality: { what: 'No payment has become final here yet.', next: 'Send one in Wallet, and see how long it takes.' },
  sample: (duration: string) => `final after ${duration}`,
  mempool: 'Payments waiting',
  mempoolBytes: (bytes: number) => formatBytes(bytes),
  votes: 'Votes',
  perSecond: (rate: number) => `${rate > 0 && rate < 10 ? rate.toFixed(1) : formatCount(rate)} per second`,
  votingNow: 'Latest payments',
  nothingVoting: 'No payment is being voted on.',
};
