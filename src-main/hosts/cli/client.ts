import { request } from 'node:http';
import type { Call } from '../../../src-shared/api/call-line.ts';
import { answerTimeoutsMs } from '../../../src-shared/api/method.ts';
import { formatNetworkAddress } from '../../core/net/network-address.ts';
import type { Endpoint } from '../../node/config/config-keys.ts';
import { codeOf } from '../../node/durable-file.ts';
import { readAuthorization } from '../rpc/cookie.ts';

/** The node could not be asked; `message` says why and what to do. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  /** A node that starts would answer; and nobody has taken the call, so that it may be asked again. */
  readonly isBeforeStart: boolean;

  constructor(message: string, isBeforeStart = false) {
    super(message);
    this.isBeforeStart = isBeforeStart;
  }
}

export type RpcReply = { readonly ok: true; readonly result: unknown } | { readonly ok: false; readonly code: number; readonly message: string };

/** Rejects with ConnectionError. */
export async function callNode({ method, params }: Call, endpoint: Endpoint, cookieFile: string): Promise<RpcReply> {
  const address = formatNetworkAddress(endpoint.host, endpoint.port);
  const authorization = await readAuthorization(cookieFile).catch((error: unknown) => {
    const missing = codeOf(error) === 'ENOENT';
    throw new ConnectionError(
      missing
        ? `There is no ${cookieFile}: the node is not running, or has another data directory or network (--datadir, --network).`
        : `${cookieFile} cannot be read: ${error instanceof Error ? error.message : error}`,
      missing,
    );
  });
  const { status, body } = await post(endpoint, authorization, JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })).catch((error: unknown) => {
    const refused = codeOf(error) === 'ECONNREFUSED';
    throw new ConnectionError(
      `No node answers at ${address}${refused ? ': it is not running, or answers elsewhere (--rpc).' : `: ${error instanceof Error ? error.message : error}`}`,
      refused,
    );
  });
  if (status === 401)
    throw new ConnectionError(`The node at ${address} does not accept ${cookieFile}: it is another node's, or was made anew. Check --datadir and --rpc.`, true);
  const parsed = parseReply(body);
  if (parsed === undefined) throw new ConnectionError(`What answers at ${address} is not a TIME node (HTTP ${status}).`);
  return parsed;
}

function parseReply(body: string): RpcReply | undefined {
  try {
    const { result, error } = JSON.parse(body) as { readonly result?: unknown; readonly error?: { readonly code: number; readonly message: string } | null };
    if (error === undefined || error === null) return result === undefined ? undefined : { ok: true, result };
    return { ok: false, code: error.code, message: error.message };
  } catch {
    return undefined;
  }
}

function post({ host, port }: Endpoint, authorization: string, body: string): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const headers = { authorization, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const sent = request({ host, port, method: 'POST', path: '/', headers, timeout: answerTimeoutsMs.slow, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }));
      response.on('error', reject);
    });
    sent.on('timeout', () => sent.destroy(new Error('no answer in time')));
    sent.on('error', reject);
    sent.end(body);
  });
}
