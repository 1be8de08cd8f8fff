import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultLimits } from '../../../src-shared/domain/net-limits.ts';
import { AddressBook } from './address-book.ts';
import type { Ban } from './ban.ts';
import { ConnectionManager, type Dial } from './connection-manager.ts';
import { backoffMs } from './dial-backoff.ts';
import { Diversity } from './dial-plan.ts';
import { connectionOf, nodeIdOf } from './fake-network.fixture.ts';
import type { AddressRole, AddressState } from './network-state.ts';

const startMs = 1_000_000;
const plenty = 100;
const limits = defaultLimits('mainnet');

/** A manager with its book, asked as if there were as many places as said. */
class Subject {
  readonly book: AddressBook;
  readonly manager: ConnectionManager;
  readonly banned = new Set<string>();
  online = true;

  constructor(random: () => number = () => 0.5) {
    this.book = new AddressBook(limits, random);
    const ban = (subnet: string): Ban => ({ subject: { kind: 'network', subnet }, createdMs: 0, untilMs: undefined, reason: '', by: 'operator' });
    this.manager = new ConnectionManager({
      limits,
      random,
      book: this.book,
      banOf: (_, host) => (this.banned.has(host) ? ban(host) : undefined),
      isOnline: () => this.online,
    });
  }
  add(address: string, role: AddressRole = 'configured', nowMs = startMs): boolean {
    if (role !== 'masternode') return this.manager.add(address, role, nowMs);
    this.manager.register([{ address, nodeId: nodeIdOf(9) }], nowMs);
    return true;
  }
  take(room: number, nowMs: number): Dial[] {
    return this.manager.takeDialable({ configured: room, masternode: room, peer: room, perGroup: room }, new Diversity(limits, () => undefined), nowMs);
  }
  waiting(): AddressState[] {
    return this.book.states().filter(({ state }) => state !== 'connected');
  }
}

const addressesOf = (dials: Dial[]): string[] => dials.map(({ address }) => address);
const only = (subject: Subject) => subject.waiting()[0];

test('5, 10, 20 … 300 s', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 8, 1_000].map((failures) => backoffMs(defaultLimits('mainnet'), failures) / 1_000)).toEqual([
    5, 10, 20, 40, 80, 160, 300, 300, 300,
  ]);
});

test('jitter is a fifth either way', () => {
  for (const [random, expectedMs] of [
    [0, 4_000],
    [0.5, 5_000],
    [0.999_999, 6_000],
  ] as const) {
    const subject = new Subject(() => random);
    subject.add('a:1', 'configured');
    subject.take(plenty, startMs);
    expect(subject.manager.dialFailed('a:1', 'refused', startMs)).toBe(startMs + expectedMs);
  }
});

test('who has no place is waited for, longer each time, and is neither given up nor counted as one that fails', () => {
  const subject = new Subject();
  subject.add('a:1', 'peer');
  const waits: number[] = [];
  let nowMs = startMs;
  for (let times = 0; times < 30; times++) {
    expect(addressesOf(subject.take(plenty, nowMs))).toEqual(['a:1']);
    subject.manager.opened('a:1', connectionOf(times), nodeIdOf(1));
    const nextMs = subject.manager.attemptEnded(connectionOf(times), false, times % 2 === 0 ? 'the peer said full: no room' : 'full', nowMs) ?? Number.NaN;
    waits.push((nextMs - nowMs) / 1_000);
    nowMs = nextMs;
  }
  expect(waits.slice(0, 8)).toEqual([5, 10, 20, 40, 80, 160, 300, 300]);
  expect(only(subject)).toMatchObject({ state: 'backoff', attempts: 0 });
  // What fails in between counts, and begins no row anew.
  subject.take(plenty, nowMs);
  expect(subject.manager.dialFailed('a:1', 'refused', nowMs)).toBe(nowMs + 300_000);
  expect(only(subject)).toMatchObject({ state: 'backoff', attempts: 1 });
});

test('an address is dialled once at a time, and again when its wait is over', () => {
  const subject = new Subject();
  subject.add('a:1', 'configured');
  expect(subject.take(plenty, startMs)).toEqual([{ address: 'a:1', phase: 'CONFIGURED' }]);
  expect(subject.take(plenty, startMs)).toEqual([]);
  subject.manager.dialFailed('a:1', 'refused', startMs);
  expect(only(subject)).toMatchObject({ address: 'a:1', state: 'backoff', nextTryMs: startMs + 5_000, attempts: 1, lastReason: 'refused' });
  expect(subject.manager.nextWakeMs()).toBe(startMs + 5_000);
  expect(subject.take(plenty, startMs + 4_999)).toEqual([]);
  expect(addressesOf(subject.take(plenty, startMs + 5_000))).toEqual(['a:1']);
});

