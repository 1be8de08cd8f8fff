import { expect, test } from 'vitest';
import { backgroundOf, confine, confineSession, windowOptions } from './window.ts';

/** Records what is set on it. */
function recorder(): { readonly set: Map<string, (...args: unknown[]) => unknown>; readonly target: never } {
  const set = new Map<string, (...args: unknown[]) => unknown>();
  const target = {
    on: (event: string, listener: (...args: unknown[]) => unknown) => void set.set(event, listener),
    webRequest: {
      onBeforeRequest: (filter: { urls: string[] }, listener: (...args: unknown[]) => unknown) => {
        set.set('onBeforeRequest', listener);
        set.set('onBeforeRequest urls', () => filter.urls);
      },
    },
    ...Object.fromEntries(
      ['setWindowOpenHandler', 'setPermissionRequestHandler', 'setPermissionCheckHandler', 'setDevicePermissionHandler', 'setCertificateVerifyProc'].map(
        (name) => [name, (handler: (...args: unknown[]) => unknown) => void set.set(name, handler)],
      ),
    ),
  };
  return { set, target: target as never };
}

test('the window is hardened, is not shown before it is drawn, and has the page’s colour', () => {
  const options = windowOptions({ preload: '/preload.cjs', icon: '/icon.png' }, true, false);
  expect(options).toMatchObject({ show: false, minWidth: 900, minHeight: 600, backgroundColor: '#0f1216' });
  expect(options.webPreferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webviewTag: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    devTools: false,
  });
  expect(backgroundOf(false)).toBe('#f6f7f9');
});

test('a page goes nowhere, opens nothing and embeds nothing', () => {
  const { set, target } = recorder();
  confine(target);
  for (const event of ['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview']) {
    let prevented = false;
    set.get(event)?.({
      preventDefault: () => {
        prevented = true;
      },
    });
    expect([event, prevented]).toEqual([event, true]);
  }
  expect(set.get('setWindowOpenHandler')?.({ url: 'https://example.invalid/' })).toEqual({ action: 'deny' });
});

const requests = [
  ['clipboard-sanitized-write', 'app://time/', true],
  ['clipboard-sanitized-write', 'https://evil.invalid/', false],
  ['clipboard-sanitized-write', 'app://time.evil.invalid/', false],
  ['clipboard-read', 'app://time/', false],
  ['media', 'app://time/', false],
  ['notifications', 'app://time/', true],
  ['notifications', 'https://evil.invalid/', false],
  ['openExternal', 'app://time/', false],
] as const;
test.each(requests)('permission %s for %s: %s', (permission, url, granted) => {
  const { set, target } = recorder();
  confineSession(target);
  const answers: unknown[] = [];
  set.get('setPermissionRequestHandler')?.({}, permission, (answer: unknown) => answers.push(answer), { requestingUrl: url });
  expect(answers).toEqual([granted]);
  expect(set.get('setPermissionCheckHandler')?.({}, permission, url)).toBe(granted);
});

test('no device, no certificate, and no request to elsewhere', () => {
  const { set, target } = recorder();
  confineSession(target);
  expect(set.get('setDevicePermissionHandler')?.({})).toBe(false);
  let answer: unknown;
  set.get('onBeforeRequest')?.({ url: 'https://example.invalid/' }, (given: unknown) => {
    answer = given;
  });
  expect(answer).toEqual({ cancel: true });
  const covered = set.get('onBeforeRequest urls')?.() as string[];
  expect(covered.map((pattern) => pattern.split(':')[0]).sort()).toEqual(['file', 'ftp', 'http', 'https', 'ws', 'wss']);
  const verdicts: unknown[] = [];
  set.get('setCertificateVerifyProc')?.({ hostname: 'example.invalid' }, (verdict: unknown) => verdicts.push(verdict));
  expect(verdicts).toEqual([-2]);
});

test.each([
  ['blob:app://time/6f1c', true],
  ['blob:https://evil.invalid/6f1c', false],
  ['blob:app://time.evil.invalid/6f1c', false],
  ['app://time/index.html', false],
  ['data:text/plain,a', false],
])('a download of %s: %s', (url, allowed) => {
  const { set, target } = recorder();
  confineSession(target);
  let prevented = false;
  const event = {
    preventDefault: () => {
      prevented = true;
    },
  };
  set.get('will-download')?.(event, { getURL: () => url });
  expect(prevented).toBe(!allowed);
});
