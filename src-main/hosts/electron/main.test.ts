import type { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { HealthChange, HealthView } from '../../node/health/health-watch.ts';
import { OperationalError } from '../../node/operational-error.ts';
import type { AppEnding, AppNodeOptions } from '../app-node.ts';
import { words } from './words.ts';

// The real entry with a stand-in for Electron and for the node, through one life: it starts, is closed, opened, handed links, sleeps, wakes, and quits.

/** Everything that was asked of Electron, in order. */
const calls: string[] = [];
const note =
  (name: string) =>
  (...args: unknown[]): void =>
    void calls.push([name, ...args.filter((arg) => typeof arg !== 'object' && typeof arg !== 'function')].join(' '));

const { ready, app, window, tray, menus, powerMonitor, nodes, dialog } = vi.hoisted(() => {
  const { EventEmitter: Emitter } = require('node:events') as { EventEmitter: typeof EventEmitter };
  return {
    ready: Promise.withResolvers<void>(),
    app: new Emitter(),
    window: new Emitter(),
    tray: new Emitter(),
    menus: [] as { readonly label?: string; readonly click?: () => void }[][],
    powerMonitor: new Emitter(),
    nodes: [] as { readonly options: AppNodeOptions; readonly started: PromiseWithResolvers<unknown> }[],
    dialog: { shown: 0, answer: 0 },
  };
});

vi.mock('electron', () => ({
  app: Object.assign(app, {
    isPackaged: true,
    enableSandbox: note('enableSandbox'),
    setAppUserModelId: note('setAppUserModelId'),
    requestSingleInstanceLock: () => true,
    whenReady: () => ready.promise,
    quit: () => void app.emit('before-quit', { preventDefault: note('quit asked') }),
    exit: note('exit'),
    getPath: () => process.argv.at(-1),
    setPath: () => {},
    getAppPath: () => '/app',
    getLoginItemSettings: () => ({ openAtLogin: false }),
    setLoginItemSettings: () => {},
  }),
  // `new` of a function answers what it returns.
  BrowserWindow: function BrowserWindow() {
    return Object.assign(window, {
      webContents: { reload: note('page reload') },
      show: note('show'),
      hide: note('hide'),
      focus: note('focus'),
      restore: note('restore'),
      isMinimized: () => false,
      setTitle: note('title'),
      setProgressBar: note('progress'),
      setBackgroundColor: () => {},
      // As Electron does where another page was asked for before this one was there.
      loadURL: async (url: string) => {
        calls.push(`load ${url}`);
        if (url.includes('#')) throw Object.assign(new Error('ERR_ABORTED (-3)'), { code: 'ERR_ABORTED' });
      },
    });
  },
  Tray: function Tray() {
    return Object.assign(tray, { setToolTip: note('tip'), setContextMenu: () => {} });
  },
  Menu: { buildFromTemplate: (template: never) => menus.push(template), setApplicationMenu: () => {} },
  Notification: class {
    static isSupported = (): boolean => true;
    constructor({ title }: { title: string }) {
      calls.push(`notification ${title}`);
    }
    show(): void {}
  },
  dialog: {
    showMessageBox: async ({ buttons }: { buttons?: readonly string[] }) => {
      dialog.shown++;
      calls.push(`dialog ${buttons?.join(', ') ?? ''}`);
      return { response: dialog.answer };
    },
  },
  ipcMain: { handle: () => {}, on: () => {} },
  nativeTheme: Object.assign(new (require('node:events').EventEmitter)(), { shouldUseDarkColors: false }),
  powerMonitor,
  powerSaveBlocker: {
    start: (type: string) => {
      calls.push(type);
      return 7;
    },
    stop: note('may sleep'),
  },
  protocol: { registerSchemesAsPrivileged: note('schemes'), handle: () => {} },
  session: {
    defaultSession: {
      setPermissionRequestHandler: () => {},
      setPermissionCheckHandler: () => {},
      setDevicePermissionHandler: () => {},
      setCertificateVerifyProc: () => {},
      on: () => {},
      webRequest: { onBeforeRequest: () => {} },
    },
  },
  utilityProcess: {},
}));
vi.mock('../app-node.ts', () => ({
  appStopMs: 60_000,
  startAppNode: (options: AppNodeOptions) => {
    const started = Promise.withResolvers<unknown>();
    nodes.push({ options, started });
    return started.promise;
  },
}));
vi.mock('../until-signal.ts', () => ({ untilSignal: () => new Promise(() => {}) }));

/** A node, as far as this host looks at one. */
class FakeNode {
  readonly ending = Promise.withResolvers<AppEnding>();
  readonly stopped = Promise.withResolvers<void>();
  readonly logged: string[] = [];
  view: HealthView = { verdict: 'good', alerts: [] };
  change: ((change: HealthChange) => void) | undefined;
  progress: ((stopped: number, total: number) => void) | undefined;

  /** To be resolved with, as what `startAppNode` answers. */
  started(masternode: boolean): unknown {
    const health = {
      view: () => this.view,
      onChange: (listener: (change: HealthChange) => void) => {
        this.change = listener;
        return () => {
          this.change = undefined;
        };
      },
    };
    const views = { snapshot: () => ({ byNode: new Map([['me', {}]]) }) };
    return {
      log: { info: (line: string) => void this.logged.push(line), warn: () => {}, error: () => {} },
      node: { api: {}, topics: {}, services: { info: { nodeId: 'me', masternode, practice: false }, views, health } },
      ending: this.ending.promise,
      stop: (progress?: (stopped: number, total: number) => void) => {
        this.progress = progress;
        calls.push('node stops');
        return this.stopped.promise;
      },
    };
  }
}

const dataRoot = mkdtempSync(join(tmpdir(), 'electron-main-'));
const argv = process.argv;
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const first = new FakeNode();
const second = new FakeNode();
beforeAll(async () => {
  process.argv = ['electron', '/app', '--datadir', dataRoot];
  // It is the whole process's, which threads may not change.
  const umask = vi.spyOn(process, 'umask').mockReturnValue(0);
  await import('./main.ts');
  expect(umask).toHaveBeenCalledWith(0o077);
});
afterAll(() => {
  process.argv = argv;
  rmSync(dataRoot, { recursive: true, force: true });
});
beforeEach(() => void calls.splice(0));

test('it waits for Electron, then draws its page while the node starts', async () => {
  expect(nodes).toHaveLength(0);
  ready.resolve();
  await settled();
  expect(calls).toContain('load app://time/');
  expect(nodes).toHaveLength(1);
  expect(menus.at(-1)?.[0]?.label).toBe(words.tray.starting);
  expect(calls).not.toContain('show');
  window.emit('ready-to-show');
  expect(calls).toContain('show');
});

test('a node that runs is in the tray, and an active masternode keeps the machine awake', async () => {
  nodes[0]?.started.resolve(first.started(true));
  await settled();
  expect(menus.at(-1)?.[0]?.label).toBe(words.tray.verdicts.good);
  expect(calls).toContain('prevent-app-suspension');
  first.view = { verdict: 'bad', alerts: [{ code: 'no-peers', severity: 'critical', sincems: 1, keyelsewhere: false }] };
  first.change?.({ raised: first.view.alerts, cleared: [] });
  expect(calls.at(-1)).toBe(`tip ${words.appName}: ${words.tray.status(words.tray.verdicts.bad, 1)}`);
});

test('a person who wants it otherwise is obeyed at once', async () => {
  const preferences = nodes[0]?.options.preferences;
  expect((await preferences?.change({ keepawake: false }))?.keepawake).toBe(false);
  expect(calls).toEqual(['may sleep 7']);
});

test('closing the window hides it, says so once, and the node goes on', () => {
  for (let time = 0; time < 2; time++) {
    let prevented = false;
    window.emit('close', {
      preventDefault: () => {
        prevented = true;
      },
    });
    expect(prevented).toBe(true);
  }
  expect(calls).toEqual(['hide', `notification ${words.keepsRunning.title}`, 'hide']);
});

test.each([
  ['the tray', () => tray.emit('click')],
  [
    'its menu',
    () =>
      menus
        .at(-1)
        ?.find(({ label }) => label === words.menu.open)
        ?.click?.(),
  ],
  ['the dock', () => app.emit('activate')],
  ['a second start', () => app.emit('second-instance', {}, ['/usr/bin/time'])],
])('%s brings it back', (_name, act) => {
  act();
  expect(calls).toEqual(['show', 'focus']);
});

test.each([
  ['a second start', (link: string) => app.emit('second-instance', {}, ['/usr/bin/time', '--flag', link])],
  ['macOS', (link: string) => app.emit('open-url', { preventDefault: () => {} }, link)],
])('a link that %s hands over is shown, right or wrong, and what is no link is not', (_name, hand) => {
  hand('timecoin:TIME2x?req-later=1');
  expect(calls).toEqual(['show', 'focus', `load app://time/#/wallet?pay=${encodeURIComponent('timecoin:TIME2x?req-later=1')}`]);
  calls.splice(0);
  hand('https://evil.invalid/');
  expect(calls).toEqual(['show', 'focus']);
});

test('sleep and wake are known to the log, and nothing else happens', () => {
  powerMonitor.emit('suspend');
  powerMonitor.emit('resume');
  expect(first.logged).toEqual(['going to sleep', 'woken from sleep']);
  expect(calls).toEqual([]);
});

test('a page that crashes is loaded again, but not for ever', () => {
  const contents = { reload: note('page reload') };
  app.emit('render-process-gone', {}, contents, { reason: 'crashed' });
  app.emit('render-process-gone', {}, contents, { reason: 'crashed' });
  expect(calls).toEqual(['page reload']);
});

test('what is chosen in the window starts another node, which the page hears from its beginning', async () => {
  first.ending.resolve({ kind: 'restart', repair: false });
  await settled();
  expect(calls).toContain('node stops');
  expect([menus.at(-1)?.[0]?.label, nodes.length]).toEqual([words.tray.starting, 1]);
  first.stopped.resolve();
  await settled();
  expect(nodes).toHaveLength(2);
  expect(calls).toContain('page reload');
});

test('a node whose database is damaged is started again, to be repaired, if the person wants that', async () => {
  nodes[1]?.started.reject(new OperationalError('database-damaged', 'chain.sqlite: page 7'));
  await settled();
  await settled();
  expect(calls).toContain(`dialog ${words.repair.now}, ${words.menu.quit}`);
  expect(nodes.map(({ options }) => options.repair)).toEqual([false, false, true]);
  expect(calls).not.toContain('quit asked');
  dialog.shown = 0;
});

test('quitting while the node still starts waits for it and shows how far it is', async () => {
  menus
    .at(-1)
    ?.find(({ label }) => label === words.menu.quit)
    ?.click?.();
  await settled();
  expect(calls).toEqual(['quit asked', `title ${words.stopping(0, 1)}`, 'progress 0', `tip ${words.stopping(0, 1)}`]);
  nodes[2]?.started.resolve(second.started(false));
  await settled();
  await settled();
  expect(calls).toContain('node stops');
  second.change?.({ raised: [], cleared: [] });
  second.progress?.(1, 4);
  expect(calls.at(-1)).toBe(`tip ${words.stopping(1, 4)}`);
  app.emit('before-quit', { preventDefault: () => {} });
  expect(calls.filter((call) => call === 'node stops')).toHaveLength(1);
  expect(calls).not.toContain('exit 0');
  second.stopped.resolve();
  await settled();
  expect([calls.at(-1), dialog.shown]).toEqual(['exit 0', 0]);
});
