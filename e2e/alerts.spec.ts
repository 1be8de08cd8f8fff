import { expect } from '@playwright/test';
import { expectAccessibleInThemes } from './fixtures/accessible.ts';
import { story } from './fixtures/hands.ts';
import { everyAlert } from './fixtures/preview-alerts.ts';
import { go, test } from './fixtures/preview-test.ts';
import { healthyHealth } from './fixtures/preview-views.ts';

const every = everyAlert(Date.now());

test('an alert is pointed out on every page until it is dismissed or over, and leads to where it is mended', story, async ({ person, page, node }) => {
  await page.goto(node.url);
  await go(person, 'wallet');
  await expect(page.getByTestId('alerts-open')).toContainText('All good');
  const noPeers = { code: 'no-peers', severity: 'critical', sincems: Date.now(), keyelsewhere: false } as const;
  const behind = { code: 'behind', severity: 'warning', sincems: Date.now(), blocks: 7 } as const;
  node.publish('health', { verdict: 'bad', alerts: [noPeers, behind], nowms: Date.now() });
  await expect(page.getByTestId('toast')).toHaveCount(2);
  await expect(page.getByTestId('alerts-open')).toContainText('Not working');
  // More blocks are no more news.
  await person.press(page.getByTestId('toast').filter({ hasText: 'catching up' }).getByRole('button', { name: 'Dismiss' }));
  node.publish('health', { verdict: 'bad', alerts: [noPeers, { ...behind, blocks: 8 }], nowms: Date.now() });
  await expect(page.getByTestId('toast')).toHaveCount(1);
  await person.press(page.getByTestId('toast').getByRole('link', { name: 'Open Peers' }));
  await expect(page.getByRole('heading', { name: 'Peers', level: 1 })).toBeVisible();
  await expect(page.getByTestId('toast')).toHaveCount(0);
  // The list has them still.
  await person.press(page.getByTestId('alerts-open'));
  await expect(page.getByTestId('alerts-list')).toContainText('8 blocks behind');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('alerts-open')).toBeFocused();
  node.publish('health', healthyHealth(Date.now()));
  await expect(page.getByText('Over: No other node is connected.')).toBeAttached();
  await expect(page.getByTestId('alerts-open')).toContainText('All good');
});

test('every alert has words, and axe finds nothing in either theme', async ({ page, node }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  node.publish('health', { verdict: 'bad', alerts: every, nowms: Date.now() });
  await page.goto(node.url);
  for (const { code } of every) await expect(page.getByTestId(`alert-${code}`)).toBeVisible();
  // Who has stopped neither follows nor takes its turn.
  await expect(page.getByTestId('sync')).toHaveText('Stopped');
  await expect(page.getByText('signs nothing now')).toBeVisible();
  await expect(page.getByText('next in')).toHaveCount(0);
  for (const name of ['overview', 'peers', 'masternodes', 'consensus', 'wallet'] as const) {
    await go(page, name);
    await test.step(name, () => expectAccessibleInThemes(page));
  }
});
