import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import fastifyWebsocket from '@fastify/websocket';
import Fastify from 'fastify';
import { formatNetworkAddress } from '../../core/net/network-address.ts';
import type { Endpoint } from '../../node/config/config-keys.ts';
import type { Logger } from '../../node/logging/logger.ts';
import { listenError } from '../../node/transport/network-errors.ts';
import type { Api } from '../api/registry.ts';
import type { TopicPublisher } from '../api/topics.ts';
import { isLocalHost } from '../rpc/local-request.ts';
import { closeInTime, trackSockets } from '../track-sockets.ts';
import { makePages, securityHeaders } from './page.ts';
import { closeCodes, PageSession } from './page-session.ts';

export interface WebServerOptions {
  readonly endpoint: Endpoint;
  /** The built pages. */
  readonly pages: URL;
  /** Who shows it may speak: `newPageToken()`. */
  readonly token: string;
  readonly api: Api;
  readonly topics: Pick<TopicPublisher, 'subscribe'>;
  readonly log: Logger;
}
export interface WebServer {
  /** host:port */
  readonly address: string;
  /** With the token in the fragment, which browsers send to nobody. Not for logs. */
  readonly url: string;
  /** Resolves when no socket is left. */
  close(): Promise<void>;
}

/** A frame with a block's worth of a transaction in hex fits. */
const maxFrameBytes = 4 * 1024 * 1024;
/** Windows of one person. */
const maxPages = 32;
const maxConnections = 200;
const requestTimeoutMs = 30_000;
const subprotocol = 'time.v1';
const tokenPrefix = 'token.';

const digest = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();

export const newPageToken = (): string => randomBytes(32).toString('base64url');

/** Pages and their WebSocket, on this machine. The pages hold no secret; whoever speaks through the WebSocket shows the token. */
export async function startWebServer({ endpoint, pages: directory, token, api, topics, log }: WebServerOptions): Promise<WebServer> {
  const expected = digest(token);
  const pages = makePages(directory);
  const app = Fastify({
    logger: false,
    forceCloseConnections: true,
    requestTimeout: requestTimeoutMs,
    exposeHeadRoutes: false,
    // An address that is none is answered before its Host has been looked at.
    frameworkErrors: (_error, _request, reply) => void reply.raw.writeHead(400, securityHeaders()).end(),
  });
  app.server.maxConnections = maxConnections;
  // An upgraded socket leaves the HTTP server's own list: without this one refused, unread upgrade would keep close() waiting for ever.
  const sockets = trackSockets(app.server);
  app.addHook('preClose', async () => {
    for (const client of app.websocketServer.clients) client.close(closeCodes.goingAway, 'the node is stopping');
    for (const socket of sockets) socket.destroySoon();
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders());
    if (!isLocalHost(request.headers.host)) return reply.code(421).send();
    return undefined;
  });
  await app.register(fastifyWebsocket, {
    options: {
      maxPayload: maxFrameBytes,
      perMessageDeflate: false,
      handleProtocols: (protocols: Set<string>) => (protocols.has(subprotocol) ? subprotocol : false),
    },
  });

  app.get(
    '/ws',
    {
      websocket: true,
      preValidation: async (request, reply) => {
        // The page's own origin, under whatever local name it was opened; a tunnel may have another port.
        if (request.headers.origin !== `http://${request.headers.host}`) return reply.code(403).send();
        if (!timingSafeEqual(digest(offeredToken(request.headers['sec-websocket-protocol'])), expected)) return reply.code(401).send();
        if (app.websocketServer.clients.size >= maxPages) return reply.code(503).send();
        return undefined;
      },
    },
    (socket) => {
      const session = new PageSession(
        {
          send: (text) => socket.send(text),
          bufferedBytes: () => socket.bufferedAmount,
          close: (code, reason) => {
            socket.close(code, reason);
            // A reader that is too slow does not read the goodbye either.
            setTimeout(() => socket.terminate(), 1_000).unref();
          },
        },
        api,
        topics,
      );
      socket.on('message', (data: Buffer, isBinary: boolean) => void session.receive(isBinary ? undefined : data.toString('utf8')));
      socket.on('close', () => session.closed());
      // An oversized frame, broken UTF-8: the library closes the socket with the right code.
      socket.on('error', (error) => log.debug('a page broke the protocol', { error: error.message }));
    },
  );
  app.get('/*', async (request, reply) => {
    const { status, headers, body } = await pages(request.url.split('?', 1)[0] ?? '/');
    return reply
      .code(status)
      .headers(headers)
      .send(typeof body === 'string' ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength));
  });
  app.setNotFoundHandler((_request, reply) => reply.code(404).headers(securityHeaders()).send());

  await app.listen({ host: endpoint.host, port: endpoint.port }).catch((error: Error) => {
    throw listenError('web', error);
  });
  const bound = app.server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : endpoint.port;
  const address = formatNetworkAddress(endpoint.host, port);
  return { address, url: `http://${address}/#token=${token}`, close: () => closeInTime(sockets, () => app.close()) };
}

/** Browsers let a page choose nothing of a WebSocket's request but its address, which is logged in places, and its subprotocols. */
const offeredToken = (protocols: string | undefined): string =>
  (protocols ?? '')
    .split(/,\s*/)
    .find((protocol) => protocol.startsWith(tokenPrefix))
    ?.slice(tokenPrefix.length) ?? '';
