import { expect, test } from 'vitest';
import type { NodeId } from '../../../src-shared/domain/ids.ts';
import { defaultLimits } from '../../../src-shared/domain/net-limits.ts';
import { DialChecker } from './dial-checker.ts';

const address = '51.10.0.1:24000';
const peer = 'a'.repeat(64) as NodeId;

function setUp() {
  const machine = { name: 'm0', monotonicMs: 0, limits: defaultLimits('mainnet') };
  const checker = new DialChecker(machine);
  const dialAfter = (waitMs: number, connected = false): void => {
    machine.monotonicMs += waitMs;
    checker.dialed(address, peer, () => connected);
  };
  return { checker, dialAfter };
}

test('each dial in a row waits twice as long, give or take a fifth', () => {
  const { dialAfter } = setUp();
  dialAfter(0);
  for (const leastMs of [4_000, 8_000, 16_000, 32_000, 64_000, 128_000, 240_000, 240_000]) dialAfter(leastMs);
  expect(() => dialAfter(239_999)).toThrow('9 dials in a row mean at least 240 s');
});

test('a connection that held ends the row, one that did not is part of it', () => {
  const { checker, dialAfter } = setUp();
  dialAfter(0);
  dialAfter(4_000);
  checker.lost(peer, 59_999);
  expect(() => dialAfter(7_999)).toThrow('2 dials in a row');
  checker.lost(peer, 60_000);
  dialAfter(0);
});

test('who comes by himself may be dialled again', () => {
  const { checker, dialAfter } = setUp();
  dialAfter(0);
  dialAfter(4_000);
  checker.came(peer);
  dialAfter(0);
  expect(() => dialAfter(3_999)).toThrow('1 dials in a row');
});

test('where a peer is, nobody is dialled', () => {
  const { checker, dialAfter } = setUp();
  dialAfter(0);
  checker.reached(address, peer);
  expect(() => dialAfter(3_600_000, true)).toThrow('where its peer aaaaaaaa is');
});
