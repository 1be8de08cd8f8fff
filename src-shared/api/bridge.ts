import type { Reply } from './method.ts';
import type { TopicEvent } from './topics.ts';

/** What the preload puts into the page: one invoke, one event channel. Untyped on purpose: both sides validate by the contract. */
export interface Bridge {
  invoke(method: string, params: unknown): Promise<Reply<unknown>>;
  /** Answers what ends the subscription. */
  subscribe(topic: string, listener: (event: TopicEvent) => void): () => void;
}

/** Names of the IPC channels, so that main and preload cannot disagree. */
export const channels = { invoke: 'time:invoke', subscribe: 'time:subscribe', unsubscribe: 'time:unsubscribe', event: 'time:event' } as const;

/** Frames of the WebSocket: requests and subscriptions from the page, replies and events from the node. */
export type ClientFrame =
  | { readonly kind: 'call'; readonly id: number; readonly method: string; readonly params: unknown }
  | { readonly kind: 'subscribe'; readonly topic: string }
  | { readonly kind: 'unsubscribe'; readonly topic: string };
export type ServerFrame =
  | { readonly kind: 'reply'; readonly id: number; readonly reply: Reply<unknown> }
  | { readonly kind: 'event'; readonly event: TopicEvent }
  | { readonly kind: 'error'; readonly message: string };
