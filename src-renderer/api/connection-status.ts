/** Whether the window hears its node. */
export type ConnectionStatus =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'open' }
  /** `refused`: a node answers there, but not to this page's key. */
  | { readonly kind: 'waiting'; readonly why: 'not-running' | 'refused'; readonly retryAtMs: number }
  /** The page was opened without the key that the node prints at its start. */
  | { readonly kind: 'no-key' };
