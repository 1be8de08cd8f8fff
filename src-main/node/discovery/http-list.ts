import { type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { isIp, isLocal, normalizeHost } from '../../core/net/network-address.ts';
import type { Endpoint } from '../config/config-keys.ts';
import { openTunnel } from '../transport/proxy.ts';

/** A thousand addresses with their keys are 130 KB. */
const maxListBytes = 256 * 1024;
/** For the list as a whole, redirects included. */
const listTimeoutMs = 10_000;
/** To another host and its own slash, as web servers do; what redirects more often is a loop. */
const maxRedirects = 3;

export interface HttpListOptions {
  /** Gives up at once. */
  readonly signal: AbortSignal;
  readonly userAgent: string;
  readonly timeoutMs?: number;
  /** For lists that are not on this machine or its own network. */
  readonly proxy?: Endpoint | undefined;
}

/** The text behind a URL. Rejects with an Error that says in a few words why there is none. */
export async function fetchList(url: string, { signal, userAgent, timeoutMs = listTimeoutMs, proxy }: HttpListOptions): Promise<string> {
  const deadline = AbortSignal.timeout(timeoutMs);
  try {
    return await follow(new URL(url), { signal: AbortSignal.any([signal, deadline]), userAgent, timeoutMs, proxy });
  } catch (error) {
    if (deadline.aborted) throw new Error(`no answer within ${timeoutMs} ms`, { cause: error });
    throw new Error(wordsOf(error), { cause: error });
  }
}

type GetOptions = Required<Pick<HttpListOptions, 'signal' | 'userAgent' | 'timeoutMs'>> & Pick<HttpListOptions, 'proxy'>;

async function follow(start: URL, options: GetOptions): Promise<string> {
  let url = start;
  for (let redirects = 0; redirects <= maxRedirects; redirects++) {
    const response = await get(url, options);
    try {
      const { statusCode = 0, headers } = response;
      if (statusCode < 300 || statusCode >= 400 || headers.location === undefined) return await textOf(response);
      url = next(url, headers.location);
    } finally {
      response.destroy();
    }
  }
  throw new Error(`more than ${maxRedirects} redirects`);
}

async function get(url: URL, { signal, userAgent, timeoutMs, proxy }: GetOptions): Promise<IncomingMessage> {
  const isSecret = url.protocol === 'https:';
  const host = normalizeHost(url.hostname.replace(/^\[|\]$/g, ''));
  const options: RequestOptions = { signal, agent: false, headers: { accept: 'application/json, text/plain', 'user-agent': userAgent } };
  const isProxied = proxy !== undefined && !isLocal(host);
  const socket = isProxied ? await tunnelTo({ host, port: url.port === '' ? (isSecret ? 443 : 80) : Number(url.port) }, proxy, timeoutMs, signal) : undefined;
  if (socket !== undefined) {
    // A name that is an IP is not one that TLS could ask for.
    const secured = () => connectTls({ socket, ...(isIp(host) ? { host } : { servername: host }) });
    delete options.agent;
    options.createConnection = isSecret ? secured : () => socket;
  }
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const request = (isSecret ? requestHttps : requestHttp)(url, options);
  request.on('response', resolve).on('error', reject).end();
  // It came paused, so that nothing of it was lost.
  socket?.resume();
  return await promise;
}

function tunnelTo(target: { readonly host: string; readonly port: number }, proxy: Endpoint, timeoutMs: number, signal: AbortSignal): Promise<Socket> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      tunnel.cancel();
      reject(signal.reason);
    };
    const tunnel = openTunnel({
      proxy,
      target,
      timeoutMs,
      onOpen: (socket) => {
        signal.removeEventListener('abort', onAbort);
        resolve(socket);
      },
      onFailed: ({ detail }) => {
        signal.removeEventListener('abort', onAbort);
        reject(new Error(detail));
      },
    });
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

/** A list that was asked for in secret is not read in the open. */
function next(from: URL, location: string): URL {
  const to = URL.parse(location, from.href);
  if (to === null || !(to.protocol === 'https:' || (to.protocol === 'http:' && from.protocol === 'http:'))) throw new Error(`redirected to ${location}`);
  return to;
}

async function textOf(response: IncomingMessage): Promise<string> {
  const { statusCode = 0, headers } = response;
  if (statusCode < 200 || statusCode >= 300) throw new Error(`the server answered ${statusCode}`);
  const type = headers['content-type'] ?? 'text/plain';
  if (!/^(?:application\/(?:[\w.-]+\+)?json|text\/plain)\s*(?:;|$)/i.test(type))
    throw new Error(`the server answered with ${type}, and not with JSON or plain text`);
  // Nothing packed was asked for; a small answer may unpack to a large one.
  const coding = headers['content-encoding'] ?? 'identity';
  if (coding !== 'identity') throw new Error(`the server packed its answer as ${coding}`);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > maxListBytes) throw new Error(`longer than ${maxListBytes} bytes`);
    chunks.push(chunk);
  }
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
}

const wordsOf = (error: unknown): string => String((error as NodeJS.ErrnoException).code ?? (error instanceof Error ? error.message : error));
