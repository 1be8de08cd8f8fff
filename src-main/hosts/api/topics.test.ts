import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { topics as declared, type TopicEvent, type TopicName } from '../../../src-shared/api/topics.ts';
import type { BlockHash, NodeId } from '../../../src-shared/domain/ids.ts';
import { silentLogger } from '../../node/logging/logger.ts';
import { ownLock, paying } from './known.fixture.ts';
import { type FakeServices, fakeServices } from './services.fixture.ts';
import { TopicPublisher } from './topics.ts';

let services: FakeServices;
let publisher: TopicPublisher;
const startMs = 1_700_000_100_000;

beforeEach(() => {
  vi.useFakeTimers();
  services = fakeServices();
  publisher = new TopicPublisher(services, silentLogger);
});
afterEach(() => {
  publisher.stop();
  vi.useRealTimers();
});

function watch(topic: TopicName) {
  const events: TopicEvent[] = [];
  const end = publisher.subscribe(topic, (event) => events.push(event));
  if (end === undefined) throw new Error('no such topic');
  return { events, end };
}
let passedMs = 0;
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 50) {
    passedMs += 50;
    services.setNow(startMs + passedMs);
    await vi.advanceTimersByTimeAsync(50);
  }
}

describe('views', () => {
  it('that move without an event go on when the clock is set back', async () => {
    const { events } = watch('network');
    await pass(1_100);
    const before = events.length;
    passedMs -= 3_600_000;
    await pass(1_100);
    expect(events.length).toBeGreaterThan(before);
    passedMs += 3_600_000;
  });
  it.each(Object.keys(declared) as TopicName[])('%s is what the contract says', async (topic) => {
    const { events } = watch(topic);
    await pass(50);
    const [event] = events;
    expect(declared[topic].parse(event?.value)).toEqual(event?.value);
  });
  it.each([
    ['a light member', 700],
    ['one of the heaviest', 10],
    ['no member', 3_000],
  ])('consensus has this node, as %s, the heaviest and how many voted, however many there are', async (_name, own) => {
    const { views } = services;
    const weights = { free: 1, bronze: 10, silver: 100, gold: 1_000 };
    const tiers = ['bronze', 'silver', 'gold', 'free'] as const;
    const members = Array.from({ length: 3_000 }, (_, index) => {
      const tier = tiers[index % tiers.length] ?? 'free';
      return { nodeId: index.toString(16).padStart(64, '0') as NodeId, tier, weight: weights[tier], rewardLock: ownLock, serviceAddress: '' };
    });
    const totalWeight = members.reduce((sum, { weight }) => sum + weight, 0);
    const snapshot = { ...views.snapshot(), members, totalWeight, byNode: new Map(members.map((member) => [member.nodeId, member])) };
    const voters = members.map(({ nodeId }) => nodeId);
    const tally = [{ blockHash: paying.txid as string as BlockHash, weight: totalWeight, voters }];
    const self = own.toString(16).padStart(64, '0') as NodeId;
    services = fakeServices({
      views: {
        ...views,
        self: () => self,
        snapshot: () => snapshot,
        consensus: () => ({ ...views.consensus(), prevotes: tally, precommits: tally }),
        lastDecided: () => undefined,
      },
    });
    publisher = new TopicPublisher(services, silentLogger);
    const { events } = watch('consensus');
    await pass(50);
    const value = declared.consensus.parse(events[0]?.value);
    expect(value.membercount).toBe(3_000);
    // Of one weight, in the order of the snapshot.
    const heaviest = members.filter(({ nodeId, tier }) => tier === 'gold' && nodeId !== self).map(({ nodeId }) => nodeId);
    expect(value.members.map(({ nodeid }) => nodeid)).toEqual([...voters.filter((voter) => voter === self), ...heaviest].slice(0, 20));
    expect(value.members.filter((member) => member.self).map(({ nodeid }) => nodeid)).toEqual(voters.filter((voter) => voter === self));
    expect(value.info.prevotes).toEqual([expect.objectContaining({ votercount: 3_000, weight: totalWeight })]);
    expect(new Set(value.info.prevotes[0]?.voters)).toEqual(new Set(value.members.map(({ nodeid }) => nodeid)));
    expect(JSON.stringify(value).length).toBeLessThan(20_000);
  });
  it('there is no other topic', () => {
    expect(publisher.subscribe('constructor', () => undefined)).toBeUndefined();
  });
});

describe('pace', () => {
  const happen = () => services.publish({ kind: 'transaction-pending', txid: paying.txid });

  it('is a view at once, then one a second while nothing happens', async () => {
    const { events } = watch('overview');
    await pass(50);
    expect(events.map(({ sequence }) => sequence)).toEqual([1]);
    await pass(5_000);
    expect(events.length).toBeGreaterThanOrEqual(5);
    expect(events.length).toBeLessThanOrEqual(7);
  });
  it('is at most four a second, however much happens, without a gap in the numbers', async () => {
    const { events } = watch('overview');
    for (let turn = 0; turn < 40; turn++) {
      for (let many = 0; many < 50; many++) happen();
      services.publish({ kind: 'transaction-final', txid: paying.txid, finalAfterMs: turn });
      await pass(50);
    }
    expect(events.length).toBeLessThanOrEqual(9);
    expect(events.length).toBeGreaterThanOrEqual(7);
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
  });
  it('shows the wallet only when something of it changed, and costs nothing when nobody looks', async () => {
    const list = vi.fn(services.wallet?.list);
    services = fakeServices({ wallet: { ...(services.wallet as NonNullable<FakeServices['wallet']>), list } });
    publisher = new TopicPublisher(services, silentLogger);
    happen();
    await pass(1_000);
    expect(list).not.toHaveBeenCalled();
    const { end } = watch('wallet');
    await pass(500);
    const asked = list.mock.calls.length;
    expect(asked).toBeGreaterThan(0);
    end();
    await pass(3_000);
    expect(list.mock.calls.length).toBe(asked);
  });
});

it('each subscription counts for itself', async () => {
  const first = watch('peers');
  await pass(2_500);
  const second = watch('peers');
  await pass(50);
  expect(second.events.map(({ sequence }) => sequence)).toEqual([1]);
  expect(first.events.length).toBeGreaterThan(1);
  second.end();
  await pass(1_500);
  expect(second.events.length).toBe(1);
});

it('who has no room for a view is not sent it, and hears the next one as if there had been no other', async () => {
  const events: TopicEvent[] = [];
  let hasRoom = true;
  publisher.subscribe(
    'overview',
    (event) => events.push(event),
    () => hasRoom,
  );
  await pass(50);
  hasRoom = false;
  await pass(5_000);
  expect(events.map(({ sequence }) => sequence)).toEqual([1]);
  hasRoom = true;
  await pass(1_500);
  expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
  expect(events.length).toBeGreaterThan(1);
});

it('a view that cannot be made is left out, and tried again', async () => {
  let broken = true;
  const balance = () => (broken ? Promise.reject(new Error('disk')) : Promise.resolve({ spendable: 1n, pending: 0n, immature: 0n, locked: 0n }));
  services = fakeServices({ wallet: { ...(services.wallet as NonNullable<FakeServices['wallet']>), balance } });
  publisher = new TopicPublisher(services, silentLogger);
  const { events } = watch('overview');
  await pass(1_000);
  expect(events).toEqual([]);
  broken = false;
  await pass(1_500);
  expect(events[0]?.sequence).toBe(1);
});

it('leaves nothing behind', () => {
  watch('overview');
  publisher.stop();
  expect(services.listeners).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
});
