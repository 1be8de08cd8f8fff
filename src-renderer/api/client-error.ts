import type { ApiError, ErrorCode } from '../../src-shared/api/method.ts';
import type { TopicEvent } from '../../src-shared/api/topics.ts';

/**
 * Why a call gave no value. `disconnected`: it never reached the node, or the connection ended before the answer; `no-answer`: nothing came in
 * time, and whether it was done is not known; `not-understood`: the answer is not what the contract says.
 */
export type ClientErrorCode = ErrorCode | 'disconnected' | 'no-answer' | 'not-understood';

export interface ClientError {
  readonly code: ClientErrorCode;
  readonly message: string;
  readonly data?: ApiError['data'];
}

/** Calls answer with values, never by throwing, so that no failure is left unworded. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ClientError };

export const failed = (code: ClientErrorCode, message: string): { readonly ok: false; readonly error: ClientError } => ({
  ok: false,
  error: { code, message },
});

/** What the client needs of a bridge. The preload's fits as it is; the one over a WebSocket has failures of its own to tell. */
export interface ClientBridge {
  invoke(method: string, params: unknown): Promise<Outcome<unknown>>;
  /** One listener for each topic; the client sees to it. Answers what ends the subscription. */
  subscribe(topic: string, listener: (event: TopicEvent) => void): () => void;
}
