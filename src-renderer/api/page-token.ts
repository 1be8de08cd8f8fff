const storageKey = 'time.token';
const inFragment = /^#token=([A-Za-z0-9_-]{1,128})$/;

interface PageAddress {
  readonly hash: string;
  readonly pathname: string;
  readonly search: string;
}

/**
 * The key of this page: from the address it was opened with, which is taken out of sight at once, else from the tab's session, so that a
 * reload works. Undefined when it was opened without one.
 *
 * @param replace puts another address into the address bar without loading it
 */
export function takePageToken(address: PageAddress, session: Pick<Storage, 'getItem' | 'setItem'>, replace: (url: string) => void): string | undefined {
  const token = inFragment.exec(address.hash)?.[1];
  if (token === undefined) return session.getItem(storageKey) ?? undefined;
  session.setItem(storageKey, token);
  replace(`${address.pathname}${address.search}`);
  return token;
}
