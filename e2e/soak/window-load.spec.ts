import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { test as base, expect, type Page } from '@playwright/test';
import { WebSocket } from 'ws';
import type { Load } from '../fixtures/loaded-services.ts';
import { type PageMemory, WindowMeter } from '../fixtures/window-meter.ts';

const minutes = Number(process.env.TIME_SOAK_MINUTES ?? 60);
const load: Load = { peers: 500, members: 200, walletTransactions: 10_000, transactionsPerSecond: 1_000 };
const pages = join(process.cwd(), process.env.TIME_OUT_DIR ?? 'out', 'renderer');
/** As of the experience that is promised. */
const answerMs = 100;
const openMs = 2_000;
/** Three of sixty a second: one that came late is not seen, a row of them is. */
const maxFrameMs = 50;
const maxBusyShare = 0.5;
const busyMs = 5_000;
const rounds = 5;
const silentPages = 8;
/** What is sent meanwhile is some 40 MB for each. */
const silentMs = 40_000;
const bytesOfSilent = 2_500_000;
const warmUpRounds = 3;
const leastSamples = 5;
/** A leak of one row in each round would be more, over an hour. */
const maxGrowth = 1.1;

interface LoadedNode {
  readonly url: string;
  /** On the heap and beside it, after a collection: what is resident says what there was once. */
  memory(): Promise<{ readonly heldBytes: number }>;
}

const test = base.extend<{ node: LoadedNode; meter: WindowMeter }>({
  node: async ({}, use) => {
    const child: ChildProcess = fork(join(import.meta.dirname, '../fixtures/loaded-node.ts'), [pages, JSON.stringify(load)], { execArgv: ['--expose-gc'] });
    const [{ url }] = (await once(child, 'message')) as [{ readonly url: string }];
    await use({
      url,
      memory: async () => {
        const answer = once(child, 'message');
        child.send('memory');
        const [memory] = await answer;
        return memory;
      },
    });
    const gone = once(child, 'exit');
    child.disconnect();
    await gone;
  },
  meter: async ({ page, node }, use) => {
    const meter = await WindowMeter.of(page);
    await page.setViewportSize({ width: 1_600, height: 900 });
    await page.goto(node.url);
    await expect(page.getByTestId('verdict')).toBeVisible();
    await use(meter);
  },
});

/** What says that a page is there, with what it shows. */
const shown = {
  overview: '[data-testid=verdict]',
  peers: '[data-testid=peer-row]',
  masternodes: '[data-testid=masternode-row]',
  consensus: '[data-testid=voting-row]',
  wallet: '[data-testid=send-address]',
  settings: '[data-testid=setting]',
} as const;
type PageName = keyof typeof shown;
const names = Object.keys(shown) as PageName[];

const open = (meter: WindowMeter, name: PageName): Promise<void> =>
  meter.answer(`open ${name}`, shown[name], () => meter.page.getByTestId(`nav-${name}`).click());
const header = (page: Page, index: number) => page.locator('thead th').nth(index).getByRole('button');

/** Into the field that is there: the last character brings what is looked for, and emptying it everything. */
async function narrow(meter: WindowMeter, name: string, typed: string, found: string, all: string): Promise<void> {
  const { page } = meter;
  const field = page.getByRole('searchbox');
  await field.fill(typed.slice(0, -1));
  await meter.answer(`filter ${name}`, found, () => field.press(typed.slice(-1)));
  await field.press('Control+a');
  await meter.answer(`filter ${name} no more`, all, () => field.press('Delete'));
}

/** Back and forth, faster than one reads. Answers the frames it made. */
async function scroll(meter: WindowMeter): Promise<readonly number[]> {
  const { page } = meter;
  await page.locator('.data-scroll').hover();
  return await meter.frames(async () => {
    for (let step = 0; step < 100; step++) await page.mouse.wheel(0, step < 60 ? 240 : -300);
  });
}

async function usePeers(meter: WindowMeter): Promise<readonly number[]> {
  const { page } = meter;
  await open(meter, 'peers');
  for (const column of [3, 5, 7, 10]) {
    const sorted = (order: string): string => `th:nth-child(${column})[aria-sort=${order}]`;
    await meter.answer('sort peers', sorted('ascending'), () => header(page, column - 1).click());
    await meter.answer('sort peers', sorted('descending'), () => header(page, column - 1).click());
  }
  const frames = await scroll(meter);
  await meter.answer('open a peer', '[data-testid=peer-disconnect]', () => page.getByTestId('peer-row').nth(3).click());
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await narrow(meter, 'peers', '203.77.113', 'table[aria-rowcount="2"]', `table[aria-rowcount="${load.peers + 1}"]`);
  return frames;
}

