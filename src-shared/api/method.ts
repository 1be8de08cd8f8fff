import type * as z from 'zod';

/**
 * One method of the contract. Every front door is made from these declarations: the types of handlers and clients, validation,
 * the help, and docs/api.md. Parameters are an object; where a caller gives a list (JSON-RPC, command line), its order is the
 * order of the shape's keys.
 */
export interface MethodDeclaration<Request extends z.ZodObject = z.ZodObject, Response extends z.ZodType = z.ZodType> {
  readonly group: MethodGroup;
  /** One sentence, shown by `help`. */
  readonly summary: string;
  readonly request: Request;
  readonly response: Response;
  /** Coded errors besides `invalid-params` and `internal`, which any method may answer with. */
  readonly errors: readonly ErrorCode[];
  /** It goes through what grows with the chain, and may take minutes: who waits for its answer waits longer. */
  readonly slow?: true;
}
export type MethodGroup = 'chain' | 'network' | 'consensus' | 'masternodes' | 'transactions' | 'wallet' | 'control';

export const method = <Request extends z.ZodObject, Response extends z.ZodType>(
  declaration: MethodDeclaration<Request, Response>,
): MethodDeclaration<Request, Response> => declaration;

/** A node that has not answered by then is hung. Opening the vault takes a second or two on a slow machine; an audit of a large coin set takes minutes. */
export const answerTimeoutsMs = { usual: 30_000, slow: 15 * 60_000 } as const;

/** Every coded error of the contract, with its JSON-RPC number: Bitcoin Core's where the thing exists there (src/rpc/protocol.h). */
export const errorNumbers = {
  'parse-error': -32_700,
  'invalid-request': -32_600,
  'method-not-found': -32_601,
  'invalid-params': -32_602,
  internal: -32_603,
  'misc-error': -1,
  'wallet-error': -4,
  'invalid-address': -5,
  'not-found': -5,
  'insufficient-funds': -6,
  'invalid-parameter': -8,
  'wallet-passphrase-incorrect': -14,
  'wallet-locked': -13,
  'wallet-passphrase-delayed': -14,
  'wallet-not-found': -18,
  'wallet-already-exists': -36,
  'invalid-words': -8,
  'invalid-backup': -22,
  'deserialization-error': -22,
  'max-fee-exceeded': -25,
  'node-already-added': -23,
  'node-not-added': -24,
  'transaction-rejected': -26,
  'transaction-already-settled': -27,
  'in-warmup': -28,
  'node-not-connected': -29,
  'invalid-subnet': -30,
  'not-confirmed': -32,
  'confirmation-needed': -8,
  'too-many-blocks': -8,
  'no-undo-data': -1,
  reverting: -28,
} as const satisfies Record<string, number>;
export type ErrorCode = keyof typeof errorNumbers;

export interface ApiError {
  readonly code: ErrorCode;
  /** For people; the renderer words the codes it knows itself. */
  readonly message: string;
  /** What a program needs to say it well, such as a rejection's code or the amounts that were short. */
  readonly data?: Readonly<Record<string, string | number | boolean>>;
}
export type Reply<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ApiError };
