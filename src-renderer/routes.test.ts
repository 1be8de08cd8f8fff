import { expect, test } from 'vitest';
import { hrefOf, pageOf, pages } from './routes.ts';

test('every page has an address of its own that leads to it', () => {
  expect(pages.map((page) => pageOf(hrefOf(page)))).toEqual([...pages]);
});

test.each(['', '#', '#/settings', '#token=abc', '#/wallet/x', '#/toString'])('%j leads to the overview', (hash) => expect(pageOf(hash)).toBe('overview'));