async function useMasternodes(meter: WindowMeter): Promise<void> {
  const { page } = meter;
  await open(meter, 'masternodes');
  await meter.answer('sort masternodes', 'th:nth-child(2)[aria-sort=ascending]', () => header(page, 1).click());
  await narrow(meter, 'masternodes', '203.77', 'table[aria-rowcount="2"]', `table[aria-rowcount="${load.members + 1}"]`);
}

async function useWallet(meter: WindowMeter): Promise<readonly number[]> {
  const { page } = meter;
  await open(meter, 'wallet');
  const tab = (name: string) => page.getByTestId('wallet-tabs').getByText(name, { exact: true });
  const address = page.getByTestId('send-address');
  await address.fill('');
  await meter.answer('type an address', '[data-testid=send-address]:not(:placeholder-shown)', () => address.press('x'));
  await meter.answer('open history', 'table.data-table', () => tab('History').click());
  await expect(page.getByTestId('history-count')).toHaveText(/^\d+,\d+ transactions$/);
  const frames = await scroll(meter);
  await meter.answer('sort history', 'th:nth-child(5)[aria-sort=ascending]', () => header(page, 4).click());
  await meter.answer('sort history', 'th:nth-child(3)[aria-sort=ascending]', () => header(page, 2).click());
  await narrow(meter, 'history', 'Invoicf', '.table-card:not(:has(table))', 'table.data-table');
  await meter.answer('open a transaction', '[role=dialog] h2', () => page.getByTestId('history-row').nth(3).click());
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await meter.answer('open sending', '[data-testid=send-address]', () => tab('Send').click());
  return frames;
}

const sorted = (values: readonly number[]): readonly number[] => [...values].sort((a, b) => a - b);
const quantile = (values: readonly number[], share: number): number => sorted(values)[Math.max(0, Math.ceil(share * values.length) - 1)] ?? 0;
const figure = (ms: number): string => `${ms.toFixed(0)} ms`;
const said = (name: string, ms: readonly number[]): void =>
  console.log(`${name}: median ${figure(quantile(ms, 1 / 2))}, p95 ${figure(quantile(ms, 0.95))}, worst ${figure(quantile(ms, 1))} of ${ms.length}`);

/** What a person does in a minute or two, on every page. Answers the frames of what scrolled. */
async function useAll(meter: WindowMeter): Promise<readonly number[]> {
  const peers = await usePeers(meter);
  await useMasternodes(meter);
  await open(meter, 'consensus');
  const history = await useWallet(meter);
  await open(meter, 'settings');
  await open(meter, 'overview');
  return [...peers, ...history];
}

test('with much going on the window opens at once, with what is known', async ({ browser, node }) => {
  const opened: number[] = [];
  for (let round = 0; round < rounds; round++) {
    // Of the one before nothing is at hand.
    const context = await browser.newContext();
    const page = await context.newPage();
    const startedMs = performance.now();
    await page.goto(node.url);
    await page.locator('[data-testid=height][data-height]').waitFor();
    opened.push(performance.now() - startedMs);
    await context.close();
  }
  said('from the address to the height', opened);
  expect.soft(Math.max(...opened)).toBeLessThan(openMs);
});

test('with much going on the window answers at once', async ({ meter }) => {
  test.setTimeout(300_000);
  const frames: number[] = [];
  for (let round = 0; round < rounds; round++) frames.push(...(await useAll(meter)));
  for (const [name, answers] of Map.groupBy(meter.answers, (answer) => answer.name)) {
    const busy = quantile(
      answers.map((answer) => answer.busyMs),
      1 / 2,
    );
    said(
      `${name} (${figure(busy)} of the main thread)`,
      answers.map(({ ms }) => ms),
    );
  }
  const all = meter.answers.map(({ ms }) => ms);
  said(
    'of them, the main thread’s processor time',
    meter.answers.map(({ busyMs: ofAnswer }) => ofAnswer),
  );
  const { inputs, longTasksMs } = await meter.noted();
  said('all', all);
  said(
    'input to frame, as the browser has it',
    inputs.map(({ ms }) => ms),
  );
  said('tasks over 50 ms', longTasksMs);
  said('frames while scrolling', frames);
  expect.soft(quantile(all, 0.95), 'p95 of all answers').toBeLessThan(answerMs);
  expect.soft(quantile(frames, 0.99), 'p99 of frames while scrolling').toBeLessThan(maxFrameMs);
});

