import { expect, test } from 'vitest';
import { takePageToken } from './page-token.ts';

const session = (stored: Record<string, string> = {}) => ({
  stored,
  getItem: (key: string) => stored[key] ?? null,
  setItem(key: string, value: string) {
    stored[key] = value;
  },
});
const at = (hash: string) => ({ hash, pathname: '/', search: '' });

test('the key goes from the address to the session, and a reload finds it there', () => {
  const tab = session();
  const replaced: string[] = [];
  expect(takePageToken(at('#token=abc_-9'), tab, (url) => replaced.push(url))).toBe('abc_-9');
  expect(replaced).toEqual(['/']);
  expect(takePageToken(at('#/peers'), tab, (url) => replaced.push(url))).toBe('abc_-9');
  expect(replaced).toHaveLength(1);
});

test('a newer key replaces the old one', () => {
  const tab = session({ 'time.token': 'old' });
  expect(takePageToken(at('#token=new'), tab, () => undefined)).toBe('new');
  expect(tab.stored).toEqual({ 'time.token': 'new' });
});

test.each(['', '#', '#token=', '#token=a b', '#/wallet'])('%j has none', (hash) => {
  expect(takePageToken(at(hash), session(), () => undefined)).toBeUndefined();
});
