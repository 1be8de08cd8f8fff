import type { CustomScheme, Protocol } from 'electron';
import type { Pages } from '../headless/page.ts';
import { pageHost, pageScheme } from './page-origin.ts';

/** Before Electron is ready: an origin like that of https, with fetch for the page's own files, and nothing around its policy. */
export const pageSchemes: CustomScheme[] = [{ scheme: pageScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, bypassCSP: false } }];

/** The same answers as over HTTP, headers included. */
export function servePages(protocol: Pick<Protocol, 'handle'>, pages: Pages): void {
  protocol.handle(pageScheme, async (request) => {
    const { host, pathname } = new URL(request.url);
    if (host !== pageHost || (request.method !== 'GET' && request.method !== 'HEAD')) return new Response(null, { status: 404 });
    const { status, headers, body } = await pages(pathname);
    return new Response(request.method === 'HEAD' ? null : body, { status, headers });
  });
}
