import type { BrowserWindowConstructorOptions, Session, WebContents } from 'electron';
import { pageOrigin } from './page-origin.ts';
import { words } from './words.ts';

export interface WindowFiles {
  readonly preload: string;
  readonly icon: string;
}

/** The page's own colours (src-renderer/ui/theme.ts), so that nothing flashes before it is drawn. */
const backgrounds = { light: '#f6f7f9', dark: '#0f1216' } as const;
export const backgroundOf = (dark: boolean): string => (dark ? backgrounds.dark : backgrounds.light);

/** `developerTools`: not in a packaged app, where they would only be a way for somebody to talk a person into something. */
export const windowOptions = ({ preload, icon }: WindowFiles, dark: boolean, developerTools: boolean): BrowserWindowConstructorOptions => ({
  title: words.appName,
  width: 1_280,
  height: 800,
  minWidth: 900,
  minHeight: 600,
  show: false,
  backgroundColor: backgroundOf(dark),
  icon,
  webPreferences: {
    preload,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInSubFrames: false,
    nodeIntegrationInWorker: false,
    webviewTag: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    navigateOnDragDrop: false,
    // It would fetch dictionaries from elsewhere.
    spellcheck: false,
    devTools: developerTools,
  },
});

/** For every page there ever is: it stays where it is, opens nothing and embeds nothing. Links to elsewhere lead nowhere. */
export function confine(contents: Pick<WebContents, 'on' | 'setWindowOpenHandler'>): void {
  contents.on('will-navigate', (details) => details.preventDefault());
  contents.on('will-frame-navigate', (details) => details.preventDefault());
  contents.on('will-redirect', (details) => details.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

/** The one thing the page asks the system for: its copy buttons. Text only, after a click, and nothing is read. */
const copying = 'clipboard-sanitized-write';
const fromElsewhere = { urls: ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'file://*/*', 'ftp://*/*'] };

type Confined = Pick<Session, 'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler' | 'on'> & {
  readonly webRequest: Pick<Session['webRequest'], 'onBeforeRequest'>;
};

/** No camera, no notifications, no devices, no downloads; and no request leaves the window, whatever its policy lets through. */
export function confineSession(session: Confined): void {
  session.setPermissionRequestHandler((_contents, permission, answer, { requestingUrl }) =>
    answer(permission === copying && requestingUrl.startsWith(`${pageOrigin}/`)),
  );
  session.setPermissionCheckHandler((_contents, permission, origin) => permission === copying && origin.replace(/\/$/, '') === pageOrigin);
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => event.preventDefault());
  session.webRequest.onBeforeRequest(fromElsewhere, (_details, answer) => answer({ cancel: true }));
}