test('with much going on the page’s main thread is under half busy', async ({ meter }) => {
  test.setTimeout(120_000);
  for (const name of [...names.filter((one) => one !== 'overview'), 'overview'] as const) {
    await open(meter, name);
    const share = await meter.busyShare(() => delay(busyMs));
    console.log(`${name}: main thread ${(100 * share).toFixed(1)} % busy`);
    expect.soft(share, name).toBeLessThan(maxBusyShare);
  }
});

test('pages that do not read cost the node little', async ({ node }) => {
  test.setTimeout(silentMs + 30_000);
  const { host, hash } = new URL(node.url);
  const subscribe = (socket: WebSocket, topic: string): void => socket.send(JSON.stringify({ kind: 'subscribe', topic }));
  const sockets = Array.from(
    { length: silentPages },
    () => new WebSocket(`ws://${host}/ws`, ['time.v1', hash.replace('#token=', 'token.')], { origin: `http://${host}` }),
  );
  for (const socket of sockets) {
    await once(socket, 'open');
    for (const topic of ['peers', 'consensus', 'overview', 'wallet']) subscribe(socket, topic);
    socket.pause();
  }
  const before = await node.memory();
  await delay(silentMs);
  const after = await node.memory();
  console.log(`${silentPages} silent pages: ${((after.heldBytes - before.heldBytes) / 1_000_000).toFixed(1)} MB more in ${silentMs / 1_000} s`);
  for (const socket of sockets) expect.soft(socket.readyState, 'not dropped').toBe(WebSocket.OPEN);
  for (const socket of sockets) socket.terminate();
  expect(after.heldBytes - before.heldBytes).toBeLessThan(silentPages * bytesOfSilent);
});

/** Growth for each unit of `x`, by least squares. */
function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (of: (point: readonly [number, number]) => number): number => points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [meanX, meanY] = [mean(([x]) => x), mean(([, y]) => y)];
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return spread === 0 ? 0 : points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread;
}

test(`memory is flat over ${minutes} minutes of use`, async ({ node, meter }) => {
  test.setTimeout((minutes + 5) * 60_000);
  const seen: { readonly atHours: number; readonly page: PageMemory; readonly nodeBytes: number }[] = [];
  const startMs = performance.now();
  // What is loaded once, and the browser's own caches, fill in the first rounds.
  for (let round = 0; round < warmUpRounds; round++) await useAll(meter);
  while (performance.now() - startMs < minutes * 60_000 || seen.length < leastSamples) {
    await useAll(meter);
    // Always of the same page.
    const [page, { heldBytes: nodeBytes }] = [await meter.memory(), await node.memory()];
    const atHours = (performance.now() - startMs) / 3_600_000;
    seen.push({ atHours, page, nodeBytes });
    const megabytes = (bytes: number): string => (bytes / 1_000_000).toFixed(1);
    console.log(
      `${(60 * atHours).toFixed(1)} min: page ${megabytes(page.heapBytes)} MB, ${page.nodes} nodes, ${page.listeners} listeners; node ${megabytes(nodeBytes)} MB`,
    );
  }
  const growth = (of: (one: (typeof seen)[number]) => number): number => slope(seen.map((one) => [one.atHours, of(one)] as const));
  const grown = {
    pageBytes: growth(({ page }) => page.heapBytes),
    nodes: growth(({ page }) => page.nodes),
    listeners: growth(({ page }) => page.listeners),
    nodeBytes: growth(({ nodeBytes }) => nodeBytes),
  };
  console.log('an hour adds', Object.fromEntries(Object.entries(grown).map(([name, value]) => [name, Math.round(value)])));
  const last = seen.at(-1);
  if (last === undefined) throw new Error('nothing was measured');
  // What is made once, when it is needed, comes in the first half; what grows with each round is more at the end than ever there.
  const firstHalf = seen.slice(0, Math.ceil(seen.length / 2));
  const growthOf = (of: (one: (typeof seen)[number]) => number): number => of(last) / Math.max(...firstHalf.map(of));
  expect
    .soft(
      growthOf(({ page }) => page.heapBytes),
      'page',
    )
    .toBeLessThan(maxGrowth);
  expect
    .soft(
      growthOf(({ page }) => page.nodes),
      'nodes, detached ones too',
    )
    .toBeLessThan(maxGrowth);
  expect
    .soft(
      growthOf(({ page }) => page.listeners),
      'listeners',
    )
    .toBeLessThan(maxGrowth);
  expect
    .soft(
      growthOf(({ nodeBytes }) => nodeBytes),
      'node',
    )
    .toBeLessThan(maxGrowth);
});
