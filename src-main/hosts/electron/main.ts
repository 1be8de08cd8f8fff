import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  Notification,
  nativeTheme,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  session,
  Tray,
  utilityProcess,
} from 'electron';
import type { Logger } from '../../node/logging/logger.ts';
import type { NodeServices } from '../api/node-services.ts';
import { readAppChoice, writeAppChoice } from '../app-choice.ts';
import { type AppEnding, type AppNode, appStopMs, startAppNode } from '../app-node.ts';
import { type AppNetwork, parseAppOptions } from '../app-options.ts';
import { AppPreferences } from '../app-preferences.ts';
import { pagesDirectory, timedFile } from '../entry-paths.ts';
import { errorWords, isRepairable } from '../error-words.ts';
import { makePages } from '../headless/page.ts';
import { privateFiles } from '../private-files.ts';
import { untilSignal } from '../until-signal.ts';
import { AppWindow } from './app-window.ts';
import { serveIpc } from './ipc.ts';
import { KeepAwake } from './keep-awake.ts';
import { loginStart } from './login-start.ts';
import { type MenuActions, menuTemplate } from './menu.ts';
import { NodeDoor } from './node-door.ts';
import { pageOrigin, pageUrl, paymentPageUrl } from './page-origin.ts';
import { pageSchemes, servePages } from './page-protocol.ts';
import { linkAmong } from './payment-link.ts';
import { TrayStatus } from './tray-status.ts';
import { startUtility } from './utility-companion.ts';
import { backgroundOf, confine, confineSession, windowOptions } from './window.ts';
import { words } from './words.ts';

privateFiles();
const options = parseAppOptions(process.argv.slice(1), 'beside-chromium');
const networkNow = (): AppNetwork => options.network ?? readAppChoice(options.dataRoot).network;
const developerTools = !app.isPackaged;
const preload = fileURLToPath(new URL('../preload/preload.cjs', import.meta.url));
const asset = (name: string): string => join(app.getAppPath(), 'assets', name);

/** A page that ends again within this time cannot live, and is not loaded for ever. */
const leastReloadMs = 10_000;
/** Whether the masternode is active changes once an epoch. */
const lookMs = 10_000;
/** By which Windows knows whose notifications these are; electron-builder.yml has it too. */
const appId = 'org.timecoin.node';

// Two data directories are two apps, each with its own window.
if (!options.isDefaultRoot) {
  const userData = join(options.dataRoot, 'window');
  mkdirSync(userData, { recursive: true, mode: 0o700 });
  app.setPath('userData', userData);
}
app.enableSandbox();
app.setAppUserModelId(appId);
protocol.registerSchemesAsPrivileged(pageSchemes);
/** macOS hands links over like this, and may do so before anything else. */
let link = linkAmong(options.operands);
app.on('open-url', (event, url) => {
  event.preventDefault();
  link = linkAmong([url]);
});

/** Of the node that runs, once one does. */
let watched: Logger | undefined;

// Not awaited at the top level: Electron is ready only once this module has been evaluated, so that would wait for ever.
if (app.requestSingleInstanceLock()) void app.whenReady().then(open);
else app.quit();

function open(): void {
  const door = new NodeDoor();
  confineSession(session.defaultSession);
  app.on('web-contents-created', (_event, contents) => confine(contents));
  servePages(protocol, makePages(pagesDirectory(import.meta.url)));
  serveIpc(ipcMain, { door: () => door.get(), pageOrigin });

  const tray = new Tray(asset(process.platform === 'darwin' ? 'trayTemplate.png' : 'tray.png'));
  const window = new BrowserWindow(windowOptions({ preload, icon: asset('icon.png') }, nativeTheme.shouldUseDarkColors, developerTools));
  const appWindow = new AppWindow({ window, toldFile: join(app.getPath('userData'), 'told-of-tray'), tell });
  const actions: MenuActions = { open: () => appWindow.show(), quit: () => app.quit() };
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(process.platform, developerTools, actions)));
  const status = new TrayStatus({ tray, buildMenu: (template) => Menu.buildFromTemplate(template), actions });
  tray.on('click', actions.open);
  nativeTheme.on('updated', () => window.setBackgroundColor(backgroundOf(nativeTheme.shouldUseDarkColors)));
  app.on('activate', actions.open);

  // Another page that is asked for meanwhile takes its place, and the first is told so by a rejection. Its address, which may be a payment's, is for no log.
  const load = (url: string): Promise<void> =>
    window.loadURL(url).catch((error: { readonly code?: string }) => watched?.warn('a page was not loaded', { code: error.code ?? 'unknown' }));
  const pay = (asked: string | undefined): void => {
    if (asked !== undefined) void load(paymentPageUrl(asked));
  };
  app.on('second-instance', (_event, args) => {
    appWindow.show();
    pay(linkAmong(args));
  });
  app.on('open-url', (_event, url) => {
    appWindow.show();
    pay(linkAmong([url]));
  });

  // The page is drawn while the node starts.
  void load(pageUrl).then(() => pay(link));
  watch();
  runNode({ appWindow, window, door, status });
}

/** How another run of the node begins. */
interface NextRun {
  readonly repair: boolean;
}

interface Shown {
  readonly appWindow: AppWindow;
  readonly window: BrowserWindow;
  readonly door: NodeDoor;
  readonly status: TrayStatus;
}

