import { answerLogs } from '../../fixtures/preview-logs.ts';
import { never, type Scene } from '../scene.ts';

const scene = (state: string, part: Omit<Scene, 'page' | 'state'> = {}): Scene => ({ page: 'logs', state, ...part });

export const logsScenes: readonly Scene[] = [
  scene('first'),
  scene('many', { say: (node) => answerLogs(node).burst(30_000) }),
  scene('detail', { reach: (browser) => browser.getByTestId('log-line').last().click() }),
  scene('nothing-yet', { say: (node, nowMs) => node.publish('log', { startedms: nowMs, first: 1, last: 0, level: 'error', nowms: nowMs }) }),
  scene('loading', { say: (node) => node.answer('getlogs', never) }),
  scene('no-match', { reach: (browser) => browser.getByRole('searchbox').fill('nothing like it') }),
  scene('scrolled-up', {
    say: (node) => answerLogs(node).burst(400),
    reach: async (browser) => {
      await browser.getByTestId('log-line').last().hover();
      await browser.mouse.wheel(0, -2_000);
      await browser.getByTestId('log-follow').waitFor();
    },
  }),
];
