import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, type Page } from '@playwright/test';
import Database from 'better-sqlite3';
import { parse } from 'smol-toml';
import { test as base, type Person } from './fixtures/hands.ts';
import { programs, TestNode } from './network/node.ts';
import { isRunning, kill, until, untilGone } from './network/processes.ts';

/** The app as `npm start` opens it where there is no Electron, and a companion that is asked what it sees. */
interface App {
  readonly url: string;
  readonly directory: string;
  readonly companions: readonly TestNode[];
}

const startMs = 30_000;
const stopMs = 5_000;
const finalityMs = 1_000;
const blockMs = 15_000;
const pages = ['overview', 'peers', 'masternodes', 'consensus', 'settings', 'wallet'] as const;

const test = base.extend<{ app: App; problems: string[] }>({
  app: async ({}, use) => {
    const directory = mkdtempSync(join(tmpdir(), 'time-app-e2e-'));
    const app = spawn(process.execPath, [join(programs, 'app.js'), '--no-open', '--datadir', directory], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const url = await urlOf(app);
      const companions = await Promise.all(
        [1, 2, 3].map((index) => until(`companion ${index} runs`, startMs, () => companionOf(join(directory, 'local-network', `node-${index}`), index))),
      );
      await use({ url, directory, companions });
      const ended = once(app, 'exit');
      app.kill('SIGINT');
      expect(await ended).toEqual([0, null]);
    } finally {
      if (app.pid !== undefined) {
        kill(app.pid);
        await untilGone([app.pid], stopMs);
      }
      rmSync(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 }); // companions of an app that was killed end a moment later
    }
  },
  // Before the app ends, whose end the page would notice.
  problems: [
    async ({ page, app: _ }, use) => {
      const problems: string[] = [];
      await page.exposeFunction('reportViolation', (what: string) => problems.push(what));
      await page.addInitScript(() => {
        addEventListener('securitypolicyviolation', (event) =>
          (window as unknown as { reportViolation(what: string): void }).reportViolation(`${event.violatedDirective} ${event.sourceFile} ${event.sample}`),
        );
      });
      page.on('pageerror', (error) => problems.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
      });
      await use(problems);
      expect(problems, 'what the page must not say').toEqual([]);
    },
    { auto: true },
  ],
});

// A person who has no mouse.
test.use({ hands: 'keyboard' });

async function urlOf(app: ChildProcess): Promise<string> {
  const lines = createInterface({ input: app.stdout! });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the app did not start in time')), startMs);
    lines.on('line', (line) => {
      const url = /The app is at (\S+)/.exec(line)?.[1];
      if (url === undefined) return;
      clearTimeout(timer);
      resolve(url);
    });
    app.once('exit', (code) => reject(new Error(`the app ended with ${code} instead of starting`)));
  });
}

/** By its files: the app says nothing of it. Undefined until it answers. */
function companionOf(datadir: string, index: number): TestNode | undefined {
  const directory = join(datadir, 'devnet');
  if (!existsSync(join(directory, '.cookie'))) return undefined;
  const config = parse(readFileSync(join(directory, 'config.toml'), 'utf8')) as { readonly listen: string; readonly rpc: string };
  const lock = new Database(join(directory, '.lock'), { readonly: true });
  const pid = lock.prepare<[], number>('select pid from holder').pluck().get() ?? 0;
  lock.close();
  return new TestNode(index, { pid, datadir, cookieFile: join(directory, '.cookie'), p2p: config.listen, rpc: config.rpc, web: '' });
}

const go = async (person: Person, name: (typeof pages)[number]): Promise<void> => {
  const { page } = person;
  await person.press(page.getByTestId(`nav-${name}`));
  await expect(page.getByTestId(`nav-${name}`)).toHaveAttribute('aria-current', 'page');
};

const shoot = async (page: Page, name: string): Promise<void> => {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: `test-results/screenshots/${name}-${colorScheme}.png`, animations: 'disabled' });
  }
};

