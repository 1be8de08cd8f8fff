import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, BrowserWindow, dialog, ipcMain, Menu, Notification, nativeTheme, powerMonitor, protocol, session, Tray, utilityProcess } from 'electron';
import { type AppNode, appStopMs, startAppNode } from '../app-node.ts';
import { parseAppOptions } from '../app-options.ts';
import { pagesDirectory, timedFile } from '../entry-paths.ts';
import { errorWords } from '../error-words.ts';
import { makePages } from '../headless/page.ts';
import { untilSignal } from '../until-signal.ts';
import { AppWindow } from './app-window.ts';
import { serveIpc, type WindowDoor } from './ipc.ts';
import { type MenuActions, menuTemplate, trayTemplate } from './menu.ts';
import { pageOrigin, pageUrl, paymentPageUrl } from './page-origin.ts';
import { pageSchemes, servePages } from './page-protocol.ts';
import { isPaymentLink, linkAmong } from './payment-link.ts';
import { startUtility } from './utility-companion.ts';
import { backgroundOf, confine, confineSession, windowOptions } from './window.ts';
import { words } from './words.ts';

const options = parseAppOptions(process.argv.slice(1), 'beside-chromium');
const network = options.network === 'practice' ? 'devnet' : options.network;
const developerTools = !app.isPackaged;
const preload = fileURLToPath(new URL('../preload/preload.cjs', import.meta.url));
const asset = (name: string): string => join(app.getAppPath(), 'assets', name);

/** A page that ends again within this time cannot live, and is not loaded for ever. */
const leastReloadMs = 10_000;

// Two data directories are two apps, each with its own window.
if (!options.isDefaultRoot) {
  const userData = join(options.dataRoot, 'window');
  mkdirSync(userData, { recursive: true, mode: 0o700 });
  app.setPath('userData', userData);
}
app.enableSandbox();
protocol.registerSchemesAsPrivileged(pageSchemes);
/** macOS hands links over like this, and may do so before anything else. */
let link = linkAmong(options.operands);
app.on('open-url', (event, url) => {
  event.preventDefault();
  link = linkAmong([url]);
});

// Not awaited at the top level: Electron is ready only once this module has been evaluated, so that would wait for ever.
if (app.requestSingleInstanceLock()) void app.whenReady().then(open);
else app.quit();

function open(): void {
  const door = Promise.withResolvers<WindowDoor>();
  confineSession(session.defaultSession);
  app.on('web-contents-created', (_event, contents) => confine(contents));
  servePages(protocol, makePages(pagesDirectory(import.meta.url)));
  serveIpc(ipcMain, { door: door.promise, pageOrigin });

  const tray = new Tray(asset(process.platform === 'darwin' ? 'trayTemplate.png' : 'tray.png'));
  const window = new BrowserWindow(windowOptions({ preload, icon: asset('icon.png') }, nativeTheme.shouldUseDarkColors, developerTools));
  const appWindow = new AppWindow({ window, tray, toldFile: join(app.getPath('userData'), 'told-of-tray'), tell });
  const actions: MenuActions = { open: () => appWindow.show(), quit: () => app.quit() };
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(process.platform, developerTools, actions)));
  tray.setContextMenu(Menu.buildFromTemplate(trayTemplate(actions)));
  tray.setToolTip(words.appName);
  tray.on('click', actions.open);
  nativeTheme.on('updated', () => window.setBackgroundColor(backgroundOf(nativeTheme.shouldUseDarkColors)));
  app.on('activate', actions.open);

  const pay = (asked: string | undefined): void => {
    if (asked !== undefined && isPaymentLink(asked, network)) void window.loadURL(paymentPageUrl(asked));
  };
  app.on('second-instance', (_event, args) => {
    appWindow.show();
    pay(linkAmong(args));
  });
  app.on('open-url', (_event, url) => pay(linkAmong([url])));

  // The page is drawn while the node starts.
  void window.loadURL(pageUrl).then(() => pay(link));
  runNode(appWindow, door.resolve);
}

/** From the start of the node to the end of the process. */
function runNode(appWindow: AppWindow, opened: (door: WindowDoor) => void): void {
  const startCompanion = startUtility(utilityProcess, fileURLToPath(timedFile(import.meta.url)));
  const starting = startAppNode({ ...options, entryUrl: import.meta.url, web: false, startCompanion });
  let exitCode = 0;
  let stopping = false;
  const stop = async (): Promise<void> => {
    stopping = true;
    // What hangs is left to the system: files are safe at any instant, and companions end with this process.
    setTimeout(() => app.exit(1), appStopMs);
    appWindow.showStopping(0, 1);
    const started = await starting.catch(() => undefined);
    await started?.stop((stopped, total) => appWindow.showStopping(stopped, total));
    app.exit(exitCode);
  };
  app.on('before-quit', (event) => {
    event.preventDefault();
    if (!stopping) void stop();
  });
  void untilSignal().then(() => app.quit());
  const fail = (title: string, error: unknown): void => {
    exitCode = 1;
    const detail = errorWords(error);
    process.stderr.write(`${title}: ${detail}\n`);
    void dialog.showMessageBox({ type: 'error', message: title, detail }).then(() => app.quit());
  };

  starting.then(
    (started) => {
      opened({
        call: (method, params) => started.node.api.call(method, params, 'window'),
        subscribe: (topic, listener) => started.node.topics.subscribe(topic, listener),
      });
      watch(started);
      void started.ending.then((ending) => (ending.kind === 'asked' ? app.quit() : fail(words.cannotGoOn, ending.error)));
    },
    (error: unknown) => fail(words.cannotStart, error),
  );
}

/** What the log is to know; and a page that crashed is loaded again. */
function watch({ log }: AppNode): void {
  powerMonitor.on('resume', () => log.info('woken from sleep'));
  let reloadedMs = Number.NEGATIVE_INFINITY;
  app.on('render-process-gone', (_event, contents, { reason }) => {
    log.error('the page ended', { reason });
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
