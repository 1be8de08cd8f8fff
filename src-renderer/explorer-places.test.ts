import { expect, test } from 'vitest';
import { addressHref, blockHref, blocksHref, outpointHref, type Place, placeOf, transactionHref, unsaidHref } from './explorer-places.ts';
import { pageOf } from './routes.ts';

const hash = 'ab'.repeat(32);

test.each<[string, Place]>([
  [blocksHref(), { kind: 'blocks', before: undefined }],
  [blocksHref(1_200), { kind: 'blocks', before: 1_200 }],
  [blockHref(0), { kind: 'block', of: 0 }],
  [blockHref(hash), { kind: 'block', of: hash }],
  [transactionHref(hash), { kind: 'transaction', txid: hash }],
  [addressHref('TIME2x'), { kind: 'address', address: 'TIME2x' }],
  [outpointHref(`${hash}:7`), { kind: 'outpoint', txid: hash, vout: 7 }],
  [`#/explorer/search/${hash}`, { kind: 'search', text: hash }],
  [unsaidHref, { kind: 'search', text: '' }],
  ['#/explorer/search/50%20%25%20of%20a%2Fb%3Fc', { kind: 'search', text: '50 % of a/b?c' }],
  ['#/explorer/', { kind: 'blocks', before: undefined }],
  ['#/explorer?before=x', { kind: 'blocks', before: undefined }],
  ['#/explorer/block/x', { kind: 'search', text: 'x' }],
  ['#/explorer/block/4294967296', { kind: 'search', text: '4294967296' }],
  [`#/explorer/tx/${hash}0`, { kind: 'search', text: `${hash}0` }],
  [`#/explorer/outpoint/${hash}:1:2`, { kind: 'search', text: `${hash}:1:2` }],
  ['#/explorer/nowhere/at/all', { kind: 'search', text: 'nowhere/at/all' }],
  ['#/explorer/search/%', { kind: 'search', text: '%' }],
])('%s', (href, place) => {
  expect(placeOf(href)).toEqual(place);
  expect(pageOf(href)).toBe('explorer');
});
