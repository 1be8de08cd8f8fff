import { expect, test } from 'vitest';
import { nodeIdOf } from './fake-network.fixture.ts';
import { breakTie, type Rival, type TieBreak } from './tie-break.ts';

const small = nodeIdOf(1);
const large = nodeIdOf(2);
const rival = (direction: Rival['direction'], rest: Partial<Rival> = {}): Rival => ({ direction, instance: 1n, acked: true, ...rest });

test.each<[string, boolean, Rival, Rival, TieBreak]>([
  ['dialled by both, ours is newer, we are smaller', true, rival('inbound'), rival('outbound'), 'take-newer'],
  ['dialled by both, ours is older, we are smaller', true, rival('outbound'), rival('inbound'), 'keep-older'],
  ['dialled by both, ours is newer, we are larger', false, rival('inbound'), rival('outbound'), 'keep-older'],
  ['dialled by both, ours is older, we are larger', false, rival('outbound'), rival('inbound'), 'take-newer'],
  ['dialled twice by the peer', true, rival('inbound'), rival('inbound'), 'keep-older'],
  ['dialled twice by us, the peer has not answered', true, rival('outbound'), rival('outbound', { acked: false }), 'ask-peer'],
  ['dialled twice by us, the peer took the newer one', true, rival('outbound'), rival('outbound'), 'take-newer'],
  ['another process with its key dials', true, rival('inbound'), rival('inbound', { instance: 2n }), 'keep-older'],
  ['another process with its key dials, and we dialled the first', true, rival('outbound'), rival('inbound', { instance: 2n }), 'keep-older'],
  ['another process with its key dials, which would have won', false, rival('outbound'), rival('inbound', { instance: 2n }), 'keep-older'],
  ['we dialled another process with its key', false, rival('outbound'), rival('outbound', { instance: 2n }), 'keep-older'],
])('%s', (_, weAreSmaller, older, newer, expected) => {
  expect(weAreSmaller ? breakTie(small, large, older, newer) : breakTie(large, small, older, newer)).toBe(expected);
});

test('both ends keep the same of two connections that were dialled from both, in whatever order each saw them', () => {
  const survivor = (self: typeof small, peer: typeof small, mineFirst: boolean): string => {
    const [older, newer] = mineFirst ? [rival('outbound'), rival('inbound')] : [rival('inbound'), rival('outbound')];
    const { direction } = breakTie(self, peer, older, newer) === 'keep-older' ? older : newer;
    return direction === 'outbound' ? self : peer;
  };
  for (const first of [true, false]) for (const second of [true, false]) expect(survivor(small, large, first)).toBe(survivor(large, small, second));
});
