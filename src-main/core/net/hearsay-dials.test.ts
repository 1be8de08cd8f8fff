import { expect, test } from 'vitest';
import { defaultLimits } from '../../../src-shared/domain/net-limits.ts';
import { AddressBook } from './address-book.ts';
import { ConnectionManager } from './connection-manager.ts';
import { Diversity } from './dial-plan.ts';
import { connectionOf, nodeIdOf, seeded } from './fake-network.fixture.ts';

const startMs = 1_000_000;
const hourMs = 3_600_000;
const port = 24_100;
const limits = { ...defaultLimits('mainnet'), maxPeersPerIp: 0, maxPeersPerNetwork: 0 };
const room = { configured: 50, masternode: 50, peer: 20, perGroup: Number.POSITIVE_INFINITY };
const hosts = (count: number, first: number): string[] => Array.from({ length: count }, (_, index) => `${first + (index >> 8)}.${index & 255}.0.1:${port}`);

/** A manager whose dials are answered at once, with or without a peer. */
class Dialler {
  readonly book = new AddressBook(limits, seeded(7));
  readonly manager = new ConnectionManager({ limits, random: seeded(8), book: this.book, banOf: () => undefined, isOnline: () => true });
  readonly dialled = new Map<string, number>();
  peers = 0;

  hear(addresses: readonly string[], origin: string, nowMs = startMs): void {
    const told = addresses.map((address) => ({ address, nodeId: undefined }));
    this.book.hear(told, 'peer', origin, nowMs);
    this.manager.heard(addresses, nowMs);
  }
  /** Wakes when the manager says so. Answers how many dials there were. */
  run(fromMs: number, toMs: number, isThere: (address: string) => boolean): number {
    let count = 0;
    for (let nowMs = fromMs; nowMs < toMs; nowMs = Math.max(nowMs + 1, this.manager.nextWakeMs())) {
      const free = { ...room, peer: room.peer - this.peers };
      if (!this.manager.mayDial(free, nowMs)) continue;
      for (const { address } of this.manager.takeDialable(free, new Diversity(limits, () => undefined), nowMs)) {
        count++;
        this.dialled.set(address, nowMs);
        if (isThere(address)) this.#reach(address, nowMs);
        else this.manager.dialFailed(address, 'timeout', nowMs);
      }
    }
    return count;
  }
  #reach(address: string, nowMs: number): void {
    const nodeId = nodeIdOf(1_000 + this.peers);
    this.manager.opened(address, connectionOf(this.peers), nodeId);
    this.manager.covered(nodeId, { home: address, isDialed: true }, nowMs);
    this.peers++;
  }
}

test('a book full of lies is dialled a hundred times at once, then 120 times an hour', () => {
  const dialler = new Dialler();
  for (let origin = 0; origin < 16; origin++) dialler.hear(hosts(120, 80 + origin), `${origin}.0.0.0/16`);
  const dials = [0, 1, 2].map((hour) => dialler.run(startMs + hour * hourMs, startMs + (hour + 1) * hourMs, () => false));
  expect(dials[0]).toBeGreaterThan(210);
  expect(dials[0]).toBeLessThanOrEqual(221);
  for (const later of dials.slice(1)) {
    expect(later).toBeGreaterThan(110);
    expect(later).toBeLessThanOrEqual(121);
  }
});

test('masternodes, what the operator names and what answered once are dialled all the same', () => {
  const dialler = new Dialler();
  dialler.hear(hosts(125, 80), '1.0.0.0/16');
  const once = `90.0.0.1:${port}`;
  dialler.hear([once], '2.0.0.0/16');
  dialler.run(startMs, startMs + 60_000, (address) => address === once);
  expect(dialler.peers).toBe(1);
  expect(dialler.run(startMs + 60_000, startMs + 61_000, () => false)).toBeLessThanOrEqual(1);

  const nowMs = startMs + 61_000;
  dialler.manager.lost(nodeIdOf(1_000), once, 'the peer went', nowMs);
  dialler.manager.register([{ address: `91.0.0.1:${port}`, nodeId: nodeIdOf(1) }], nowMs);
  dialler.manager.add(`92.0.0.1:${port}`, 'configured', nowMs);
  dialler.manager.add(`93.0.0.1:${port}`, 'peer', nowMs);
  dialler.run(nowMs, nowMs + 10_000, () => false);
  for (const address of [once, `91.0.0.1:${port}`, `92.0.0.1:${port}`, `93.0.0.1:${port}`])
    expect(dialler.dialled.get(address), address).toBeGreaterThanOrEqual(nowMs);
});

test('where one address in four leads to a peer, all places are filled within minutes', () => {
  const dialler = new Dialler();
  const addresses = hosts(125, 80);
  dialler.hear(addresses, '1.0.0.0/16');
  const there = new Set(addresses.filter((_, index) => index % 4 === 0));
  dialler.run(startMs, startMs + 5 * 60_000, (address) => there.has(address));
  expect(dialler.peers).toBe(room.peer);
});

test('however many lies there are, one that is told by somebody else is dialled within minutes', () => {
  const dialler = new Dialler();
  dialler.hear(hosts(125, 80), '1.0.0.0/16');
  dialler.run(startMs, startMs + hourMs, () => false);
  const news = `95.0.0.1:${port}`;
  dialler.hear([news], '2.0.0.0/16', startMs + hourMs);
  dialler.run(startMs + hourMs, startMs + hourMs + 10 * 60_000, (address) => address === news);
  expect(dialler.peers).toBe(1);
});