test('no more are dialled than there is room for; the others wait without a timer', () => {
  const subject = new Subject();
  for (const address of ['a:1', 'b:1', 'c:1']) subject.add(address, 'configured');
  expect(addressesOf(subject.take(2, startMs))).toEqual(['a:1', 'b:1']);
  expect(subject.take(0, startMs)).toEqual([]);
  expect(subject.manager.nextWakeMs()).toBe(Number.POSITIVE_INFINITY);
  expect(addressesOf(subject.take(1, startMs))).toEqual(['c:1']);
});

test.each<[AddressRole, number]>([
  ['peer', 10],
  ['masternode', 20],
])('a %s is given up after %i failures in a row, until somebody asks for it', (role, limit) => {
  const subject = new Subject();
  subject.add('a:1', role);
  let nowMs = startMs;
  for (let failures = 1; failures <= limit; failures++) {
    expect(subject.take(plenty, nowMs)).toHaveLength(1);
    const nextTryMs = subject.manager.dialFailed('a:1', 'refused', nowMs);
    if (failures === limit) expect(nextTryMs).toBe(nowMs + 600_000);
    else nowMs = nextTryMs ?? nowMs;
  }
  expect(only(subject)).toMatchObject({ state: 'givenUp', nextTryMs: nowMs + 600_000 });
  expect(subject.take(plenty, nowMs + 86_400_000)).toEqual([]);
  subject.manager.add('a:1', 'peer', nowMs);
  expect(subject.take(plenty, nowMs + 86_400_000)).toHaveLength(1);
});

test('an address that is tried by hand keeps its role, and one that answered or was heard of is still known when it is configured no more', () => {
  const subject = new Subject();
  subject.add('a:1', 'configured');
  subject.take(plenty, startMs);
  connect(subject, 'a:1', 1, startMs);
  subject.manager.lost(nodeIdOf(1), 'a:1', 'closed', startMs);
  subject.add('a:2', 'masternode');
  subject.take(plenty, startMs);
  subject.manager.dialFailed('a:2', 'refused', startMs);
  subject.book.hear([{ address: 'a:3', nodeId: undefined }], 'peer', 'peer', startMs);
  subject.add('a:3', 'configured');
  for (const address of ['a:1', 'a:2', 'a:4']) expect(subject.manager.tryNow(address, startMs + 1)).toBe(true);
  const roles = (): string[] => subject.book.states().map(({ address, role }) => `${address} ${role}`);
  expect(roles()).toEqual(['a:1 configured', 'a:2 masternode', 'a:3 configured', 'a:4 peer']);
  expect(addressesOf(subject.take(plenty, startMs + 1))).toEqual(['a:1', 'a:3', 'a:2', 'a:4']);
  for (const address of ['a:1', 'a:2', 'a:3']) subject.manager.remove(address);
  expect(roles()).toEqual(['a:1 peer', 'a:2 masternode', 'a:3 peer', 'a:4 peer']);
});

test('a configured address is tried for ever', () => {
  const subject = new Subject();
  subject.add('a:1', 'configured');
  let nowMs = startMs;
  for (let failures = 1; failures <= 1_000; failures++) {
    expect(subject.take(plenty, nowMs)).toHaveLength(1);
    nowMs = subject.manager.dialFailed('a:1', 'refused', nowMs) ?? 0;
    expect(nowMs).toBeGreaterThan(0);
  }
  expect(only(subject)?.attempts).toBe(1_000);
});

test('our own address is never dialled again, whoever asks', () => {
  const subject = new Subject();
  subject.add('a:1', 'configured');
  subject.take(plenty, startMs);
  subject.manager.foundSelf('a:1');
  subject.manager.dialFailed('a:1', 'self', startMs);
  subject.add('a:1', 'configured');
  expect(subject.take(plenty, startMs + 86_400_000)).toEqual([]);
});

function connect(subject: Subject, address: string, id: number, nowMs: number): void {
  subject.manager.opened(address, connectionOf(id), nodeIdOf(1));
  subject.manager.covered(nodeIdOf(1), { home: 'a:1', isDialed: true }, nowMs);
}

test('all addresses of a node rest while one connection with it lasts, and wait when it is lost', () => {
  const subject = new Subject();
  for (const address of ['a:1', 'a:2']) subject.add(address, 'configured');
  subject.take(plenty, startMs);
  subject.manager.opened('a:2', connectionOf(2), nodeIdOf(1));
  connect(subject, 'a:1', 1, startMs);
  subject.manager.attemptEnded(connectionOf(2), true, 'duplicate', startMs);
  expect(subject.waiting()).toEqual([]);
  expect(subject.take(plenty, startMs + 86_400_000)).toEqual([]);
  subject.manager.lost(nodeIdOf(1), 'a:1', 'closed', startMs + 86_400_000);
  expect(subject.waiting().map(({ state, attempts }) => [state, attempts])).toEqual([
    ['backoff', 1],
    ['backoff', 0],
  ]);
});

