import { useSyncExternalStore } from 'react';

/** Later milestones add theirs; a page that is not built is not in the list. */
export const pages = ['overview', 'peers', 'consensus', 'wallet'] as const;
export type Page = (typeof pages)[number];

export const hrefOf = (page: Page): string => `#/${page}`;

/** Anything unknown leads to the overview. */
export const pageOf = (hash: string): Page => pages.find((page) => hash === hrefOf(page)) ?? 'overview';

function listen(listener: () => void): () => void {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
}

/** In the address, so that back, forward and reload work. */
export const usePage = (): Page => useSyncExternalStore(listen, () => pageOf(location.hash));
