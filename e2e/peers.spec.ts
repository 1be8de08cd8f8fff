import { expect } from '@playwright/test';
import { expectAccessible } from './fixtures/accessible.ts';
import { type Person, story } from './fixtures/hands.ts';
import { Refusal } from './fixtures/preview-node.ts';
import { healthyNetwork, healthyPeers, peerDetails } from './fixtures/preview-peers.ts';
import { go, test } from './fixtures/preview-test.ts';
import { healthyOverview, hexOf } from './fixtures/preview-views.ts';

const tabs = ['Connected', 'Not connected', 'Banned', 'History', 'Network', 'Traffic'] as const;
const show = (person: Person, tab: (typeof tabs)[number]): Promise<void> =>
  person.press(person.page.getByTestId('peer-tabs').getByText(new RegExp(`^${tab}(?: [\\d,]+)?$`)));
/** Answers a call that says nothing, and keeps what it was given. */
const keep = (into: unknown[], what: unknown): null => {
  into.push(what);
  return null;
};

test('all about peers, at every size, without a sideways scroll of the page', async ({ person, page, node }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const crowd = healthyPeers(Date.now(), 40);
  node.publish('peers', crowd);
  node.answer('getpeerinfo', ({ id }) => peerDetails(crowd.peers.find((peer) => peer.id === id)));
  await page.goto(node.url);
  await go(page, 'peers');
  for (const size of [
    { width: 1_280, height: 800 },
    { width: 900, height: 600 },
    { width: 640, height: 400 },
  ]) {
    await page.setViewportSize(size);
    for (const tab of tabs) {
      await show(person, tab);
      const main = page.getByRole('main');
      await expect(main).toHaveJSProperty('scrollWidth', await main.evaluate((element) => element.clientWidth));
    }
    await show(person, 'Connected');
    await page.getByTestId('peer-row').nth(2).click();
    await expect(page.getByRole('dialog')).toContainText('TransactionVotes');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
  }
});

test('a peer is opened, disconnected and banned, and stays to be read when it is gone', story, async ({ person, page, node }) => {
  const calls: unknown[] = [];
  node.answer('disconnectnode', (params) => keep(calls, params));
  node.answer('setban', (params) => keep(calls, params));
  await page.goto(node.url);
  await go(person, 'peers');
  await person.press(page.getByRole('button', { name: 'Show all about 127.0.0.1:24212' }));
  const panel = page.getByRole('dialog');
  await expect(panel).toContainText('1 missed in a row');
  await expect(panel).toContainText('3 announcements were left out because it reads too slowly.');
  await expect(panel).toContainText('41 messages of it were not looked at: more than rate_get_peers allows.');
  await expect(panel).toContainText('a signature is wrong');
  await person.press(panel.getByTestId('peer-disconnect'));
  await expect(panel.getByText('The connection ends.')).toBeVisible();
  await person.press(panel.getByTestId('peer-ban'));
  await person.press(panel.getByText('1 week', { exact: true }));
  await person.press(panel.getByText('Everybody from 127.0.0.1, too'));
  await expectAccessible(page);
  await person.press(panel.getByTestId('peer-ban-confirm'));
  await expect(panel.getByText('Banned for 1 week.')).toBeVisible();
  expect(calls).toEqual([
    { address: '', nodeid: 3 },
    { subnet: hexOf('node 3'), command: 'add', bantime: 604_800, absolute: false },
    { subnet: '127.0.0.1', command: 'add', bantime: 604_800, absolute: false },
  ]);
  node.publish('peers', healthyPeers(Date.now(), 2));
  await expect(panel).toContainText('This peer is no longer connected.');
  await expectAccessible(page);
});

