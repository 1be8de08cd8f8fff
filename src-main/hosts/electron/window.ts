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

/** What the page asks the system for: its copy buttons, which write text after a click and read nothing, and notifications of alerts. */
const granted: readonly string[] = ['clipboard-sanitized-write', 'notifications'];
/** What the page made itself and hands over to be kept: a backup, a list, a log. */
const fromPage = `blob:${pageOrigin}/`;
/** Chromium's word for a certificate that is not accepted (net/base/net_error_list.h, FAILED). */
const refusedCertificate = -2;
const fromElsewhere = { urls: ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'file://*/*', 'ftp://*/*'] };

type Confined = Pick<
  Session,
  'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler' | 'setCertificateVerifyProc' | 'on'
> & {
  readonly webRequest: Pick<Session['webRequest'], 'onBeforeRequest'>;
};

/** No camera, no devices, no download but of what the page made itself, which the system's dialog asks a place for; no certificate is good, and no request leaves the window, whatever its policy lets through. */
export function confineSession(session: Confined): void {
  session.setPermissionRequestHandler((_contents, permission, answer, { requestingUrl }) =>
    answer(granted.includes(permission) && requestingUrl.startsWith(`${pageOrigin}/`)),
  );
  session.setPermissionCheckHandler((_contents, permission, origin) => granted.includes(permission) && origin.replace(/\/$/, '') === pageOrigin);
  session.setDevicePermissionHandler(() => false);
  session.setCertificateVerifyProc((_request, answer) => answer(refusedCertificate));
  session.on('will-download', (event, item) => {
    if (!item.getURL().startsWith(fromPage)) event.preventDefault();
  });
  session.webRequest.onBeforeRequest(fromElsewhere, (_details, answer) => answer({ cancel: true }));
}
