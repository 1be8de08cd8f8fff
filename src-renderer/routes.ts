import { useSyncExternalStore } from 'react';

/** Later milestones add theirs; a page that is not built is not in the list. */
export const pages = ['overview', 'peers', 'masternodes', 'consensus', 'wallet', 'explorer', 'console', 'logs', 'settings'] as const;
export type Page = (typeof pages)[number];

export const hrefOf = (page: Page, parameters: Readonly<Record<string, string>> = {}): string => {
  const query = new URLSearchParams(parameters).toString();
  return query === '' ? `#/${page}` : `#/${page}?${query}`;
};

/** The explorer has places of its own behind its name. Anything unknown leads to the overview. */
export function pageOf(hash: string): Page {
  const [path = ''] = hash.split('?', 1);
  return path.startsWith(`${hrefOf('explorer')}/`) ? 'explorer' : (pages.find((page) => path === hrefOf(page)) ?? 'overview');
}

/** The pages of the first start are no place to go to, so they are in no list. */
export const setupHref = '#/setup';
export const isSetup = (hash: string): boolean => hash.split('?', 1)[0] === setupHref;
/** The window was opened without saying where to. */
export const isNowhere = (hash: string): boolean => hash === '' || hash === '#' || hash === '#/';

/** What follows the page's name: which part of it is shown. */
export function parameterOf(hash: string, name: string): string | undefined {
  return new URLSearchParams(hash.includes('?') ? hash.slice(hash.indexOf('?') + 1) : '').get(name) ?? undefined;
}

/** A `timecoin:` link that the system handed to the app, which opens the wallet with it: `#/wallet?pay=…`. */
export function paymentLinkOf(hash: string): string | undefined {
  return pageOf(hash) === 'wallet' ? parameterOf(hash, 'pay') : undefined;
}

export function listenToAddress(listener: () => void): () => void {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
}

/** In the address, so that back, forward and reload work. */
export const usePage = (): Page => useSyncExternalStore(listenToAddress, () => pageOf(location.hash));
export const useIsSetup = (): boolean => useSyncExternalStore(listenToAddress, () => isSetup(location.hash));
export const usePaymentLink = (): string | undefined => useSyncExternalStore(listenToAddress, () => paymentLinkOf(location.hash));
export const useParameter = (name: string): string | undefined => useSyncExternalStore(listenToAddress, () => parameterOf(location.hash, name));
