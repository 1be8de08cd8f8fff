import { type ApiError, errorNumbers, type Reply } from '../../../src-shared/api/method.ts';
import type { Api } from '../api/registry.ts';

/**
 * JSON-RPC 2.0, and the form without a version that Bitcoin Core's clients send: there a result comes with `error: null`, and an error with an
 * HTTP status of its own. Both as Bitcoin Core answers them (src/httprpc.cpp, src/rpc/request.cpp).
 */
export interface HttpAnswer {
  readonly status: number;
  /** Undefined: no content. */
  readonly body: unknown;
}

/** More than any script gathers for one answer; each is carried out before the next, since later ones may rely on earlier ones. */
export const maxBatch = 1_000;

type Id = string | number | null;
interface RpcRequest {
  /** 2.0, where a request without an id is a notification and is not answered. */
  readonly modern: boolean;
  readonly id: Id | undefined;
  readonly method: string;
  readonly params: unknown;
}

const httpStatus: Partial<Record<ApiError['code'], number>> = { 'parse-error': 400, 'invalid-request': 400, 'method-not-found': 404 };

export async function answerJsonRpc(text: string, api: Api): Promise<HttpAnswer> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return failed(undefined, { code: 'parse-error', message: `This is no JSON: ${error instanceof Error ? error.message : error}` });
  }
  if (!Array.isArray(value)) return answerOne(value, api);
  if (value.length === 0 || value.length > maxBatch) return failed(undefined, { code: 'invalid-request', message: `A batch has 1 to ${maxBatch} requests.` });
  const replies: unknown[] = [];
  for (const one of value) {
    const { body } = await answerOne(one, api);
    if (body !== undefined) replies.push(body);
  }
  return replies.length === 0 ? { status: 204, body: undefined } : { status: 200, body: replies };
}

async function answerOne(value: unknown, api: Api): Promise<HttpAnswer> {
  const request = parseRequest(value);
  if (typeof request === 'string') return failed(requestLike(value), { code: 'invalid-request', message: request });
  const reply = await api.call(request.method, request.params, 'rpc');
  if (request.modern && request.id === undefined) return { status: 204, body: undefined };
  return reply.ok ? succeeded(request, reply) : failed(request, reply.error);
}

/** Answers what is wrong with it. */
function parseRequest(value: unknown): RpcRequest | string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'A request is an object.';
  const { jsonrpc, id, method, params } = value as Readonly<Record<string, unknown>>;
  if (jsonrpc !== undefined && jsonrpc !== '2.0' && jsonrpc !== '1.0') return 'jsonrpc must be "2.0", "1.0" or absent.';
  if (typeof method !== 'string') return 'method must be a string.';
  if (params !== undefined && params !== null && typeof params !== 'object') return 'params must be a list or an object.';
  const known = idOf(id);
  if (known === undefined && id !== undefined) return 'id must be a string, a number or null.';
  return { modern: jsonrpc === '2.0', id: known, method, params };
}

const idOf = (id: unknown): Id | undefined => (typeof id === 'string' || typeof id === 'number' || id === null ? id : undefined);

/** What of a broken request can go in its answer. */
function requestLike(value: unknown): Pick<RpcRequest, 'modern' | 'id'> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { modern: true, id: null };
  const { jsonrpc, id } = value as Readonly<Record<string, unknown>>;
  return { modern: jsonrpc === '2.0', id: idOf(id) };
}

const succeeded = ({ modern, id = null }: Pick<RpcRequest, 'modern' | 'id'>, reply: Extract<Reply<unknown>, { ok: true }>): HttpAnswer => ({
  status: 200,
  body: modern ? { jsonrpc: '2.0', result: reply.value, id } : { result: reply.value, error: null, id },
});

function failed(request: Pick<RpcRequest, 'modern' | 'id'> | undefined, { code, message, data }: ApiError): HttpAnswer {
  const { modern, id = null } = request ?? { modern: true, id: null };
  const error = { code: errorNumbers[code], message, data: { code, ...data } };
  const status = httpStatus[code] ?? 500;
  // 2.0 has its errors in the answer alone, unless it was no request at all.
  return modern ? { status: status === 400 ? 400 : 200, body: { jsonrpc: '2.0', error, id } } : { status, body: { result: null, error, id } };
}
