import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { test as base, expect, type Page } from '@playwright/test';
import { serveIpc, type WindowDoor } from '../src-main/hosts/electron/ipc.ts';
import { pageUrl } from '../src-main/hosts/electron/page-origin.ts';
import { servePages } from '../src-main/hosts/electron/page-protocol.ts';
import { makePages } from '../src-main/hosts/headless/page.ts';
import type { Bridge } from '../src-shared/api/bridge.ts';
import type { TopicEvent } from '../src-shared/api/topics.ts';
import { healthyHealth, healthyOverview } from './fixtures/preview-views.ts';
import { ElectronStandIn } from './stand-in/electron-stand-in.ts';

declare global {
  interface Window {
    readonly api?: Bridge;
  }
}

const output = process.env.TIME_OUT_DIR ?? 'out';
/** Electron serves the same answers from app://time; Chromium alone knows no such scheme. */
const origin = 'https://time.invalid';

/** A node that answers with what it was asked, and says what it is told to. */
class EchoDoor implements WindowDoor {
  readonly listeners = new Map<string, Set<(event: TopicEvent) => void>>();
  readonly #sequences = new Map<string, number>();

  async call(method: string, params: unknown): ReturnType<WindowDoor['call']> {
    if (method !== 'echo') return { ok: false, error: { code: 'method-not-found', message: method } };
    return { ok: true, value: params };
  }
  subscribe(topic: string, listener: (event: TopicEvent) => void): () => void {
    const listening = this.listeners.get(topic) ?? new Set();
    this.listeners.set(topic, listening.add(listener));
    return () => listening.delete(listener);
  }
  count(topic: string): number {
    return this.listeners.get(topic)?.size ?? 0;
  }
  say(topic: 'overview' | 'health', value: TopicEvent<'overview' | 'health'>['value']): void {
    const sequence = (this.#sequences.get(topic) ?? 0) + 1;
    this.#sequences.set(topic, sequence);
    for (const listener of this.listeners.get(topic) ?? []) listener({ topic, sequence, value });
  }
}

interface ElectronWindow {
  readonly door: EchoDoor;
  /** Lets calls through: the node runs. */
  readonly open: () => void;
}

const test = base.extend<{ electron: ElectronWindow; violations: string[] }>({
  electron: async ({ page }, use) => {
    const electron = new ElectronStandIn();
    const door = new EchoDoor();
    const { promise, resolve } = Promise.withResolvers<WindowDoor>();
    serveIpc(electron.ipcMain as never, { door: () => promise, pageOrigin: origin });
    await electron.attach(page, readFileSync(`${output}/preload/preload.cjs`, 'utf8'));
    await servePagesAt(page);
    await use({ door, open: () => resolve(door) });
  },
  violations: [
    async ({ page }, use) => {
      const violations: string[] = [];
      await page.exposeFunction('reportViolation', (what: string) => violations.push(what));
      await page.addInitScript(() => {
        addEventListener('securitypolicyviolation', (event) =>
          (window as unknown as { reportViolation(what: string): void }).reportViolation(`${event.violatedDirective} ${event.sourceFile} ${event.sample}`),
        );
      });
      page.on('pageerror', (error) => violations.push(error.message));
      await use(violations);
      expect(violations).toEqual([]);
    },
    { auto: true },
  ],
});

/** The window's own handler of app://, headers included, behind an address that Chromium knows. */
async function servePagesAt(page: Page): Promise<void> {
  let answer: ((request: Request) => Response | Promise<Response>) | undefined;
  const protocol = {
    handle: (_scheme: string, handler: typeof answer): void => {
      answer = handler;
    },
  };
  servePages(protocol as never, makePages(pathToFileURL(`${output}/renderer/`)));
  await page.route(`${origin}/**`, async (route) => {
    const { pathname } = new URL(route.request().url());
    const response = await answer?.(new Request(new URL(pathname, pageUrl)));
    if (response === undefined) throw new Error('nothing serves the pages');
    await route.fulfill({ status: response.status, headers: Object.fromEntries(response.headers), body: Buffer.from(await response.arrayBuffer()) });
  });
}

test('the built preload and the IPC of the window carry the real page', async ({ page, electron }) => {
  await page.goto(`${origin}/`);
  await expect(page.getByTestId('nav-wallet')).toBeVisible();
  // The page is drawn before the node runs; what it asks meanwhile is answered then.
  electron.open();
  await expect.poll(() => electron.door.count('overview')).toBe(1);
  electron.door.say('overview', { ...healthyOverview(Date.now()), height: 4321 });
  await expect(page.getByTestId('height')).toHaveAttribute('data-height', '4321');
  electron.door.say('health', healthyHealth(Date.now()));
  await expect(page.getByTestId('verdict')).toHaveAttribute('data-verdict', 'good');
});

test('a page that is loaded again subscribes again, and the old subscriptions are gone', async ({ page, electron }) => {
  electron.open();
  await page.goto(`${origin}/`);
  await expect.poll(() => electron.door.count('overview')).toBe(1);
  await page.goto(`${origin}/#/wallet`);
  await page.reload();
  await expect.poll(() => electron.door.count('wallet')).toBe(1);
  expect(electron.door.count('overview')).toBe(1);
  await page.goto('about:blank');
  await expect.poll(() => electron.door.count('overview') + electron.door.count('wallet')).toBe(0);
});

test('a call goes there and back, coded errors as values', async ({ page, electron }) => {
  electron.open();
  await page.goto(`${origin}/`);
  expect(await page.evaluate(() => window.api?.invoke('echo', { text: 'hi', list: [1, null] }))).toEqual({ ok: true, value: { text: 'hi', list: [1, null] } });
  expect(await page.evaluate(() => window.api?.invoke('toString', {}))).toMatchObject({ ok: false, error: { code: 'method-not-found' } });
  expect(await page.evaluate(() => window.api?.invoke({} as string, {}))).toMatchObject({ ok: false, error: { code: 'invalid-request' } });
  await expect(page.evaluate(() => window.api?.invoke('echo', { f: () => 1 }))).rejects.toThrow();
});

test('a topic that does not exist reaches nobody, and ending a subscription ends it', async ({ page, electron }) => {
  electron.open();
  await page.goto(`${origin}/#/wallet`);
  await expect.poll(() => electron.door.count('wallet')).toBe(1);
  await page.evaluate(() => {
    window.api?.subscribe('constructor', () => {});
    window.api?.subscribe('consensus', () => {})();
    return window.api?.invoke('echo', {}); // answered after what was sent before it
  });
  expect(electron.door.count('constructor')).toBe(0);
  expect(electron.door.count('consensus')).toBe(0);
});

test('the page reaches nothing but the bridge, and cannot change it', async ({ page, electron }) => {
  electron.open();
  await page.goto(`${origin}/`);
  expect(
    await page.evaluate(() => [
      typeof (globalThis as { require?: unknown }).require,
      typeof (globalThis as { process?: unknown }).process,
      typeof (globalThis as { __receive?: unknown }).__receive,
      Object.keys(window.api ?? {}),
      Object.isFrozen(window.api),
      Reflect.set(window, 'api', 1),
    ]),
  ).toEqual(['undefined', 'undefined', 'undefined', ['invoke', 'subscribe'], true, false]);
});

test('a page from elsewhere gets no answer and no view', async ({ page, electron }) => {
  electron.open();
  await page.route('https://evil.invalid/**', (route) => route.fulfill({ body: '<p>evil</p>', contentType: 'text/html' }));
  await page.goto('https://evil.invalid/');
  await expect(page.evaluate(() => window.api?.invoke('echo', {}))).rejects.toThrow(/not our page/);
  await page.evaluate(() => void window.api?.subscribe('overview', () => {}));
  await expect(page.evaluate(() => window.api?.invoke('echo', {}))).rejects.toThrow(/not our page/);
  expect(electron.door.count('overview')).toBe(0);
});
