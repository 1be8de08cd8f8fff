import { expect } from '@playwright/test';
import type { TopicValue } from '../src-shared/api/topics.ts';
import { expectAccessible } from './fixtures/accessible.ts';
import { go, test } from './fixtures/preview-test.ts';
import { healthyHealth } from './fixtures/preview-views.ts';

const now = Date.now();
const every: TopicValue<'health'>['alerts'] = [
  { code: 'halted', severity: 'critical', sincems: now, height: 512, blocks: ['aa'.repeat(32), 'bb'.repeat(32)], faulty: 3 },
  { code: 'after-revert', severity: 'critical', sincems: now, height: 512, epoch: 42 },
  { code: 'own-key-elsewhere', severity: 'critical', sincems: now },
  { code: 'restored-old-copy', severity: 'critical', sincems: now },
  { code: 'disk-full', severity: 'critical', sincems: now, freebytes: 40_000_000 },
  { code: 'no-peers', severity: 'critical', sincems: now },
  { code: 'below-quorum', severity: 'critical', sincems: now },
  { code: 'no-block', severity: 'critical', sincems: now, seconds: 65 },
  { code: 'clock-stopped', severity: 'warning', sincems: now, timeoffset: -21.4 },
  { code: 'masternode-inactive', severity: 'warning', sincems: now, reviving: true },
  { code: 'participation-low', severity: 'warning', sincems: now, percent: 91.2, needed: 90 },
  { code: 'unreachable', severity: 'warning', sincems: now, address: '203.0.113.5:24000' },
  { code: 'clock-off', severity: 'warning', sincems: now, timeoffset: 6 },
  { code: 'behind', severity: 'warning', sincems: now, blocks: 12 },
  { code: 'disk-low', severity: 'warning', sincems: now, freebytes: 900_000_000 },
  { code: 'disk-slow', severity: 'warning', sincems: now, waitingbytes: 9_000_000 },
  { code: 'listening', severity: 'notice', sincems: now },
  { code: 'not-launched', severity: 'notice', sincems: now },
  { code: 'starting', severity: 'notice', sincems: now },
  { code: 'update-available', severity: 'info', sincems: now, version: '0.2.0', peers: 3, of: 4 },
  { code: 'woken', severity: 'info', sincems: now, seconds: 28_800 },
];

test('an alert is pointed out on every page until it is dismissed or over, and leads to where it is mended', async ({ page, node }) => {
  await page.goto(node.url);
  await go(page, 'wallet');
  await expect(page.getByTestId('alerts-open')).toContainText('All good');
  const noPeers = { code: 'no-peers', severity: 'critical', sincems: Date.now() } as const;
  const behind = { code: 'behind', severity: 'warning', sincems: Date.now(), blocks: 7 } as const;
  node.publish('health', { verdict: 'bad', alerts: [noPeers, behind], nowms: Date.now() });
  await expect(page.getByTestId('toast')).toHaveCount(2);
  await expect(page.getByTestId('alerts-open')).toContainText('Not working');
  await page.screenshot({ path: 'test-results/window/alert-toasts.png' });
  // More blocks are no more news.
  await page.getByTestId('toast').filter({ hasText: 'catching up' }).getByRole('button', { name: 'Dismiss' }).click();
  node.publish('health', { verdict: 'bad', alerts: [noPeers, { ...behind, blocks: 8 }], nowms: Date.now() });
  await expect(page.getByTestId('toast')).toHaveCount(1);
  await page.getByTestId('toast').getByRole('link', { name: 'Open Peers' }).click();
  await expect(page.getByRole('heading', { name: 'Peers', level: 1 })).toBeVisible();
  await expect(page.getByTestId('toast')).toHaveCount(0);
  // The list has them still, by keyboard alone.
  await page.getByTestId('alerts-open').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('alerts-list')).toContainText('8 blocks behind');
  await page.screenshot({ path: 'test-results/window/alert-list.png' });
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('alerts-open')).toBeFocused();
  node.publish('health', healthyHealth(Date.now()));
  await expect(page.getByText('Over: No other node is connected.')).toBeAttached();
  await expect(page.getByTestId('alerts-open')).toContainText('All good');
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`every alert has words, in ${colorScheme}, and axe finds nothing`, async ({ page, node }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    node.publish('health', { verdict: 'bad', alerts: every, nowms: Date.now() });
    await page.goto(node.url);
    for (const { code } of every) await expect(page.getByTestId(`alert-${code}`)).toBeVisible();
    await page.screenshot({ path: `test-results/window/alerts-${colorScheme}.png`, fullPage: true });
    for (const name of ['overview', 'peers', 'masternodes', 'consensus', 'wallet'] as const) {
      await go(page, name);
      await test.step(name, () => expectAccessible(page));
    }
  });
}
