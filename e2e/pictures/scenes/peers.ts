import { Refusal } from '../../fixtures/preview-node.ts';
import { healthyNetwork, healthyPeers, peerDetails } from '../../fixtures/preview-peers.ts';
import { never, type Scene } from '../scene.ts';

const scene = (state: string, part: Omit<Scene, 'page' | 'state'> = {}): Scene => ({ page: 'peers', state, ...part });
const crowd: NonNullable<Scene['say']> = (node, nowMs) => {
  const peers = healthyPeers(nowMs, 500);
  node.publish('peers', peers);
  node.answer('getpeerinfo', ({ id }) => peerDetails(peers.peers.find((peer) => peer.id === id)));
};
const nobody: NonNullable<Scene['say']> = (node, nowMs) => {
  const { states, ...rest } = healthyPeers(nowMs);
  node.publish('peers', {
    ...rest,
    peers: [],
    waiting: [],
    states: { ...states, connected: 0, dialing: 0, handshaking: 0, backoff: 0, known: 0, givenUp: 0, banned: 0 },
  });
  const network = healthyNetwork(nowMs);
  node.publish('network', {
    ...network,
    observed: [],
    bans: [],
    history: [],
    violations: [],
    traffic: { bytessent: 0, bytesrecv: 0, messages: [], samples: [] },
  });
};

export const peersScenes: readonly Scene[] = [
  scene('connected'),
  scene('many', { say: crowd }),
  scene('connected-nobody', { say: nobody }),
  scene('no-match', { say: crowd, reach: (browser) => browser.getByRole('searchbox').fill('nowhere') }),
  scene('columns', { reach: (browser) => browser.getByTestId('columns-open').click() }),
  scene('add', { reach: (browser) => browser.getByTestId('peer-add').click() }),
  scene('add-wrong', {
    reach: async (browser) => {
      await browser.getByTestId('peer-add').click();
      await browser.getByTestId('peer-add-address').fill('203.0.113.5');
    },
  }),
  scene('add-refused', {
    say: (node) =>
      node.answer('addnode', () => {
        throw new Refusal('node-already-added', 'already there');
      }),
    reach: async (browser) => {
      await browser.getByTestId('peer-add').click();
      await browser.getByTestId('peer-add-address').fill('203.0.113.5:24100');
      await browser.getByTestId('peer-add-confirm').click();
      await browser.getByRole('dialog').getByRole('alert').waitFor();
    },
  }),
  scene('panel', {
    reach: async (browser) => {
      await browser.getByTestId('peer-row').nth(2).click();
      await browser.getByRole('dialog').waitFor();
    },
  }),
  scene('panel-end', {
    reach: async (browser) => {
      await browser.getByTestId('peer-row').nth(2).click();
      await browser.getByRole('dialog').waitFor();
    },
    shows: (browser) => browser.getByRole('dialog').locator('table').last(),
  }),
  scene('panel-ban', {
    reach: async (browser) => {
      await browser.getByTestId('peer-row').nth(2).click();
      await browser.getByTestId('peer-ban').click();
    },
  }),
  scene('panel-loading', {
    say: (node) => {
      node.answer('getpeerinfo', never);
      node.answer('getconnectionhistory', never);
    },
    reach: (browser) => browser.getByTestId('peer-row').nth(2).click(),
  }),
  scene('known', { query: '?show=known' }),
  scene('known-nobody', { query: '?show=known', say: nobody }),
  scene('banned', { query: '?show=banned' }),
  scene('banned-nobody', { query: '?show=banned', say: nobody }),
  scene('history', { query: '?show=history' }),
  scene('history-nothing', { query: '?show=history', say: nobody }),
  scene('network', { query: '?show=network' }),
  scene('network-many', { query: '?show=network', say: crowd }),
  scene('network-closed', {
    query: '?show=network',
    say: (node, nowMs) =>
      node.publish('network', {
        ...healthyNetwork(nowMs),
        reachability: { state: 'unreachable', address: '198.51.100.20:24000', checkedms: nowMs - 9_000 },
        portmapping: { state: 'failed', error: 'no router answers', nexttryms: nowMs + 60_000 },
        clock: { state: 'stopped', timeoffset: -21.4, members: 4 },
        observed: [],
      }),
  }),
  scene('traffic', { query: '?show=traffic' }),
  scene('traffic-nothing', { query: '?show=traffic', say: nobody }),
];
