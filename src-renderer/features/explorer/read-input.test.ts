import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeAddress } from '../../../src-shared/domain/address.ts';
import type { Lock } from '../../../src-shared/domain/ids.ts';
import { testRuns } from '../../../src-shared/domain/test-runs.fixture.ts';
import { addressHref, blockHref, outpointHref, placeOf } from '../../explorer-places.ts';
import { hrefOfReading, inputOfPlace, isUnsaid, type Reading, readInput } from './read-input.ts';

const hash = 'ab'.repeat(32);
const lock = '11'.repeat(20) as Lock;
const address = encodeAddress(lock, 'devnet');
const elsewhere = encodeAddress(lock, 'mainnet');
const nothing = (why: object): unknown => ({ kind: 'nothing', why });

test.each<[string, unknown]>([
  ['', { kind: 'empty' }],
  [' \n', { kind: 'empty' }],
  ['0', { kind: 'height', height: 0 }],
  [' 1204 ', { kind: 'height', height: 1_204 }],
  ['#1204', { kind: 'height', height: 1_204 }],
  ['1,204', { kind: 'height', height: 1_204 }],
  ['1.204.000', { kind: 'height', height: 1_204_000 }],
  ['1 204', { kind: 'height', height: 1_204 }],
  ['4294967296', nothing({ kind: 'number-too-large' })],
  [hash, { kind: 'hash', hash }],
  ['1'.repeat(64), { kind: 'hash', hash: '1'.repeat(64) }],
  [`"${hash.toUpperCase()}"`, { kind: 'hash', hash }],
  [`${hash.slice(0, 30)}\n${hash.slice(30)}`, { kind: 'hash', hash }],
  [hash.slice(1), nothing({ kind: 'hash-length', digits: 63 })],
  [`${hash}0`, nothing({ kind: 'hash-length', digits: 65 })],
  [`${hash}:0`, { kind: 'outpoint', txid: hash, vout: 0 }],
  [`${hash.toUpperCase()}:17.`, { kind: 'outpoint', txid: hash, vout: 17 }],
  [`${hash}:`, nothing({ kind: 'output-number' })],
  [`${hash}:x`, nothing({ kind: 'output-number' })],
  [`${hash}:4294967296`, nothing({ kind: 'output-number' })],
  [address, { kind: 'address', address }],
  [`timecoin:${address}?amount=2`, { kind: 'address', address }],
  [`timecoin://${address}`, nothing({ kind: 'address', error: 'slashes' })],
  [elsewhere, nothing({ kind: 'address', error: 'network' })],
  [address.slice(0, -1), nothing({ kind: 'address', error: 'length' })],
  [address.toLowerCase(), nothing({ kind: 'address', error: 'prefix' })],
  ['-1', nothing({ kind: 'unknown' })],
  ['"', nothing({ kind: 'unknown' })],
  ['masternode', nothing({ kind: 'unknown' })],
  [`http://127.0.0.1:1/#/explorer/?before=7`, { kind: 'empty' }],
  [`http://127.0.0.1:1/#/explorer/block/7`, { kind: 'height', height: 7 }],
  [`#/explorer/block/${hash}`, { kind: 'hash', hash }],
  [`#/explorer/search/${hash}`, { kind: 'hash', hash }],
  [`#/explorer/tx/${hash}`, { kind: 'hash', hash }],
  [`#/explorer/outpoint/${hash}:0`, { kind: 'outpoint', txid: hash, vout: 0 }],
  [`#/explorer/address/${address}`, { kind: 'address', address }],
  ['#/explorer/address/hunter2', nothing({ kind: 'unknown' })],
  ['#/explorer/search/hunter2', nothing({ kind: 'unknown' })],
  [`#/explorer/${'time%20'.repeat(12)}`, nothing({ kind: 'wallet-words' })],
  ['correct horse battery staple', nothing({ kind: 'unknown' })],
  ['time '.repeat(12), nothing({ kind: 'wallet-words' })],
  ['face dad add '.repeat(8), nothing({ kind: 'wallet-words' })],
  [`${'abandon '.repeat(11)}\nAbout`, nothing({ kind: 'wallet-words' })],
  [Array.from({ length: 24 }, (_, at) => `${at + 1}. zoo`).join(', '), nothing({ kind: 'wallet-words' })],
  [Array.from({ length: 12 }, (_, at) => `${at + 1}.zoo`).join('\n'), nothing({ kind: 'wallet-words' })],
])('%j', (typed, reading) => expect(readInput(typed, 'devnet')).toEqual(reading));

test('before the network is known, an address is the node’s to judge', () => {
  expect(readInput(elsewhere, undefined)).toEqual({ kind: 'address', address: elsewhere });
  expect(readInput('timeflies', undefined)).toEqual(nothing({ kind: 'address', error: 'prefix' }));
  expect(readInput(elsewhere.slice(0, -1), undefined)).toEqual(nothing({ kind: 'address', error: 'length' }));
});

test('what leads somewhere leads to a page whose field reads the same', () => {
  const ways: [Reading, string][] = [
    [{ kind: 'height', height: 7 }, blockHref(7)],
    [{ kind: 'address', address }, addressHref(address)],
    [{ kind: 'outpoint', txid: hash, vout: 3 }, outpointHref(`${hash}:3`)],
  ];
  for (const [reading, href] of ways) expect(readInput(inputOfPlace(placeOf(href)), 'devnet')).toEqual(reading);
});

test('whatever is typed, an address has nothing of it before the node found it', () => {
  const places = /^#\/explorer$/;
  const start = fc.constantFrom('', 'time', 'TIME2', 'timecoin:', '#/explorer/', '#/explorer?before=', '#/explorer/address/', '#/explorer/block/', `${hash}:`);
  const end = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 80 }), fc.string({ unit: fc.constantFrom(...'0123456789abcdef ./#%'), maxLength: 70 }));
  fc.assert(
    fc.property(start, end, fc.constantFrom('devnet', undefined), (first, last, network) => {
      const reading = readInput(first + last, network);
      // Nothing by chance has the checksum of an address.
      if (!isUnsaid(reading)) expect(hrefOfReading(reading)).toMatch(places);
    }),
    { numRuns: testRuns(300) },
  );
});