test('the whole story: peers, a payment that is voted on before your eyes, final, in a block, and received', async ({ person, page, app }) => {
  test.setTimeout(120_000);
  await page.setViewportSize({ width: 1_280, height: 800 });
  await page.goto(app.url);
  // The first start, with what it proposes: the practice network, the wallet with play money that is there, a masternode.
  for (const step of ['Network', 'Wallet', 'Role', 'Port', 'Done']) {
    await expect(page.locator('[aria-current="step"]')).toContainText(step);
    await person.press(page.getByTestId('setup-next'));
  }
  await go(person, 'peers');
  await expect(page.getByTestId('peer-row')).toHaveCount(3, { timeout: startMs });
  await expect(page.getByTestId('peer-rtt')).toHaveText([/\d.*ms/, /\d.*ms/, /\d.*ms/]);
  await go(person, 'overview');
  await expect(page.getByTestId('verdict')).toHaveAttribute('data-verdict', 'good', { timeout: startMs });
  const heightShown = async (): Promise<number> => Number((await page.getByTestId('height').first().innerText()).replaceAll(/\D/g, ''));
  await expect.poll(heightShown, { timeout: 2 * blockMs }).toBeGreaterThan(0);

  const payee = app.companions[2]!;
  const address = await payee.call('getnewaddress');
  await go(person, 'wallet');
  const spendable = async (): Promise<number> => Number((await page.getByTestId('balance-spendable').innerText()).replaceAll(/[^\d.]/g, ''));
  const before = await spendable();
  expect(before).toBeGreaterThan(19_999);
  await person.write(
    page.getByTestId('send-address'),
    address.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a')),
  );
  await person.write(page.getByTestId('send-amount'), '12.5');
  await expect(page.getByTestId('send-review')).toBeDisabled();
  await person.write(page.getByTestId('send-address'), address);
  await person.press(page.getByTestId('send-review'));
  await expect(page.getByText(address)).toBeVisible();
  await shoot(page, 'wallet-review');

  // Two of four hold still, so that the votes stop half way and can be looked at.
  const held = app.companions.slice(0, 2).map(({ pid }) => pid);
  try {
    for (const pid of held) process.kill(pid, 'SIGSTOP');
    await person.press(page.getByTestId('send-confirm'));
    await expect(page.getByTestId('send-state')).toHaveAttribute('data-state', 'voting');
    await expect(page.getByText(/50.% of weight/)).toBeVisible();
    await shoot(page, 'wallet-voting');
    await go(person, 'consensus');
    await expect(page.getByTestId('voting-row')).toHaveCount(1);
    await shoot(page, 'consensus-voting');
  } finally {
    for (const pid of held) process.kill(pid, 'SIGCONT');
  }
  await go(person, 'wallet');
  await expect(page.getByTestId('send-state')).toHaveText(/Final/);
  await shoot(page, 'wallet-final');
  await expect(page.getByTestId('send-state')).toHaveAttribute('data-state', 'confirmed', { timeout: blockMs });
  await expect(page.getByTestId('history-state').first()).toHaveText(/block/i);

  // Undisturbed it takes less than a second.
  await person.press(page.getByTestId('send-new'));
  await person.write(page.getByTestId('send-address'), address);
  await person.write(page.getByTestId('send-amount'), '1');
  await person.press(page.getByTestId('send-review'));
  await person.press(page.getByTestId('send-confirm'));
  await expect(page.getByTestId('send-state')).toHaveText(/Final/, { timeout: 2 * finalityMs });
  await expect(page.getByTestId('send-state')).toHaveAttribute('data-state', 'confirmed', { timeout: blockMs });
  const received = (await payee.call('listtransactions', { count: 100 })).filter(({ category }) => category === 'receive');
  expect(received.map(({ amount, finalafterms }) => [amount, finalafterms !== undefined])).toEqual([
    ['1.00000000', true],
    ['12.50000000', true],
  ]);
  expect(received[0]!.finalafterms).toBeLessThan(finalityMs);
  await expect.poll(spendable).toBeLessThan(before + 300 - 13.5);

  for (const name of pages) {
    await go(person, name);
    await shoot(page, name);
  }
  await page.emulateMedia({ colorScheme: 'light' });
  const background = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const themes = new Set<string>();
  for (let click = 0; click < 3; click++) {
    themes.add(await background());
    await person.press(page.getByTestId('theme-toggle'));
  }
  expect(themes.size).toBe(2);
  expect(app.companions.every(({ pid }) => isRunning(pid))).toBe(true);
});

test('another network is chosen in the window: the node starts anew on it, with a wallet of its own, and the same page goes on', async ({
  person,
  page,
  app,
  problems,
}) => {
  test.setTimeout(120_000);
  const testnet = join(app.directory, 'testnet');
  mkdirSync(testnet, { recursive: true });
  // Nobody is asked where its peers are.
  writeFileSync(join(testnet, 'config.toml'), 'listen = "127.0.0.1:0"\nrpc = "none"\ndiscovery = false\nport_mapping = false\n');
  await page.goto(app.url);
  await person.press(page.getByTestId('choice-testnet'));
  await person.press(page.getByTestId('setup-next'));
  await expect(page.getByTestId('choice-create')).toBeChecked({ timeout: startMs });
  await expect(page.getByTestId('chain')).toHaveText('testnet');
  await person.press(page.getByTestId('setup-next'));
  await person.press(page.getByTestId('choice-12'));
  await person.press(page.getByTestId('setup-next'));
  const words = page.getByTestId('setup-words').getByRole('listitem');
  await expect(words).toHaveCount(12);
  const shown = await words.allInnerTexts();
  await person.press(page.getByTestId('setup-next'));
  const asked = page.getByTestId(/^word-/);
  await expect(asked).toHaveCount(3);
  for (const field of await asked.all()) {
    const position = Number((await field.getAttribute('data-testid'))?.slice('word-'.length));
    await person.write(field, shown[position - 1]!);
  }
  await person.press(page.getByTestId('setup-next'));
  await person.write(page.getByTestId('setup-passphrase'), 'vermilion-otter-plaza-77');
  await person.write(page.getByTestId('setup-repeat'), 'vermilion-otter-plaza-77');
  await person.press(page.getByTestId('setup-next'));
  await expect(page.getByTestId('wallet-made')).toBeVisible({ timeout: startMs });
  expect(existsSync(join(testnet, 'wallet.vault'))).toBe(true);
  await person.press(page.getByTestId('setup-next'));
  await person.press(page.getByTestId('choice-masternode'));
  await person.press(page.getByTestId('setup-next'));
  await expect(page.locator('[aria-current="step"]')).toContainText('Port');
  await person.press(page.getByTestId('setup-next'));
  await expect(page.getByText('wallet.vault, with a passphrase')).toBeVisible({ timeout: startMs });
  await expect(page.getByText('Masternode', { exact: true })).toBeVisible();
  expect(JSON.parse(readFileSync(join(testnet, 'settings.json'), 'utf8'))).toEqual({ masternode: true });
  await person.press(page.getByTestId('setup-next'));
  await expect(page.getByTestId('alert-not-launched')).toBeVisible();
  expect(JSON.parse(readFileSync(join(app.directory, 'app.json'), 'utf8'))).toEqual({ network: 'testnet', done: true });
  // While one node stops and the next one starts, nobody answers.
  problems.splice(0, problems.length, ...problems.filter((problem) => !/ERR_CONNECTION|closed before/.test(problem)));
});
