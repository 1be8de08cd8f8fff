import type { MethodName, ParsedRequest, Response } from '../../../src-shared/api/contract.ts';

/** Gets a request that is validated, with its defaults. Throws CodedError for what the caller can do something about. */
export type Handler<M extends MethodName> = (request: ParsedRequest<M>) => Response<M> | Promise<Response<M>>;
export type Handlers = { readonly [M in MethodName]: Handler<M> };
/** Those of one group: it does not compile with one missing. */
export type HandlersOf<Group extends object> = { readonly [M in keyof Group & MethodName]: Handler<M> };
