import type { Page as Browser } from '@playwright/test';
import type { SetupStep } from '../../../src-renderer/features/setup/setup-steps.ts';
import { type PreviewNode, Refusal } from '../../fixtures/preview-node.ts';
import { healthyNetwork } from '../../fixtures/preview-peers.ts';
import { healthyWallet, healthyWalletInfo } from '../../fixtures/preview-views.ts';
import type { Scene } from '../scene.ts';

const words = Array.from({ length: 24 }, (_, i) => `word${String.fromCharCode(97 + i)}`);
const strong = 'vermilion-otter-plaza-77';

/** A node that was never started before and has no wallet. */
function neverStarted(node: PreviewNode, nowMs: number): void {
  node.answer('getsetup', () => ({ network: 'testnet', networks: ['practice', 'testnet', 'mainnet'], role: 'masternode', rolefixed: false, done: false }));
  node.answer('setup', () => ({ restarting: false }));
  node.answer('draftwallet', () => ({ draft: 'draft', words: words.join(' '), asked: [3, 17, 20], expiresms: nowMs + 60_000 }));
  node.answer('createwallet', () => {
    throw new Refusal('invalid-words', 'not these');
  });
  node.answer('checkwords', ({ words: typed }) => {
    const count = String(typed).split(' ').length;
    return count === 24
      ? { isvalid: true }
      : count === 12
        ? { isvalid: false, error: 'unknown-word', position: 12 }
        : { isvalid: false, error: 'word-count', count };
  });
  node.answer('restorewallet', () => {
    throw new Refusal('wallet-passphrase-incorrect', 'wrong');
  });
  node.answer('restorefromwords', () => {
    const info = { ...healthyWalletInfo, passphraserequired: true, scanning: { checked: 140, found: 12 } };
    node.publish('wallet', { ...healthyWallet(Date.now()), info });
    return info;
  });
  node.publish('wallet', { ...healthyWallet(nowMs), info: null, transactions: [] });
}

const next = (browser: Browser): Promise<void> => browser.getByTestId('setup-next').click();
const choose = async (browser: Browser, choice: string): Promise<void> => {
  await browser.getByTestId(`choice-${choice}`).click();
  await next(browser);
};
async function at(browser: Browser, step: SetupStep): Promise<void> {
  await browser.getByTestId('setup-next').waitFor();
  await browser.evaluate((name) => sessionStorage.setItem('time.setup.step', name), step);
  await browser.reload();
  await browser.getByTestId('setup-next').waitFor();
}
const scene = (state: string, step: SetupStep, reach?: (browser: Browser) => Promise<void>, say = neverStarted): Scene => ({
  page: 'setup',
  state,
  say,
  reach: async (browser) => {
    await at(browser, step);
    await reach?.(browser);
  },
});
const words24 = async (browser: Browser): Promise<void> => {
  await choose(browser, 'create');
  await next(browser);
};
const passphrase = async (browser: Browser): Promise<void> => {
  await words24(browser);
  await next(browser);
  for (const position of [3, 17, 20]) await browser.getByTestId(`word-${position}`).fill('word');
  await next(browser);
};
const restoring = async (browser: Browser, typed: string): Promise<void> => {
  await choose(browser, 'words');
  await browser.getByTestId('setup-restore-words').fill(typed);
};

export const setupScenes: readonly Scene[] = [
  scene('network', 'network'),
  scene('wallet', 'wallet'),
  scene('wallet-there', 'wallet', undefined, (node, nowMs) => {
    neverStarted(node, nowMs);
    node.publish('wallet', { ...healthyWallet(nowMs), info: { ...healthyWalletInfo, passphraserequired: true } });
  }),
  scene('create-length', 'wallet', (browser) => choose(browser, 'create')),
  scene('create-words', 'wallet', words24),
  scene('create-asked', 'wallet', async (browser) => {
    await words24(browser);
    await next(browser);
  }),
  scene('create-passphrase', 'wallet', async (browser) => {
    await passphrase(browser);
    await browser.getByTestId('setup-passphrase').fill('password1');
  }),
  scene('create-passphrase-good', 'wallet', async (browser) => {
    await passphrase(browser);
    await browser.getByTestId('setup-passphrase').fill(strong);
    await browser.getByTestId('setup-repeat').fill('something else');
  }),
  scene('create-wrong-words', 'wallet', async (browser) => {
    await passphrase(browser);
    await browser.getByTestId('setup-passphrase').fill(strong);
    await browser.getByTestId('setup-repeat').fill(strong);
    await next(browser);
    await browser.getByRole('alert').waitFor();
  }),
  scene('restore-words', 'wallet', (browser) => restoring(browser, '')),
  scene('restore-wrong-word', 'wallet', async (browser) => {
    await restoring(browser, `${'wordb '.repeat(11)}wrong`);
    await browser.locator('[aria-invalid=true]').waitFor();
  }),
  scene('restore-scanning', 'wallet', async (browser) => {
    await restoring(browser, words.join(' '));
    await next(browser);
    await browser.getByTestId('setup-passphrase').fill(strong);
    await browser.getByTestId('setup-repeat').fill(strong);
    await next(browser);
    await browser.getByTestId('wallet-made').waitFor();
  }),
  scene('restore-file', 'wallet', (browser) => choose(browser, 'file')),
  scene('restore-file-wrong', 'wallet', async (browser) => {
    await choose(browser, 'file');
    const chooser = browser.waitForEvent('filechooser');
    await browser.getByTestId('setup-file').click();
    await (await chooser).setFiles({ name: 'time.timebackup', mimeType: 'application/octet-stream', buffer: Buffer.alloc(2_000) });
    await browser.locator('input[type=password]').fill('a guess');
    await next(browser);
    await browser.getByRole('alert').waitFor();
  }),
  scene('role', 'role'),
  scene('port', 'port'),
  scene('port-closed', 'port', undefined, (node, nowMs) => {
    neverStarted(node, nowMs);
    node.publish('network', { ...healthyNetwork(nowMs), reachability: { state: 'unreachable', address: '198.51.100.20:24000' } });
  }),
  scene('port-checking', 'port', undefined, (node, nowMs) => {
    neverStarted(node, nowMs);
    node.publish('network', { ...healthyNetwork(nowMs), reachability: { state: 'checking' } });
  }),
  scene('done', 'done'),
];
