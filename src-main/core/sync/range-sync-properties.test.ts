import fc from 'fast-check';
import { expect, test } from 'vitest';
import { testRuns } from '../../../src-shared/domain/test-runs.fixture.ts';
import type { ConnectionId } from '../net/connection-id.ts';
import { type RangeRequest, RangeSync } from './range-sync.ts';

const valid = 1;
const invalid = 0;
const rangeBlocks = 10;
const hourMs = 3_600_000;

/** A block of this test: its height, and whether it is one. */
const block = (height: number, kind: number): Uint8Array => Uint8Array.of(height, kind);
const chain = (from: number, count: number, kind = valid): Uint8Array[] => Array.from({ length: count }, (_, index) => block(from + index, kind));

type Answer = (request: RangeRequest, height: number) => { readonly afterMs: number; readonly blocks: Uint8Array[] } | undefined;
/** Whoever is asked for what it has brings at least a block of it, sooner or later. */
const honest = {
  prompt: ({ from, count }, height) => ({ afterMs: 50, blocks: chain(from, Math.min(count, height - from + 1)) }),
  partial: ({ from, count }, height) => ({ afterMs: 200, blocks: chain(from, Math.min(count, 3, height - from + 1)) }),
  // Longer than the deadline.
  slow: ({ from, count }, height) => ({ afterMs: 25_000, blocks: chain(from, Math.min(count, height - from + 1)) }),
} satisfies Record<string, Answer>;
const others = {
  silent: () => undefined,
  empty: () => ({ afterMs: 50, blocks: [] }),
  wrong: ({ from, count }) => ({ afterMs: 50, blocks: chain(from, count, invalid) }),
  wrongLast: ({ from, count }) => ({ afterMs: 50, blocks: [...chain(from, count - 1), block(from + count - 1, invalid)] }),
  tooMany: ({ from, count }) => ({ afterMs: 50, blocks: chain(from, count + 1) }),
  unasked: ({ from, count }) => ({ afterMs: 50, blocks: chain(from + 1, count) }),
  dripping: ({ from }) => ({ afterMs: 9_900, blocks: chain(from, 1) }),
} satisfies Record<string, Answer>;

interface Server {
  readonly connection: ConnectionId;
  readonly answer: Answer;
  readonly claim: number;
  gone: boolean;
}

/** Syncs to `height`, as the engine does; answers how long that took. Throws if nothing would ever happen again. */
function run(servers: Server[], height: number): number {
  const sync = new RangeSync({ maxParallel: 5, rangeBlocks, deadlineMs: 10_000, maxBufferedBytes: 32_000_000 });
  let nowMs = 0;
  let nextHeight = 1;
  let arrivals: { readonly atMs: number; readonly deliver: () => void }[] = [];
  const leave = (server: Server): void => {
    server.gone = true;
    sync.peerGone(server.connection);
  };
  const ask = (server: Server, request: RangeRequest): void => {
    expect(server.gone).toBe(false);
    expect(request.count).toBeGreaterThan(0);
    expect(request.count).toBeLessThanOrEqual(rangeBlocks);
    expect(request.from + request.count - 1).toBeLessThanOrEqual(server.claim);
    const answer = server.answer(request, height);
    if (answer === undefined) return;
    const { afterMs, blocks } = answer;
    // As a real one would: it does not have what is not in the chain, and says so.
    const range = { connection: server.connection, from: request.from, blocks: request.from > height ? [] : blocks, certificate: undefined };
    arrivals.push({ atMs: nowMs + afterMs, deliver: () => server.gone || sync.received(range, nowMs) });
  };
  const take = (): void => {
    for (let ready = sync.takeReady(nextHeight); ready !== undefined; ready = sync.takeReady(nextHeight)) {
      const { connection, blocks } = ready;
      expect(ready.from).toBe(nextHeight);
      expect(blocks.length).toBeGreaterThan(0);
      if (blocks.every(([at, kind], index) => kind === valid && at === nextHeight + index)) nextHeight += blocks.length;
      else {
        sync.failed(connection, ready.from);
        for (const server of servers) if (server.connection === connection) leave(server);
      }
    }
  };

  for (const { connection, claim } of servers) sync.peerHeight(connection, claim, nowMs);
  for (;;) {
    take();
    if (nextHeight > height) return nowMs;
    const { requests, nextWakeMs } = sync.tick({ nextHeight, nowMs });
    expect(new Set(requests.map(({ connection }) => connection)).size).toBe(requests.length);
    for (const request of requests) ask(servers.find(({ connection }) => connection === request.connection)!, request);
    const nextMs = Math.min(nextWakeMs ?? Number.POSITIVE_INFINITY, ...arrivals.map(({ atMs }) => atMs));
    if (!(nextMs < 10 * hourMs)) throw new Error(`stalled before ${nextHeight} at ${nowMs} ms`);
    expect(nextMs, 'no turn without waiting').toBeGreaterThan(nowMs);
    nowMs = nextMs;
    const due = arrivals.filter(({ atMs }) => atMs <= nowMs);
    arrivals = arrivals.filter(({ atMs }) => atMs > nowMs);
    for (const { deliver } of due) deliver();
  }
}

const height = fc.integer({ min: 2, max: 100 });
const bad = fc.array(fc.record({ answer: fc.constantFrom<Answer>(...Object.values(others)), claims: fc.constantFrom(0, 1, 50, 100_000) }), { maxLength: 6 });
const serversOf = (kinds: readonly { readonly answer: Answer; readonly claim: number }[]): Server[] =>
  kinds.map((kind, index) => ({ ...kind, connection: (index + 1) as ConnectionId, gone: false }));

test('one honest peer is enough, however slow, and whatever the others claim and send', () => {
  fc.assert(
    fc.property(height, fc.constantFrom<Answer>(...Object.values(honest)), bad, fc.nat(), (tip, one, rest, place) => {
      const kinds = rest.map(({ answer, claims }) => ({ answer, claim: tip + claims }));
      kinds.splice(place % (kinds.length + 1), 0, { answer: one, claim: tip });
      run(serversOf(kinds), tip);
    }),
    { numRuns: testRuns(100) },
  );
});

test('with a prompt peer, others that let it down cost a few deadlines and no more', () => {
  fc.assert(
    fc.property(height, bad, fc.nat(), (tip, rest, place) => {
      const kinds = rest.map(({ answer, claims }) => ({ answer, claim: tip + claims }));
      kinds.splice(place % (kinds.length + 1), 0, { answer: honest.prompt, claim: tip });
      expect(run(serversOf(kinds), tip)).toBeLessThan(2 * 60_000);
    }),
    { numRuns: testRuns(100) },
  );
});

test('a peer that is slow or silent holds nothing up: with another one it costs a second or two, not its deadline', () => {
  for (const answer of [honest.slow, others.silent]) {
    for (const place of [0, 1]) {
      const kinds: Answer[] = [honest.prompt, honest.prompt];
      kinds.splice(place, 0, answer);
      expect(run(serversOf(kinds.map((one) => ({ answer: one, claim: 100 }))), 100)).toBeLessThan(2_000);
    }
  }
});

test('five prompt peers are five times as fast as one', () => {
  const of = (count: number): number => run(serversOf(Array.from({ length: count }, () => ({ answer: honest.prompt, claim: 100 }))), 100);
  expect(of(5) * 5).toBe(of(1));
});