test('a peer is added by its address, and what the node says against it is said', story, async ({ person, page, node }) => {
  const added: unknown[] = [];
  node.answer('addnode', ({ node: address }) => {
    if (added.includes(address)) throw new Refusal('node-already-added', 'it is');
    added.push(address);
    return null;
  });
  await page.goto(node.url);
  await go(person, 'peers');
  await person.press(page.getByTestId('peer-add'));
  const address = page.getByTestId('peer-add-address');
  await expect(address).toBeFocused();
  await person.write(address, '203.0.113.5');
  await expect(page.getByText('An address is a host and a port')).toBeVisible();
  await expect(page.getByTestId('peer-add-confirm')).toBeDisabled();
  await person.write(address, '203.0.113.5:24000');
  await page.keyboard.press('Enter');
  await expect(page.getByText('203.0.113.5:24000 is on the list, and is tried now.')).toBeVisible();
  await expect(address).toHaveValue('');
  await person.write(address, '203.0.113.5:24000');
  await expectAccessible(page);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('It is on the list already.');
  expect(added).toEqual(['203.0.113.5:24000']);
});

test('addresses say what they wait for, and one can be tried at once', story, async ({ person, page, node }) => {
  const tried: unknown[] = [];
  node.answer('addnode', (params) => keep(tried, params));
  await page.goto(node.url);
  await go(person, 'peers');
  await show(person, 'Not connected');
  const refused = page.getByTestId('known-row').filter({ hasText: '127.0.0.1:24219' });
  await expect(refused).toContainText(/in 1[78].s/);
  await expect(refused).toContainText('nothing listens there');
  await expect(page.getByTestId('known-row').filter({ hasText: '203.0.113.44:24000' })).toContainText('it has no place free');
  await expect(page.getByTestId('known-row').filter({ hasText: 'seed.example.invalid' })).toContainText('no machine has this name');
  await person.press(refused.getByRole('button', { name: 'Try now' }));
  await expect(page.getByText('127.0.0.1:24219 is tried now.')).toBeVisible();
  expect(tried).toEqual([{ node: '127.0.0.1:24219', command: 'onetry' }]);
  await person.press(page.getByText('given up 2'));
  await expect(page.getByTestId('known-row')).toHaveCount(2);
  // Still there after a reload, and reached by the back button.
  await page.reload();
  await expect(page.getByTestId('known-row').first()).toBeVisible();
  await page.goBack();
  await expect(page.getByTestId('peer-row').first()).toBeVisible();
});

test('bans are shown with their reason and lifted, one or all', story, async ({ person, page, node }) => {
  const calls: unknown[] = [];
  node.answer('setban', (params) => keep(calls, params));
  node.answer('clearbanned', () => keep(calls, 'all'));
  await page.goto(node.url);
  await go(person, 'peers');
  await show(person, 'Banned');
  await expect(page.getByTestId('ban-row')).toHaveCount(3);
  await expect(page.getByTestId('ban-row').nth(0)).toContainText('a signature is wrong');
  await expect(page.getByTestId('ban-row').nth(2)).toContainText('until you lift it');
  await person.press(page.getByTestId('ban-row').nth(1).getByRole('button', { name: 'Lift' }));
  await expect(page.getByText('192.0.2.0/24 may connect again.')).toBeVisible();
  await person.press(page.getByRole('button', { name: 'Lift all' }));
  await person.press(page.getByRole('button', { name: 'Lift all' }));
  await expect(page.getByText('3 bans are lifted.')).toBeVisible();
  expect(calls).toEqual([{ subnet: '192.0.2.0/24', command: 'remove', bantime: 0, absolute: false }, 'all']);
  node.publish('network', { ...healthyNetwork(Date.now()), bans: [], violations: [] });
  await expect(page.getByText('Nobody is banned.')).toBeVisible();
  await expectAccessible(page);
});

test('what became of connections is told in words, by kind', story, async ({ person, page, node }) => {
  await page.goto(node.url);
  await go(person, 'peers');
  await show(person, 'History');
  const row = (text: string) => page.getByTestId('history-row').filter({ hasText: text });
  await expect(row('198.51.100.66:50122')).toContainText(/Ended after 3.min/);
  await expect(row('198.51.100.66:50122')).toContainText('it broke the rules: a signature is wrong');
  await expect(row('203.0.113.44:24000')).toContainText('Refused by the other side');
  await expect(row('127.0.0.1:24219')).toContainText(/nothing listens there.*next try in 1[78].s/);
  await person.press(page.getByText('Bans', { exact: true }));
  await expect(page.getByTestId('history-row')).toHaveCount(2);
});

