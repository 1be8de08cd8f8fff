import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultLimits } from '../../../src-shared/domain/net-limits.ts';
import { dialRoom, fewPeers, hasInboundRoom, type Places, placesOf } from './places.ts';

const limits = defaultLimits('mainnet');

test.each<[number, Places]>([
  [0, { all: 50, reserved: 0, strangers: 50, ownStrangers: 24, outbound: 30 }],
  [5, { all: 50, reserved: 5, strangers: 45, ownStrangers: 21, outbound: 30 }],
  [200, { all: 50, reserved: 20, strangers: 30, ownStrangers: 14, outbound: 30 }],
])('the places of a node with %i masternodes in the snapshot', (masternodes, expected) => {
  expect(placesOf(limits, masternodes)).toEqual(expected);
});

test('in every network of equal nodes more places are left for who comes than own dials take', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 3, max: 1_000 }),
      fc.integer({ min: 0, max: 1_000 }),
      fc.integer({ min: 0, max: 300 }),
      (maxPeers, maxOutbound, masternodes) => {
        const places = placesOf({ ...limits, maxPeers, maxOutbound }, masternodes);
        expect(places.strangers - places.ownStrangers).toBeGreaterThanOrEqual(places.ownStrangers);
        expect(places.reserved).toBeLessThanOrEqual(maxPeers / 2);
      },
    ),
  );
});

test('whatever is taken, no more is dialled or let in than there is room for', () => {
  const count = fc.integer({ min: 0, max: 60 });
  fc.assert(
    fc.property(count, count, count, count, fc.integer({ min: 1, max: 60 }), (masternodes, inboundStrangers, outboundStrangers, ownDials, maxPeers) => {
      const places = placesOf({ ...limits, maxPeers }, 30);
      const census = { masternodes, inboundStrangers, outboundStrangers, ownDials };
      const room = dialRoom(places, census);
      const taken = masternodes + inboundStrangers + outboundStrangers;
      expect(room.configured).toBe(Math.max(0, maxPeers - taken));
      expect(room.masternode).toBeLessThanOrEqual(Math.min(room.configured, Math.max(0, places.outbound - ownDials)));
      expect(room.peer).toBeLessThanOrEqual(Math.max(0, places.ownStrangers - outboundStrangers, Math.min(room.configured, fewPeers - taken)));
      expect(room.peer).toBeLessThanOrEqual(Math.max(0, places.outbound - ownDials));
      if (hasInboundRoom(places, census, 0)) expect(taken).toBeLessThan(maxPeers);
    }),
  );
});

test('with few peers a node dials beyond its share, where that is a single dial', () => {
  const places = placesOf({ ...limits, maxPeers: 8, maxOutbound: 4 }, 4);
  expect(places).toMatchObject({ strangers: 4, ownStrangers: 1 });
  const peersOf = (masternodes: number, inboundStrangers: number, outboundStrangers: number): number =>
    dialRoom(places, { masternodes, inboundStrangers, outboundStrangers, ownDials: outboundStrangers }).peer;
  expect(peersOf(0, 0, 1)).toBe(3);
  expect(peersOf(2, 0, 1)).toBe(1);
  expect(peersOf(3, 0, 1)).toBe(0);
  expect(peersOf(0, 3, 1)).toBe(0);
});
