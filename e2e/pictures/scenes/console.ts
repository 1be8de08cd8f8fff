import type { Page as Browser } from '@playwright/test';
import { hexOf } from '../../fixtures/preview-views.ts';
import { never, type Scene } from '../scene.ts';

const type = async (browser: Browser, lines: readonly string[]): Promise<void> => {
  await browser.getByTestId('console-warned').click();
  for (const line of lines) {
    await browser.getByTestId('console-input').fill(line);
    await browser.getByTestId('console-input').press('Enter');
  }
};
const scene = (state: string, reach?: Scene['reach']): Scene => ({
  page: 'console',
  state,
  say: (node) => node.answer('getblockhash', () => hexOf('block 5')),
  ...(reach === undefined ? {} : { reach }),
});

export const consoleScenes: readonly Scene[] = [
  scene('warning'),
  scene('nothing-yet', (browser) => type(browser, [])),
  scene('completing', async (browser) => {
    await type(browser, []);
    await browser.getByTestId('console-input').pressSequentially('getblock');
    await browser.getByTestId('console-option').first().waitFor();
  }),
  scene('answers', async (browser) => {
    await type(browser, ['getblockhash height=5', 'getsetup', 'getnonsense', 'getconsensusinfo']);
    await browser.getByTestId('console-entry').nth(3).waitFor();
  }),
  scene('checking', async (browser, node) => {
    node.answer('verifychain', never);
    node.answer('getauditinfo', () => ({ running: { checklevel: 3, nblocks: 0, startedat: Date.now(), pass: 'blocks', done: 1_204, total: 52_000 } }));
    await type(browser, ['verifychain 3 0']);
    await browser.getByRole('progressbar').waitFor();
  }),
  scene('help', async (browser) => {
    await type(browser, ['help masternode list']);
    await browser.getByTestId('console-entry').waitFor();
  }),
  scene('secret', async (browser) => {
    await type(browser, ['walletpassphrase']);
    await browser.getByTestId('console-secret-run').waitFor();
  }),
];
