import { decidedConsensus, healthyConsensus, hexOf, votesFor } from '../../fixtures/preview-views.ts';
import type { Scene } from '../scene.ts';

const scene = (state: string, part: Omit<Scene, 'page' | 'state'> = {}): Scene => ({ page: 'consensus', state, ...part });

export const consensusScenes: readonly Scene[] = [
  scene('voting'),
  scene('loading', {
    // The overview has heard it already.
    reach: async (browser, node) => {
      await browser.getByTestId('votes').waitFor();
      node.loseNext('consensus');
      await browser.reload();
      await browser.getByRole('main').waitFor();
    },
  }),
  scene('decided', { say: (node, nowMs) => node.publish('consensus', decidedConsensus(nowMs)) }),
  scene('nothing-yet', {
    say: (node, nowMs) => {
      const { info, ...rest } = healthyConsensus(nowMs);
      node.publish('consensus', { ...rest, info: { ...info, height: 1, step: 'waiting', prevotes: [], precommits: [] }, blocks: [], voting: [] });
    },
  }),
  scene('not-launched', {
    say: (node, nowMs) => {
      const { info, blocks, ...rest } = healthyConsensus(nowMs);
      const nobody = { totalweight: 0, proposer: null, nextslot: nowMs - 60_000, voting: false, signing: 'off' } as const;
      const waiting = { ...info, ...nobody, height: 1, step: 'waiting' as const, prevotes: [], precommits: [] };
      const first = blocks.slice(0, 1).map(({ decidems: _, ...block }) => ({ ...block, height: 0, transactions: 1 }));
      node.publish('consensus', { ...rest, info: waiting, members: [], membercount: 0, blocks: first, voting: [] });
    },
  }),
  scene('silent', {
    say: (node, nowMs) => {
      const { info, ...rest } = healthyConsensus(nowMs);
      node.publish('consensus', { ...rest, info: { ...info, voting: false, signing: 'restored-old-copy' } });
    },
  }),
  scene('later-round', {
    say: (node, nowMs) => {
      const { info, ...rest } = healthyConsensus(nowMs);
      const precommits = [
        votesFor(
          null,
          rest.members.slice(0, 2).map(({ nodeid }) => nodeid),
        ),
      ];
      node.publish('consensus', { ...rest, info: { ...info, round: 7, step: 'prevote', prevotes: precommits, precommits } });
    },
  }),
  scene('evidence', {
    say: (node) =>
      node.answer('getevidence', () =>
        [5, 3].map((height) => ({
          hash: hexOf(`evidence ${height}`),
          nodeid: hexOf('node 3'),
          description: `two precommits of height ${height}, round 0: ${hexOf('one')} and ${hexOf('another')}`,
          contradiction: { kind: 'block-votes', phase: 'precommit', height, round: 0, blockhashes: [hexOf('one'), hexOf('another')] },
          proof: '00',
        })),
      ),
    shows: (browser) => browser.getByTestId('evidence-row').last(),
  }),
  scene('many', {
    say: (node, nowMs) => {
      const usual = healthyConsensus(nowMs);
      const [member] = usual.members;
      const [payment] = usual.voting;
      if (member === undefined || payment === undefined) return;
      node.publish('consensus', {
        ...usual,
        membercount: 120,
        members: Array.from({ length: 20 }, (_, i) => ({ ...member, nodeid: i === 0 ? member.nodeid : hexOf(`member ${i}`), self: i === 0 })),
        voting: Array.from({ length: 100 }, (_, i) => ({ ...payment, txid: hexOf(`payment ${i}`), acceptweight: (i * 7) % 40 })),
      });
    },
  }),
];
