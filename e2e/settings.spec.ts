import { expect, type Page } from '@playwright/test';
import { expectAccessible } from './fixtures/accessible.ts';
import { story } from './fixtures/hands.ts';
import { answerSettings } from './fixtures/preview-settings.ts';
import { go, test } from './fixtures/preview-test.ts';
import { healthyHealth } from './fixtures/preview-views.ts';

const field = (page: Page, key: string) => page.getByTestId(`setting-${key}`);
const row = (page: Page, key: string) => page.locator(`[data-key="${key}"]`);

test('a limit is found, changed, refused, corrected, saved, and holds after a restart', story, async ({ person, page, node }) => {
  const { taken } = answerSettings(node);
  await page.goto(node.url);
  await go(person, 'settings');
  await expect(row(page, 'listen')).toContainText('Default: 0.0.0.0:24200');
  await expect(row(page, 'connect')).toContainText('written in config.toml');
  await expect(field(page, 'network')).toBeDisabled();
  await expect(page.getByTestId('settings-bar')).toBeHidden();
  await expectAccessible(page);
  await person.write(page.getByRole('searchbox'), 'max_');
  await expect(page.getByTestId('setting')).toHaveCount(2);
  // What is no number is said at once; what only the node knows, by the node.
  await person.write(field(page, 'max_peers'), 'many');
  await expect(row(page, 'max_peers')).toContainText('Expected: 1 … 1000');
  await expect(page.getByTestId('settings-save')).toBeDisabled();
  await person.write(field(page, 'max_peers'), '10');
  await person.write(field(page, 'max_outbound'), '20');
  await person.press(page.getByTestId('settings-save'));
  await expect(page.getByRole('alert')).toContainText('max_outbound, 20, is more than max_peers, 10');
  await expectAccessible(page);
  await person.write(field(page, 'max_outbound'), '5');
  await person.press(page.getByTestId('settings-save'));
  await expect(row(page, 'max_peers')).toContainText('from the next start on');
  await person.press(page.getByTestId('settings-restart'));
  await expect(page.getByTestId('settings-bar')).toBeHidden();
  await person.press(row(page, 'max_outbound').getByRole('button', { name: 'Take out: max_outbound' }));
  await person.press(page.getByTestId('settings-restart'));
  await expect(row(page, 'max_outbound')).toContainText('not written anywhere');
  expect(taken).toEqual([
    { changes: { max_peers: 10, max_outbound: 5 }, restart: false },
    { changes: {}, restart: true },
    { changes: { max_outbound: null }, restart: true },
  ]);
});

test('lists, choices and yes or no are changed; a node that cannot restart itself does not offer it', story, async ({ person, page, node }) => {
  const { taken } = answerSettings(node, { canrestart: false });
  await page.goto(node.url);
  await go(person, 'settings');
  await person.write(field(page, 'connect'), '203.0.113.1:24200\n203.0.113.2:24200');
  await person.choose(field(page, 'log_level'), 'debug');
  await person.choose(field(page, 'discovery'), 'yes');
  await expect(page.getByTestId('settings-restart')).toBeHidden();
  await person.press(page.getByTestId('settings-save'));
  await expect(row(page, 'discovery')).toContainText('written in settings.json');
  expect(taken[0]?.changes).toEqual({ connect: ['203.0.113.1:24200', '203.0.113.2:24200'], log_level: 'debug', discovery: true });
});

test('appearance, language and idle lock hold at once and after a reload; the first start can be gone through again', story, async ({ person, page, node }) => {
  answerSettings(node);
  await page.goto(node.url);
  await go(person, 'settings');
  await person.press(page.getByTestId('setting-appearance').getByText('Dark'));
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
  await expectAccessible(page);
  await person.choose(page.getByTestId('setting-idle'), '15 minutes');
  await person.press(page.getByTestId('setting-hide-amounts'));
  await person.choose(page.getByTestId('setting-language'), 'Deutsch');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Einstellungen');
  await expect(page.getByTestId('setting-idle')).toHaveValue('15');
  await expect(page.getByTestId('setting-hide-amounts')).toBeChecked();
  await person.press(page.getByTestId('setup-again'));
  await expect(page).toHaveURL(/#\/setup$/);
});

test('what the app does on this machine is offered where there is an app', async ({ page, node }) => {
  answerSettings(node);
  let preferences = { startatlogin: null as boolean | null, keepawake: true };
  node.answer('getpreferences', () => preferences);
  node.answer('setpreferences', (change) => {
    preferences = { ...preferences, ...change };
    return preferences;
  });
  await page.goto(node.url);
  await go(page, 'settings');
  await expect(page.getByText('Not on this system')).toBeVisible();
  await page.getByTestId('setting-keepawake').press('Space');
  await expect(page.getByTestId('setting-keepawake')).not.toBeChecked();
  expect(preferences.keepawake).toBe(false);
});

test('an alert is said by the system, once, to who does not look, and is taken back when it is over', async ({ page, node }) => {
  answerSettings(node);
  const said: string[] = [];
  await page.exposeFunction('say', (what: string) => said.push(what));
  // Chromium without a desktop shows none; what the page asks of it is all there is to see.
  await page.addInitScript(() => {
    const say = (what: string): void => (window as unknown as { say(what: string): void }).say(what);
    class Shown {
      static permission = 'default';
      static requestPermission = async (): Promise<string> => {
        Shown.permission = 'granted';
        return 'granted';
      };
      readonly tag: string;
      constructor(title: string, { tag }: { readonly tag: string }) {
        this.tag = tag;
        say(`${tag}: ${title}`);
      }
      close(): void {
        say(`${this.tag} over`);
      }
    }
    Object.assign(window, { Notification: Shown });
    document.hasFocus = () => false;
  });
  await page.goto(node.url);
  await go(page, 'settings');
  await expect(page.getByTestId('setting-notifications')).not.toBeChecked();
  await page.getByTestId('setting-notifications').press('Space');
  const nowMs = Date.now();
  const raised = {
    ...healthyHealth(nowMs),
    verdict: 'bad',
    alerts: [{ code: 'no-peers', severity: 'critical', sincems: nowMs, keyelsewhere: false }],
  } as const;
  for (let time = 0; time < 3; time++) node.publish('health', { ...raised, alerts: [...raised.alerts] });
  await expect.poll(() => said).toEqual(['time-no-peers: No other node is connected.']);
  node.publish('health', healthyHealth(nowMs));
  await expect.poll(() => said.at(-1)).toBe('time-no-peers over');
  await page.getByTestId('setting-notifications').press('Space');
  node.publish('health', { ...raised, alerts: [{ code: 'no-peers', severity: 'critical', sincems: nowMs + 1, keyelsewhere: false }] });
  await expect(page.getByTestId('toast')).toBeVisible();
  expect(said).toHaveLength(2);
});
