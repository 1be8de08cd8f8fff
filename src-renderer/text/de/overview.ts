import { counted } from '../counted.ts';
import type { overviewText as english } from '../en/overview.ts';
import { formatBytes, formatCount, formatDuration, formatShare, formatUntil } from '../format.ts';
import { peersText } from './peers.ts';

const perSecond = new Intl.NumberFormat('de', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

export const overviewText: typeof english = {
  height: 'Höhe',
  inSync: 'Auf dem Stand',
  genesisOnly: 'Nur der erste Block des Netzes',
  notLaunched: 'weitere nach dem Start',
  behind: (blocks) => `${counted(blocks, 'Block', 'Blöcke')} zurück`,
  lastBlock: 'Block',
  nextBlock: (ms) => (ms <= 0 ? 'nächster ist fällig' : `nächster in ${formatUntil(ms)}`),
  peers: 'Peers',
  directions: (inbound, outbound) => `${formatCount(inbound)} ein · ${formatCount(outbound)} aus`,
  masternodesAmong: (count) => counted(count, 'Masternode', 'Masternodes'),
  medianRtt: (ms) => `RTT im Median ${formatDuration(ms)}`,
  noRtt: 'RTT noch nicht gemessen',
  ports: {
    unknown: 'Port noch nicht geprüft',
    checking: 'Port wird geprüft',
    reachable: 'Port offen',
    unreachable: 'Port zu',
    'not-listening': 'nimmt keine Verbindungen an',
  },
  clock: (seconds) => (seconds === undefined ? 'Uhr noch nicht verglichen' : `Uhr ${peersText.clockAlone(seconds)}`),
  clockMeans: 'Die Uhr dieses Rechners gegen die der Masternodes: der Median nach Gewicht',
  masternode: 'Mein Masternode',
  noMasternode: 'Keiner',
  noMasternodeNext: 'Dieser Knoten folgt und prüft, und hat keine Stimme.',
  weight: (weight, total) =>
    total === undefined ? `Gewicht ${formatCount(weight)}` : `Gewicht ${formatCount(weight)} von ${formatCount(total)} · ${formatShare(weight, total)}`,
  rewardsTo: 'Belohnungen an',
  finality: (count) => (count === 1 ? 'Endgültigkeit, letzte Zahlung' : `Endgültigkeit, letzte ${count === 0 ? '' : `${formatCount(count)} `}Zahlungen`),
  median: 'Median',
  p99: '99. Perzentil',
  limit: 'Grenze 3.000 ms',
  axisUnit: 'ms',
  chartSummary: (count, median, p99) => `Zeit bis zur Endgültigkeit der letzten ${formatCount(count)} Zahlungen: Median ${median}, 99. Perzentil ${p99}.`,
  noFinality: { what: 'Hier ist noch keine Zahlung endgültig geworden.', next: 'Senden Sie eine unter Wallet, und sehen Sie, wie lange sie braucht.' },
  sample: (duration) => `endgültig nach ${duration}`,
  mempool: 'Wartende Zahlungen',
  mempoolBytes: (bytes) => formatBytes(bytes),
  votes: 'Stimmen',
  perSecond: (rate) => `${rate > 0 && rate < 10 ? perSecond.format(rate) : formatCount(rate)} pro Sekunde`,
  votingNow: 'Neueste Zahlungen',
  nothingVoting: 'Über keine Zahlung wird abgestimmt.',
};