/** From the start of the node to the end of the process; what is chosen in the window starts another one. */
function runNode({ appWindow, window, door, status }: Shown): void {
  const startCompanion = startUtility(utilityProcess, fileURLToPath(timedFile(import.meta.url)));
  const awake = new KeepAwake(powerSaveBlocker);
  const login = loginStart({ app, platform: process.platform, home: homedir(), environment: process.env, executable: process.execPath });
  const preferences = new AppPreferences({ dataRoot: options.dataRoot, login, onKeepAwake: (wanted) => awake.setWanted(wanted) });
  let starting: Promise<AppNode> | undefined;
  let exitCode = 0;
  let stopping = false;
  const stop = async (): Promise<void> => {
    stopping = true;
    // What hangs is left to the system: files are safe at any instant, and companions end with this process.
    setTimeout(() => app.exit(1), appStopMs);
    const showProgress = (stopped: number, total: number): void => status.showStopping(appWindow.showStopping(stopped, total));
    showProgress(0, 1);
    const started = await starting?.catch(() => undefined);
    await started?.stop(showProgress);
    app.exit(exitCode);
  };
  app.on('before-quit', (event) => {
    event.preventDefault();
    if (!stopping) void stop();
  });
  void untilSignal().then(() => app.quit());
  /** Tells the person. What is damaged can be repaired by another run, if they want that; else this is the end. */
  const failed = async (title: string, error: unknown): Promise<NextRun | undefined> => {
    process.stderr.write(`${title}: ${errorWords(error)}\n`);
    if (isRepairable(error)) {
      const [detail, buttons] = [words.repair.detail(error.detail), [words.repair.now, words.menu.quit]];
      const { response } = await dialog.showMessageBox({ type: 'error', message: title, detail, buttons, defaultId: 0, cancelId: 1 });
      if (response === 0 && !stopping) return { repair: true };
    } else await dialog.showMessageBox({ type: 'error', message: title, detail: errorWords(error) });
    exitCode = 1;
    app.quit();
    return undefined;
  };
  const after = async (ending: AppEnding): Promise<NextRun | undefined> => {
    if (ending.kind === 'restart') return { repair: ending.repair };
    if (ending.kind === 'failed') return failed(words.cannotGoOn, ending.error);
    app.quit();
    return undefined;
  };

  /** One run of the node. Answers whether another one follows. */
  const runOnce = async (network: AppNetwork, done: boolean, repair: boolean): Promise<NextRun | undefined> => {
    starting = startAppNode({
      ...options,
      network,
      networkFixed: options.network !== undefined,
      done,
      repair,
      entryUrl: import.meta.url,
      web: undefined,
      startCompanion,
      preferences,
    });
    const started = await starting;
    door.open({
      call: (method, params) => started.node.api.call(method, params, 'window'),
      subscribe: (topic, listener) => started.node.topics.subscribe(topic, listener),
    });
    watched = started.log;
    const forget = show(started.node.services, status, awake);
    const ending = await started.ending;
    forget();
    const next = await after(ending);
    if (next === undefined || stopping) return undefined;
    door.close();
    await started.stop();
    // It hears the next node from its beginning.
    window.webContents.reload();
    return next;
  };
  const runAll = async (): Promise<void> => {
    let previous: AppNetwork | undefined;
    let next: NextRun | undefined = { repair: options.repair };
    while (next !== undefined) {
      const chosen = readAppChoice(options.dataRoot);
      const network = networkNow();
      try {
        next = await runOnce(network, chosen.done, next.repair);
        previous = network;
      } catch (error) {
        if (previous === undefined || previous === network || stopping || isRepairable(error)) next = await failed(words.cannotStart, error);
        else {
          // What was chosen in the window and does not start must not keep the app from starting.
          await dialog.showMessageBox({ type: 'error', message: words.cannotStart, detail: errorWords(error) });
          await writeAppChoice(options.dataRoot, { ...chosen, network: previous });
          next = { repair: false };
        }
      }
    }
  };
  runAll().catch((error: unknown) => failed(words.cannotStart, error));
}

/** What is seen of the node without its window. Answers what ends it. */
function show({ info, views, health }: NodeServices, status: TrayStatus, awake: KeepAwake): () => void {
  // Nobody loses anything when a practice network sleeps.
  const look = (): void => awake.setActive(info.masternode && !info.practice && views.snapshot().byNode.has(info.nodeId));
  const timer = setInterval(look, lookMs);
  const end = health.onChange(() => status.show(health.view()));
  look();
  status.show(health.view());
  return () => {
    clearInterval(timer);
    end();
    awake.setActive(false);
    status.show(undefined);
  };
}

/** What the log is to know; and a page that crashed is loaded again. */
function watch(): void {
  powerMonitor.on('suspend', () => watched?.info('going to sleep'));
  powerMonitor.on('resume', () => watched?.info('woken from sleep'));
  let reloadedMs = Number.NEGATIVE_INFINITY;
  app.on('render-process-gone', (_event, contents, { reason }) => {
    watched?.error('the page ended', { reason });
    const nowMs = performance.now();
    if (reason === 'clean-exit' || nowMs - reloadedMs < leastReloadMs) return;
    reloadedMs = nowMs;
    contents.reload();
  });
}

function tell(title: string, body: string): void {
  if (Notification.isSupported()) new Notification({ title, body }).show();
  else void dialog.showMessageBox({ message: title, detail: body });
}
