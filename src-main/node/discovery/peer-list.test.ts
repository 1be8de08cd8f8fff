import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testRuns } from '../../../src-shared/domain/test-runs.fixture.ts';
import { maxListedAddresses, parsePeerList } from './peer-list.ts';

const key = 'ab'.repeat(32);
const plain = (...addresses: string[]) => addresses.map((address) => ({ address, nodeId: undefined }));

describe('forms', () => {
  it.each([
    ['an array of addresses', '["1.2.3.4:24000", "seed.example:24000"]', plain('1.2.3.4:24000', 'seed.example:24000')],
    [
      'an array of objects',
      `[{"address":"1.2.3.4:24000","nodeId":"${key}"},{"address":"[2001:DB8::1]:5","nodeId":null}]`,
      [{ address: '1.2.3.4:24000', nodeId: key }, ...plain('[2001:db8::1]:5')],
    ],
    [
      'an object with peers, and more that is nobody’s matter',
      '{"updated":1,"peers":["1.2.3.4:1",{"address":"5.6.7.8:2","height":7}]}',
      plain('1.2.3.4:1', '5.6.7.8:2'),
    ],
    [
      'lines, with remarks and keys',
      `# ours\r\n1.2.3.4:24000  # the first\n\n [::1]:3 ${key}\n`,
      [...plain('1.2.3.4:24000'), { address: '[::1]:3', nodeId: key }],
    ],
    ['nothing', ' \n', []],
    ['an empty list', '{"peers":[]}', []],
  ])('%s', (_, text, found) => {
    expect(parsePeerList(text)).toEqual({ found, skipped: 0 });
  });
});

it.each([
  ['cut off', '["1.2.3.4:1"', 'no JSON'],
  ['an object of something else', '{"nodes":[]}', 'expected a list'],
  ['a page', '<html><body>Please log in</body></html>', 'expected JSON, or lines'],
])('what is no list is refused: %s', (_, text, words) => {
  expect(() => parsePeerList(text)).toThrow(words);
});

it('entries that are no addresses are left out and counted, one address is one entry however it is spelt', () => {
  const entries = [
    '1.2.3.4:1',
    '1.2.3.4',
    '1.2.3.4:0',
    '::ffff:1.2.3.4:1',
    '[::ffff:1.2.3.4]:1',
    7,
    null,
    {},
    { address: '9.9.9.9:1', nodeId: 'short' },
    { address: '9.9.9.9:1', nodeId: 5 },
  ];
  expect(parsePeerList(JSON.stringify(entries))).toEqual({ found: plain('1.2.3.4:1'), skipped: entries.length - 1 });
});

it('no more than a bounded number is taken', () => {
  const addresses = Array.from({ length: maxListedAddresses + 5 }, (_, index) => `host-${index}.example:1`);
  const { found, skipped } = parsePeerList(addresses.join('\n'));
  expect(found).toEqual(plain(...addresses.slice(0, maxListedAddresses)));
  expect(skipped).toBe(5);
});

it('whatever the text, it is read or refused with an Error', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.array(fc.string()).map((lines) => lines.join('\n')),
      ),
      (text) => {
        try {
          expect(parsePeerList(text).found.length).toBeLessThanOrEqual(maxListedAddresses);
        } catch (error) {
          expect((error as Error).message).toMatch(/^(the list is no JSON|expected )/);
        }
      },
    ),
    { numRuns: testRuns(300) },
  );
});
