import Fastify from 'fastify';
import { formatNetworkAddress } from '../../core/net/network-address.ts';
import type { Endpoint } from '../../node/config/config-keys.ts';
import { listenError } from '../../node/transport/network-errors.ts';
import type { NodeServices } from '../api/node-services.ts';
import type { Api } from '../api/registry.ts';
import { closeInTime, trackSockets } from '../track-sockets.ts';
import { type Cookie, writeCookie } from './cookie.ts';
import { answerJsonRpc } from './json-rpc.ts';
import { isLocalHost } from './local-request.ts';
import { makeMetrics } from './metrics.ts';

export interface RpcServerOptions {
  readonly endpoint: Endpoint;
  readonly cookieFile: string;
  readonly api: Api;
  readonly services: NodeServices;
}
export interface RpcServer {
  /** host:port */
  readonly address: string;
  readonly cookieFile: string;
  /** Answers under way are finished; then no socket is left, and no cookie. */
  close(): Promise<void>;
}

/** A batch of the largest transactions in hex fits; a page's worth of scripts does not need more. */
const maxBodyBytes = 16 * 1024 * 1024;
/** Scripts of one person. */
const maxConnections = 200;
const requestTimeoutMs = 30_000;

/** JSON-RPC and metrics over HTTP, on this machine, for who may read the cookie file. */
export async function startRpcServer({ endpoint, cookieFile, api, services }: RpcServerOptions): Promise<RpcServer> {
  const app = Fastify({
    logger: false,
    bodyLimit: maxBodyBytes,
    requestTimeout: requestTimeoutMs,
    forceCloseConnections: 'idle',
    exposeHeadRoutes: false,
    // An address that is none is answered before anybody has been asked who they are.
    frameworkErrors: (_error, _request, reply) => void reply.raw.writeHead(400).end(),
  });
  app.server.maxConnections = maxConnections;
  const sockets = trackSockets(app.server);
  const metrics = makeMetrics(services);
  let cookie: Cookie | undefined;

  app.addHook('onRequest', async (request, reply) => {
    // Not even an explanation for who should not be here.
    if (!isLocalHost(request.headers.host) || request.headers.origin !== undefined) return reply.code(403).send();
    if (cookie?.matches(request.headers.authorization) === true) return undefined;
    return reply.code(401).header('www-authenticate', 'Basic realm="jsonrpc"').send();
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.setNotFoundHandler((request, reply) => reply.code(request.method === 'POST' ? 404 : 405).send());
  app.setErrorHandler((error: { readonly statusCode?: number; readonly message: string }, _request, reply) =>
    reply
      .code(error.statusCode ?? 500)
      .type('text/plain')
      .send(error.statusCode === undefined ? 'internal error' : error.message),
  );
  app.post('/', async (request, reply) => {
    const { status, body } = await answerJsonRpc(typeof request.body === 'string' ? request.body : '', api);
    reply.code(status);
    return body === undefined ? reply.send() : reply.type('application/json').send(JSON.stringify(body));
  });
  app.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()));

  const close = async (): Promise<void> => {
    await closeInTime(sockets, () => app.close());
    metrics.stop();
    await cookie?.remove();
  };
  try {
    await app.listen({ host: endpoint.host, port: endpoint.port }).catch((error: Error) => {
      throw listenError('rpc', error);
    });
    // Only who holds the port writes the cookie: another node's must not be replaced.
    cookie = await writeCookie(cookieFile);
  } catch (error) {
    await close();
    throw error;
  }
  const bound = app.server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : endpoint.port;
  return { address: formatNetworkAddress(endpoint.host, port), cookieFile, close };
}