test('a port that is closed, a clock that is off and a router that does not help say what to do', async ({ page, node }) => {
  const now = Date.now();
  let asked = 0;
  node.answer('checkreachability', () => {
    asked++;
    return { state: 'checking' };
  });
  node.publish('overview', {
    ...healthyOverview(now),
    reachability: 'unreachable',
    clock: { state: 'stopped', timeoffset: -21.4, members: 4 },
  });
  node.publish('health', {
    verdict: 'attention',
    alerts: [
      { code: 'clock-stopped', severity: 'warning', sincems: now - 9_000, timeoffset: -21.4 },
      { code: 'unreachable', severity: 'warning', sincems: now - 9_000, address: '198.51.100.20:24000' },
    ],
    nowms: now,
  });
  const closed = {
    ...healthyNetwork(now),
    reachability: { state: 'unreachable' as const, address: '198.51.100.20:24000', checkedms: now - 9_000 },
    portmapping: { state: 'failed' as const, error: 'no router answers', nexttryms: now + 60_000 },
    clock: { state: 'stopped' as const, timeoffset: -21.4, members: 4 },
    observed: [],
  };
  node.publish('network', closed);
  await page.goto(node.url);
  await expect(page.getByText('Others cannot connect to this masternode at 198.51.100.20:24000.')).toBeVisible();
  await page.getByTestId('alert-unreachable').getByRole('link').click();
  await expect(page.getByText('Closed: nobody can connect')).toBeVisible();
  await expect(page.getByText('Forward this port in the router to this machine')).toBeVisible();
  await expect(page.getByText(/21.4.s ahead of 4 masternodes/)).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Check now' }).click();
  await expect(page.getByText('Two peers are asked to dial this node.')).toBeVisible();
  expect(asked).toBe(1);
  // Those that were asked had tried a moment ago: what is known is as old as before, and the page says so.
  node.publish('network', { ...closed, nowms: now + 3_000 });
  await expect(page.getByText('Nobody could say: a peer tries one node once a minute at most')).toBeVisible();
  await page.getByRole('button', { name: 'Check now' }).click();
  await expect(page.getByText('Two peers are asked to dial this node.')).toBeVisible();
  node.publish('network', { ...closed, reachability: { ...closed.reachability, checkedms: now + 3_500 }, nowms: now + 4_000 });
  await expect(page.getByText('Checked just now.')).toBeVisible();
  expect(asked).toBe(2);
});

test('columns are chosen, kept, and given back to the width of the window', story, async ({ person, page, node }) => {
  await page.goto(node.url);
  await go(person, 'peers');
  await expect(page.getByRole('columnheader', { name: 'Violations' })).toBeHidden();
  await person.press(page.getByRole('button', { name: 'Columns' }));
  await person.press(page.getByRole('checkbox', { name: 'Violations' }));
  await person.press(page.getByRole('checkbox', { name: 'Masternode' }));
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await page.reload();
  await expect(page.getByRole('columnheader', { name: 'Violations' })).toBeVisible();
  await expect(page.getByRole('columnheader', { name: 'Masternode' })).toBeHidden();
  await person.press(page.getByRole('button', { name: 'Columns' }));
  await person.press(page.getByRole('button', { name: 'Default columns' }));
  await expect(page.getByRole('columnheader', { name: 'Violations' })).toBeHidden();
});

test('a panel that is open asks the node for nothing more once it is closed', async ({ page, node }) => {
  let asked = 0;
  node.answer('getpeerinfo', ({ id }) => {
    asked++;
    return peerDetails(healthyPeers(Date.now()).peers.find((peer) => peer.id === id));
  });
  await page.clock.install();
  await page.goto(node.url);
  await go(page, 'peers');
  await page.getByTestId('peer-row').first().click();
  await expect.poll(() => asked).toBe(1);
  await page.clock.runFor(2_100);
  await expect.poll(() => asked).toBe(2);
  await page.getByRole('button', { name: 'Close' }).click();
  await page.clock.runFor(500);
  await expect(page.getByRole('dialog')).toBeHidden();
  await page.clock.runFor(10_000);
  expect(asked).toBe(2);
});