test('a masternode is dialled where it is registered, whoever answered there before and is connected from elsewhere', () => {
  for (const elsewhere of [
    { home: 'a:2', isDialed: true },
    { home: 'a:3', isDialed: false },
  ]) {
    const subject = new Subject();
    subject.add('a:1', 'peer');
    subject.take(plenty, startMs);
    connect(subject, 'a:1', 1, startMs);
    subject.manager.lost(nodeIdOf(1), 'a:1', 'closed', startMs);
    subject.manager.covered(nodeIdOf(1), elsewhere, startMs);
    subject.add('a:1', 'masternode');
    expect(addressesOf(subject.take(plenty, startMs + 600_000))).toEqual(['a:1']);
  }
});

test('a masternode registered where another node is connected is dialled once that one is found elsewhere', () => {
  const subject = new Subject();
  subject.add('a:1', 'masternode');
  subject.take(plenty, startMs);
  connect(subject, 'a:1', 1, startMs);
  expect(subject.take(plenty, startMs)).toEqual([]);
  subject.manager.covered(nodeIdOf(1), { home: 'a:2', isDialed: true }, startMs);
  expect(addressesOf(subject.take(plenty, startMs))).toEqual(['a:1']);
});

test('a connection that lasted a minute ends the row of failures; one that did not is one more', () => {
  const subject = new Subject();
  subject.add('a:1', 'configured');
  subject.take(plenty, startMs);
  subject.manager.dialFailed('a:1', 'refused', startMs);
  subject.take(plenty, startMs + 5_000);
  connect(subject, 'a:1', 1, startMs + 5_000);
  subject.manager.lost(nodeIdOf(1), 'a:1', 'violation', startMs + 64_999);
  expect(only(subject)?.attempts).toBe(2);
  subject.take(plenty, startMs + 80_000);
  connect(subject, 'a:1', 2, startMs + 80_000);
  subject.manager.lost(nodeIdOf(1), 'a:1', 'closed', startMs + 140_000);
  expect(only(subject)?.attempts).toBe(1);
});

test('a dial under way is seen through, also when the node is reached otherwise meanwhile', () => {
  const subject = new Subject();
  subject.add('a:1', 'configured');
  subject.take(plenty, startMs);
  connect(subject, 'a:1', 1, startMs);
  subject.manager.lost(nodeIdOf(1), 'a:1', 'closed', startMs);
  subject.take(plenty, startMs + 5_000);
  subject.manager.covered(nodeIdOf(1), { home: 'a:1', isDialed: true }, startMs + 5_000);
  expect(subject.manager.underWay().length).toBe(1);
  expect(subject.manager.dialFailed('a:1', 'refused', startMs + 6_000)).toBe(startMs + 16_000);
});

test('a forgotten address is not dialled, and what comes late of its dial changes nothing', () => {
  const subject = new Subject();
  subject.add('a:1', 'configured');
  subject.take(plenty, startMs);
  subject.manager.remove('a:1');
  expect(subject.manager.dialFailed('a:1', 'refused', startMs)).toBeUndefined();
  connect(subject, 'a:1', 1, startMs);
  expect(subject.waiting()).toEqual([]);
  expect(subject.take(plenty, startMs + 86_400_000)).toEqual([]);
});

test('addresses are bounded', () => {
  const subject = new Subject();
  for (let port = 1; port <= 1_000; port++) expect(subject.add(`a:${port}`, 'configured')).toBe(true);
  expect(subject.add('a:1001', 'configured')).toBe(false);
  expect(subject.add('a:1000', 'configured')).toBe(true);
});

test('whatever happens in whatever order, only a known address is dialled, and never two dials at once', () => {
  const event = fc.constantFrom('add', 'opened', 'covered', 'lost', 'ended', 'failed', 'self', 'wait');
  fc.assert(
    fc.property(fc.array(event, { maxLength: 50 }), (events) => {
      const subject = new Subject();
      subject.add('a:1', 'masternode');
      let nowMs = startMs;
      let self = false;
      for (const kind of events) {
        if (kind === 'add') subject.add('a:1', 'peer');
        else if (kind === 'opened') subject.manager.opened('a:1', connectionOf(1), nodeIdOf(1));
        else if (kind === 'covered') subject.manager.covered(nodeIdOf(1), { home: 'a:1', isDialed: true }, nowMs);
        else if (kind === 'lost') subject.manager.lost(nodeIdOf(1), 'a:1', kind, nowMs);
        else if (kind === 'ended') subject.manager.attemptEnded(connectionOf(1), false, kind, nowMs);
        else if (kind === 'failed') subject.manager.dialFailed('a:1', kind, nowMs);
        else if (kind === 'self') subject.manager.foundSelf('a:1');
        else nowMs += 300_000;
        self ||= kind === 'self';
        const before = only(subject);
        const due = before?.state === 'known' || (before?.state === 'backoff' && (before.nextTryMs ?? 0) <= nowMs);
        expect(subject.take(plenty, nowMs)).toHaveLength(due ? 1 : 0);
        if (self) expect(due).toBe(false);
      }
    }),
  );
});
