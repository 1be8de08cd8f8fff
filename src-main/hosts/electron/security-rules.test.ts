import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { pageSchemes } from './page-protocol.ts';
import { windowOptions } from './window.ts';

// What no other test of this folder holds of Electron's own list (docs/adr/0014-no-electron-linter.md says which test holds what).
const root = new URL('../../../', import.meta.url);
const isProduct = (file: string): boolean => /\.tsx?$/.test(file) && !/(\.test|\.fixture)\.tsx?$/.test(file);
const under = (folder: string): { readonly file: string; readonly content: string }[] =>
  readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
    .filter(isProduct)
    .map((file) => ({ file: `${folder}/${file}`, content: readFileSync(new URL(`${folder}/${file}`, root), 'utf8') }));
const host = under('src-main/hosts/electron');
const page = under('src-renderer');

interface Rule {
  readonly why: string;
  readonly pattern: RegExp;
  /** What it finds. */
  readonly example: string;
}

const hostRules: readonly Rule[] = [
  { why: 'nothing is opened with another program', pattern: /\bopenExternal\b|\bshell\b/, example: "shell.openExternal('https://a')" },
  { why: 'pages come by their own protocol', pattern: /\bloadFile\b|loadURL\(['"`]file:/, example: "window.loadFile('index.html')" },
  { why: 'no script is put into a page', pattern: /\bexecuteJavaScript\b|\binsertCSS\b/, example: 'contents.executeJavaScript(text)' },
  {
    why: 'no switch of Chromium is turned',
    pattern: /\bappendSwitch\b|\bappendArgument\b|\bcommandLine\b/,
    example: "app.commandLine.appendSwitch('no-sandbox')",
  },
  { why: 'no feature that is off is turned on', pattern: /\benableBlinkFeatures\b/, example: "enableBlinkFeatures: 'CSSVariables'" },
  { why: 'no view beside the one window', pattern: /\bWebContentsView\b|\bBrowserView\b/, example: 'new WebContentsView()' },
  { why: 'no one takes the main process from elsewhere', pattern: /electron\/remote|\bremote\b/, example: "import '@electron/remote'" },
  { why: 'a certificate is never good', pattern: /certificate-error|\bverificationResult\b/, example: "app.on('certificate-error', trust)" },
];
const pageRules: readonly Rule[] = [
  {
    why: 'no HTML is made of strings',
    pattern: /\bdangerouslySetInnerHTML\b|\.(inner|outer)HTML\b|\binsertAdjacentHTML\b|\bdocument\.write\b/,
    example: 'a.innerHTML = text',
  },
  { why: 'nothing is embedded', pattern: /<(webview|iframe|embed)\b/, example: '<webview allowpopups />' },
  { why: 'nothing is run that is text', pattern: /\beval\(|\bnew Function\b/, example: 'eval(text)' },
  { why: 'nothing comes from elsewhere', pattern: /\b(src|href)=["'{`]*https?:/, example: '<img src="https://a/b.png">' },
];

test.each([...hostRules.map((rule) => ({ ...rule, files: host })), ...pageRules.map((rule) => ({ ...rule, files: page }))])(
  '$why',
  ({ pattern, example, files }) => {
    expect(example).toMatch(pattern);
    expect(files.length).toBeGreaterThan(10);
    expect(files.filter(({ content }) => pattern.test(content)).map(({ file }) => file)).toEqual([]);
  },
);

test('the host takes of Electron what is listed here, and the preload the bridge alone', () => {
  const taken = (content: string): string[] =>
    [...content.matchAll(/^import (?!type)\{([^}]*)\} from 'electron';/gm)].flatMap(([, names = '']) =>
      names
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== '' && !name.startsWith('type ')),
    );
  const by = new Map(host.map(({ file, content }) => [file.slice(file.lastIndexOf('/') + 1), taken(content)]));
  expect([...by].filter(([, names]) => names.length > 0).map(([file]) => file)).toEqual(expect.arrayContaining(['main.ts', 'preload.ts']));
  expect(by.get('preload.ts')?.toSorted()).toEqual(['contextBridge', 'ipcRenderer']);
  const known = [
    'app',
    'BrowserWindow',
    'dialog',
    'ipcMain',
    'Menu',
    'Notification',
    'nativeTheme',
    'powerMonitor',
    'powerSaveBlocker',
    'protocol',
    'session',
    'Tray',
  ];
  for (const [file, names] of by) if (file !== 'preload.ts') for (const name of names) expect([...known, 'utilityProcess'], file).toContain(name);
});

test('a page has these preferences and no others', () => {
  const { webPreferences } = windowOptions({ preload: '/preload.cjs', icon: '/icon.png' }, true, false);
  expect(webPreferences).toEqual({
    preload: '/preload.cjs',
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
    spellcheck: false,
    devTools: false,
  });
});

test('the page’s protocol is under the page’s policy, and serves nobody else', () => {
  expect(pageSchemes).toEqual([{ scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, bypassCSP: false } }]);
});

test('Electron is one known version', () => {
  const { devDependencies } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { readonly devDependencies: { readonly electron: string } };
  expect(devDependencies.electron).toMatch(/^\d+\.\d+\.\d+$/);
});
