import { randomBytes } from 'node:crypto';
import { type Dirent, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** One answer to a page's request, whoever carries it: HTTP here, app:// in the window. */
export interface PageResponse {
  readonly status: 200 | 404;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer>;
}
/** `path` as a URL has it, with its slash and without its query. */
export type Pages = (path: string) => Promise<PageResponse>;

/** The build leaves this in the page where its styles' nonce goes (electron.vite.config.ts). */
const noncePlaceholder = '__CSP_NONCE__';

/**
 * Nothing from elsewhere, no script but the bundled ones, no eval, no HTML made of strings. Styles that components make carry a nonce made anew for each
 * page load.
 */
const contentSecurityPolicy = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types default',
  ].join('; ');

const newNonce = (): string => randomBytes(16).toString('base64');

/** On every answer, of whatever kind. */
const headersWith = (nonce: string): Record<string, string> => ({
  'content-security-policy': contentSecurityPolicy(nonce),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
});
export const securityHeaders = (): Record<string, string> => headersWith(newNonce());

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

/** The built pages. Only files that are there now can be asked for, by their exact names: no path leads anywhere else. */
export function makePages(directory: URL): Pages {
  const root = fileURLToPath(directory);
  const files = new Map(filesBelow(root, '').map((path) => [`/${path}`, join(root, ...path.split('/'))]));
  return async (path) => {
    const file = files.get(path === '/' ? '/index.html' : path);
    if (file === undefined) return notFound(files.size === 0 ? 'The pages have not been built.' : 'There is no such page.');
    const contentType = contentTypes[extname(file)] ?? 'application/octet-stream';
    if (!file.endsWith('.html'))
      return {
        status: 200,
        headers: { ...securityHeaders(), 'content-type': contentType, 'cache-control': 'no-cache' },
        body: new Uint8Array(await readFile(file)),
      };
    const nonce = newNonce();
    const page = (await readFile(file, 'utf8')).replaceAll(noncePlaceholder, nonce);
    return { status: 200, headers: { ...headersWith(nonce), 'content-type': contentType, 'cache-control': 'no-store' }, body: page };
  };
}

const notFound = (body: string): PageResponse => ({ status: 404, headers: { ...securityHeaders(), 'content-type': 'text/plain; charset=utf-8' }, body });

/** Not recursive by the system's function, which archives of packaged apps do not offer. */
function filesBelow(root: string, below: string): string[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(join(root, below), { withFileTypes: true });
  } catch {
    return [];
  }
  return entries.flatMap((entry) => {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) return filesBelow(root, path);
    return entry.isFile() ? [path] : [];
  });
}
