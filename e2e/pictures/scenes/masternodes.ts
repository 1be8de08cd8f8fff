import type { Page as Browser } from '@playwright/test';
import { type RegistrationStep, registrationSteps } from '../../../src-renderer/features/masternodes/masternode-stage.ts';
import { answerMasternodes, masternode, ownStatus } from '../../fixtures/preview-masternodes.ts';
import { type PreviewNode, Refusal } from '../../fixtures/preview-node.ts';
import { paymentOf } from '../../fixtures/preview-payment.ts';
import { healthyWallet, healthyWalletInfo, hexOf } from '../../fixtures/preview-views.ts';
import { coinOf } from '../../fixtures/preview-wallet.ts';
import { never, type Scene } from '../scene.ts';

const scene = (state: string, part: Omit<Scene, 'page' | 'state'> = {}): Scene => ({ page: 'masternodes', state, ...part });
const is =
  (part: Parameters<typeof masternode>[2]): NonNullable<Scene['say']> =>
  (node) =>
    node.answer('masternodestatus', () => ownStatus(Date.now(), masternode(0, Date.now(), part)));

/** None of its own yet, and a coin that fits. */
function unregistered(node: PreviewNode, nowMs: number): void {
  node.answer('masternodestatus', () => ownStatus(Date.now(), null));
  node.answer('listunspent', () => [coinOf('fits', '1000.00000000', { label: 'from the practice bank' }), coinOf('other', '999.00000000')]);
  node.answer('exportnodekey', () => ({ name: 'node-key.pem', text: 'KEY' }));
  node.publish('wallet', { ...healthyWallet(nowMs), info: { ...healthyWalletInfo, passphraserequired: true } });
}
const guarded: NonNullable<Scene['say']> = (node, nowMs) =>
  node.publish('wallet', { ...healthyWallet(nowMs), info: { ...healthyWalletInfo, passphraserequired: true } });
async function goTo(browser: Browser, step: RegistrationStep): Promise<void> {
  await browser.getByTestId('register-start').click();
  for (const passed of registrationSteps.slice(0, registrationSteps.indexOf(step))) {
    if (passed === 'collateral') await browser.getByTestId(`choice-${hexOf('coin fits')}:0`).check();
    if (passed === 'address') await browser.getByTestId('registration-address').fill('203.0.113.5:24100');
    await browser.getByTestId('setup-next').click();
  }
}
const registered = (state: string, part: Parameters<typeof masternode>[2] | undefined): Scene =>
  scene(`registered-${state}`, {
    say: (node, nowMs) => {
      unregistered(node, nowMs);
      let sent = false;
      node.answer('masternodestatus', () => ownStatus(Date.now(), sent && part !== undefined ? masternode(0, Date.now(), part) : null));
      node.answer('masternoderegister', () => {
        sent = true;
        return { txid: hexOf('registration'), nodeid: hexOf('node 0'), owneraddress: 'o', rewardaddress: 'r', activeepoch: 241, activems: nowMs + 26_000 };
      });
      node.answer('gettransaction', () => paymentOf('registration', part === undefined ? {} : { state: 'confirmed', blockheight: 1_205 }));
    },
    reach: async (browser) => {
      await goTo(browser, 'review');
      await browser.getByTestId('registration-passphrase').fill('otter');
      await browser.getByTestId('setup-next').click();
      await browser.locator(`[data-testid="registration-state"][data-state="${state}"]`).waitFor();
    },
  });

export const masternodesScenes: readonly Scene[] = [
  scene('active'),
  scene('many', { say: (node) => answerMasternodes(node, 10_000), reach: (browser) => browser.getByTestId('masternode-row').first().waitFor() }),
  scene('none', { say: unregistered }),
  scene('not-launched', {
    say: (node) => {
      node.answer('masternodelist', () => []);
      node.answer('masternodestatus', () => ownStatus(Date.now(), null, { enabled: false }));
    },
  }),
  scene('loading', {
    say: (node) => {
      node.answer('masternodelist', never);
      node.answer('masternodestatus', never);
    },
  }),
  scene('failing', {
    say: (node) => {
      const fail = (): never => {
        throw new Refusal('misc-error', 'the registry could not be read.');
      };
      node.answer('masternodelist', fail);
      node.answer('masternodestatus', fail);
    },
  }),
  scene('no-match', { reach: (browser) => browser.getByRole('searchbox').fill('nothing like it') }),
  scene('inactive', { say: is({ status: 'inactive', weight: 0, percent: 41.2 }) }),
  scene('waiting', { say: is({ status: 'waiting', weight: 0 }) }),
  scene('participation-low', { say: is({ percent: 88.1, eligible: false }) }),
  scene('reviving', { say: is({ status: 'reviving', weight: 0 }) }),
  scene('not-enabled', { say: (node) => node.answer('masternodestatus', () => ownStatus(Date.now(), masternode(0, Date.now()), { enabled: false })) }),
  scene('left', {
    say: (node) => {
      node.answer('masternodestatus', () => ownStatus(Date.now(), null));
      node.answer('masternodelist', () => Array.from({ length: 4 }, (_, index) => masternode(index, Date.now(), index === 0 ? { status: 'exited' } : {})));
    },
  }),
  scene('no-wallet', {
    say: (node, nowMs) => {
      unregistered(node, nowMs);
      node.publish('wallet', { ...healthyWallet(nowMs), info: null, transactions: [] });
    },
  }),
  scene('key', { say: guarded, reach: (browser) => browser.getByTestId('own-key').click() }),
  scene('change', { reach: (browser) => browser.getByTestId('own-update').click() }),
  scene('change-wrong', {
    reach: async (browser) => {
      await browser.getByTestId('own-update').click();
      await browser.getByTestId('change-address').fill('nowhere');
      await browser.getByTestId('change-reward').fill('TIME1nobody');
    },
  }),
  scene('change-review', {
    say: guarded,
    reach: async (browser) => {
      await browser.getByTestId('own-update').click();
      await browser.getByTestId('change-address').fill('198.51.100.7:24100');
      await browser.getByTestId('change-review').click();
    },
  }),
  scene('exit', { reach: (browser) => browser.getByTestId('own-exit').click() }),
  scene('exit-done', {
    say: (node) => {
      node.answer('masternodeexit', () => hexOf('registration'));
      node.answer('gettransaction', () => paymentOf('registration', { state: 'confirmed', blockheight: 1_205 }));
    },
    reach: async (browser) => {
      await browser.getByTestId('own-exit').click();
      await browser.getByTestId('change-confirm').click();
      await browser.locator('[data-testid="change-state"]').waitFor();
    },
  }),
  scene('revive', { say: is({ status: 'inactive', weight: 0, percent: 41.2 }), reach: (browser) => browser.getByTestId('own-revive').click() }),
  ...registrationSteps.map((step) => scene(`register-${step}`, { say: unregistered, reach: (browser) => goTo(browser, step) })),
  scene('register-no-coin', {
    say: (node, nowMs) => {
      unregistered(node, nowMs);
      node.answer('listunspent', () => []);
    },
    reach: async (browser) => {
      await goTo(browser, 'collateral');
      await browser.getByTestId('make-coin').click();
    },
  }),
  scene('register-refused', {
    say: (node, nowMs) => {
      unregistered(node, nowMs);
      node.answer('estimatemasternodefee', () => {
        throw new Refusal('insufficient-funds', 'no', { needed: '0.00001320', available: '0.00000000' });
      });
    },
    reach: (browser) => goTo(browser, 'review'),
  }),
  registered('sent', undefined),
  registered('waiting', { status: 'waiting', weight: 0 }),
  registered('active', {}),
];
