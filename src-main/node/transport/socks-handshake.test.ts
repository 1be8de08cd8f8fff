import fc from 'fast-check';
import { expect, it } from 'vitest';
import { testRuns } from '../../../src-shared/domain/test-runs.fixture.ts';
import { SocksHandshake, type SocksStep } from './socks-handshake.ts';

const credentials = { username: 'who', password: 'word' };
const target = { host: '2001:db8::7', port: 24_000 };
const reply = (type: number, address: readonly number[], code = 0): number[] => [5, code, 0, type, ...address, 0, 80];
const replies = { v4: reply(1, [1, 2, 3, 4]), name: reply(3, [2, 97, 98]), v6: reply(4, Array<number>(16).fill(9)) };

const bytesOf = (step: SocksStep): readonly number[] => (step.kind === 'send' ? [...step.bytes] : []);
function answered(handshake: SocksHandshake, ...answers: readonly (readonly number[])[]): SocksStep {
  let step: SocksStep = { kind: 'wait' };
  for (const answer of answers) step = handshake.receive(Uint8Array.from(answer));
  return step;
}

it.each([
  ['an IPv4 address', { host: '203.0.113.7', port: 258 }, [1, 203, 0, 113, 7, 1, 2]],
  ['an IPv6 address', target, [4, 0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7, 0x5d, 0xc0]],
  ['the shortest IPv6 address', { host: '::', port: 1 }, [4, ...Array<number>(16).fill(0), 0, 1]],
  ['a full IPv6 address', { host: '1:2:3:4:5:6:7:8', port: 1 }, [4, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8, 0, 1]],
  ['a name', { host: 'ab.c', port: 65_535 }, [3, 4, 97, 98, 46, 99, 255, 255]],
])('asks for %s as RFC 1928 writes it', (_, wanted, written) => {
  const handshake = new SocksHandshake(wanted, credentials);
  expect([...handshake.greeting()]).toEqual([5, 2, 0, 2]);
  expect(bytesOf(answered(handshake, [5, 0]))).toEqual([5, 1, 0, ...written]);
});

it('shows its credentials to a proxy that wants them', () => {
  const handshake = new SocksHandshake(target, credentials);
  expect(bytesOf(answered(handshake, [5, 2]))).toEqual([1, 3, 119, 104, 111, 4, 119, 111, 114, 100]);
  expect(bytesOf(answered(handshake, [1, 0])).slice(0, 4)).toEqual([5, 1, 0, 4]);
});

it.each([
  ['is no SOCKS proxy', [[72, 84]], 'proxy-failed'],
  ['says more than it was asked', [[5, 0, 5]], 'proxy-failed'],
  ['wants what there is not', [[5, 255]], 'proxy-failed'],
  [
    'refuses the credentials',
    [
      [5, 2],
      [1, 1],
    ],
    'proxy-failed',
  ],
  [
    'may not',
    [
      [5, 0],
      [5, 2, 0, 1, 0, 0, 0, 0, 0, 0],
    ],
    'proxy-failed',
  ],
  [
    'has a code of its own',
    [
      [5, 0],
      [5, 0xf4],
    ],
    'proxy-failed',
  ],
  [
    'answers with an address of no kind',
    [
      [5, 0],
      [5, 0, 0, 9, 0],
    ],
    'proxy-failed',
  ],
  [
    'finds no way',
    [
      [5, 0],
      [5, 4],
    ],
    'unreachable',
  ],
  [
    'finds nobody there',
    [
      [5, 0],
      [5, 5],
    ],
    'refused',
  ],
  [
    'waited too long',
    [
      [5, 0],
      [5, 6],
    ],
    'timeout',
  ],
])('says so of a proxy that %s', (_, answers, code) => {
  expect(answered(new SocksHandshake(target, credentials), ...answers)).toMatchObject({ kind: 'failed', failure: { code } });
});

it('reads answers in whatever pieces they come, and leaves what follows them to the other end', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.values(replies)),
      fc.uint8Array({ maxLength: 40 }),
      fc.boolean(),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      (last, rest, withPassword, sizes) => {
        const handshake = new SocksHandshake(target, credentials);
        const answers = [
          ...(withPassword
            ? [
                [5, 2],
                [1, 0],
              ]
            : [[5, 0]]),
          last,
        ];
        let piece = 0;
        for (const [index, answer] of answers.entries()) {
          const isLast = index === answers.length - 1;
          const bytes = Uint8Array.from(isLast ? [...answer, ...rest] : answer);
          let opened: SocksStep | undefined;
          let at = 0;
          while (at < bytes.length && opened === undefined) {
            const size = sizes[piece++ % sizes.length] ?? 1;
            const step = handshake.receive(bytes.subarray(at, at + size));
            at += size;
            if (step.kind === 'open') opened = step;
            else expect(step.kind).toBe(!isLast && at >= bytes.length ? 'send' : 'wait');
          }
          if (isLast) expect(opened?.kind === 'open' && [...opened.rest, ...bytes.subarray(at)]).toEqual([...rest]);
        }
      },
    ),
    { numRuns: testRuns(300) },
  );
});

it('never throws, whatever a proxy says', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 6 }), (chunks) => {
      const handshake = new SocksHandshake(target, credentials);
      for (const chunk of chunks) if (['open', 'failed'].includes(handshake.receive(chunk).kind)) return;
    }),
    { numRuns: testRuns(300) },
  );
});
