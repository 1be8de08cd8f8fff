import { everyAlert } from '../../fixtures/preview-alerts.ts';
import type { PreviewNode } from '../../fixtures/preview-node.ts';
import { healthyPeers } from '../../fixtures/preview-peers.ts';
import { healthyConsensus, healthyOverview } from '../../fixtures/preview-views.ts';
import type { Scene } from '../scene.ts';

const saysNothing = (node: PreviewNode): void => {
  for (const topic of ['overview', 'health', 'peers', 'network', 'consensus', 'wallet'] as const) node.loseNext(topic);
};

const scene = (state: string, part: Omit<Scene, 'page' | 'state'> = {}): Scene => ({ page: 'overview', state, ...part });

export const overviewScenes: readonly Scene[] = [
  scene('good'),
  scene('wallet-only', { say: (node, nowMs) => node.publish('overview', { ...healthyOverview(nowMs), masternode: null }) }),
  scene('loading', { say: saysNothing }),
  scene('new', {
    say: (node, nowMs) => {
      const overview = healthyOverview(nowMs);
      node.publish('overview', {
        ...overview,
        height: 0,
        tiptimems: nowMs - 8_000,
        peers: { inbound: 0, outbound: 0, masternodes: 0 },
        clock: { state: 'unknown', members: 0 },
        reachability: 'unknown',
        finality: { samples: [] },
        mempool: { size: 0, bytes: 0 },
        votespersecond: 0,
        balance: '0.00000000',
      });
      node.publish('consensus', { ...healthyConsensus(nowMs), voting: [], blocks: [] });
      node.publish('health', { verdict: 'attention', alerts: [{ code: 'starting', severity: 'notice', sincems: nowMs - 8_000 }], nowms: nowMs });
    },
  }),
  scene('syncing', {
    say: (node, nowMs) => {
      node.publish('overview', { ...healthyOverview(nowMs), height: 181_204, tiptimems: nowMs - 86_400_000 * 3, behind: 25_920 });
      node.publish('health', {
        verdict: 'attention',
        alerts: [{ code: 'behind', severity: 'warning', sincems: nowMs - 65_000, blocks: 25_920 }],
        nowms: nowMs,
      });
    },
  }),
  scene('one-payment', {
    say: (node, nowMs) => {
      const overview = healthyOverview(nowMs);
      node.publish('overview', { ...overview, finality: { samples: [{ atms: nowMs - 90_000, finalafterms: 12.4 }], medianms: 12.4, p99ms: 12.4 } });
    },
  }),
  scene('slow-payments', {
    say: (node, nowMs) => {
      const samples = Array.from({ length: 100 }, (_, i) => ({
        atms: nowMs - (100 - i) * 900,
        finalafterms: 180 + ((i * 37) % 230) * (i % 11 === 0 ? 24 : 1),
      }));
      node.publish('overview', { ...healthyOverview(nowMs), finality: { samples, medianms: 294, p99ms: 6_400 }, votespersecond: 12_480 });
    },
  }),
  scene('halted', {
    say: (node, nowMs) => {
      const [halted] = everyAlert(nowMs - 3_600_000);
      if (halted !== undefined) node.publish('health', { verdict: 'bad', alerts: [halted], nowms: nowMs });
    },
  }),
  scene('every-alert', { say: (node, nowMs) => node.publish('health', { verdict: 'bad', alerts: everyAlert(nowMs - 61_000), nowms: nowMs }) }),
  scene('repair', {
    say: (node, nowMs) => {
      const damaged = everyAlert(nowMs - 61_000).filter(({ code }) => code === 'database-damaged');
      node.publish('health', { verdict: 'bad', alerts: damaged, nowms: nowMs });
    },
    reach: (browser) => browser.getByRole('main').getByTestId('repair').click(),
  }),
  scene('not-launched', {
    say: (node, nowMs) => {
      const overview = healthyOverview(nowMs);
      node.publish('overview', { ...overview, chain: 'mainnet', practice: false, height: 0, masternode: null, finality: { samples: [] }, votespersecond: 0 });
      const { info, ...consensus } = healthyConsensus(nowMs);
      node.publish('consensus', { ...consensus, info: { ...info, totalweight: 0 }, members: [], membercount: 0, voting: [], blocks: [] });
      node.publish('health', { verdict: 'attention', alerts: everyAlert(nowMs - 61_000).filter(({ code }) => code === 'not-launched'), nowms: nowMs });
    },
  }),
  scene('alert-list', {
    say: (node, nowMs) => node.publish('health', { verdict: 'bad', alerts: everyAlert(nowMs - 61_000), nowms: nowMs }),
    reach: (browser) => browser.getByTestId('alerts-open').click(),
  }),
  scene('no-alert-list', { reach: (browser) => browser.getByTestId('alerts-open').click() }),
  {
    page: 'wallet',
    state: 'new-alert',
    reach: async (browser, node) => {
      await browser.getByTestId('balance-spendable').waitFor();
      const nowMs = Date.now();
      node.publish('health', {
        verdict: 'bad',
        alerts: [
          { code: 'no-peers', severity: 'critical', sincems: nowMs, keyelsewhere: false },
          { code: 'behind', severity: 'warning', sincems: nowMs, blocks: 7 },
        ],
        nowms: nowMs,
      });
      await browser.getByTestId('toast').first().waitFor();
    },
  },
  scene('many-peers', {
    say: (node, nowMs) => {
      node.publish('overview', {
        ...healthyOverview(nowMs),
        peers: { inbound: 470, outbound: 30, masternodes: 125, medianrttms: 142.7 },
        balance: '21000000.12345678',
      });
      node.publish('peers', healthyPeers(nowMs, 500));
    },
  }),
  scene('disconnected', {
    reach: async (browser, node) => {
      await browser.getByTestId('verdict').waitFor();
      node.disconnect(true);
      await browser.getByTestId('disconnected').waitFor();
    },
  }),
  scene('stopped', {
    reach: async (browser, node) => {
      await browser.getByTestId('verdict').waitFor();
      await node.close();
      await browser.getByTestId('disconnected').waitFor();
    },
  }),
  scene('port-closed-clock-off', {
    say: (node, nowMs) => {
      node.publish('overview', { ...healthyOverview(nowMs), reachability: 'unreachable', clock: { state: 'warning', timeoffset: 6.2, members: 3 } });
      node.publish('health', {
        verdict: 'attention',
        alerts: [
          { code: 'unreachable', severity: 'warning', sincems: nowMs - 9_000, address: '198.51.100.20:24000' },
          { code: 'clock-off', severity: 'warning', sincems: nowMs - 9_000, timeoffset: 6.2 },
        ],
        nowms: nowMs,
      });
    },
  }),
];
