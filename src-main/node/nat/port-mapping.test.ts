import { expect, it } from 'vitest';
import type { Gateway, Mapping, MappingRequest } from './gateway.ts';
import { externalOf, PortMapping, type PortMappingWorld } from './port-mapping.ts';
import type { PortMappingView } from './port-mapping-view.ts';

const minuteMs = 60_000;
/** Everything that is ready to go on has gone on. */
const settled = async (): Promise<void> => {
  for (let round = 0; round < 20; round++) await new Promise((resolve) => setImmediate(resolve));
};

interface Asked extends MappingRequest {
  readonly atMs: number;
}
class FakeGateway implements Gateway {
  readonly method = 'pcp';
  readonly host = '192.168.1.1';
  readonly asked: Asked[] = [];
  readonly removed: number[] = [];
  answer: () => Promise<Mapping> = async () => ({ externalHost: '9.9.9.1', externalPort: 24_000, lifetimeMs: 60 * minuteMs });
  readonly #nowMs: () => number;
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }
  map(request: MappingRequest): Promise<Mapping> {
    this.asked.push({ ...request, atMs: this.#nowMs() });
    return this.answer();
  }
  async unmap({ externalPort }: Mapping): Promise<void> {
    this.removed.push(externalPort);
  }
}

/** A world whose time passes when the test says so. */
class FakeWorld implements PortMappingWorld {
  now = 1_000_000;
  network = '192.168.1.2';
  readonly searches: number[] = [];
  readonly routers: Gateway[] = [];
  #timers: { readonly run: () => void; readonly atMs: number }[] = [];

  readonly nowMs = (): number => this.now;
  networkKey(): string {
    return this.network;
  }
  setTimer(run: () => void, delayMs: number): () => void {
    this.#timers.push({ run, atMs: this.now + delayMs });
    return () => {
      this.#timers = this.#timers.filter((timer) => timer.run !== run);
    };
  }
  get timers(): number {
    return this.#timers.length;
  }
  async *gateways(): AsyncGenerator<Gateway> {
    this.searches.push(this.now);
    yield* this.routers;
  }

  async pass(durationMs: number): Promise<void> {
    const endMs = this.now + durationMs;
    for (;;) {
      await settled();
      const next = this.#timers.toSorted((a, b) => a.atMs - b.atMs)[0];
      if (next === undefined || next.atMs > endMs) break;
      this.now = Math.max(this.now, next.atMs);
      next.run();
    }
    this.now = endMs;
  }
  /** The machine sleeps: time goes on, timers do not. */
  sleep(durationMs: number): void {
    this.now += durationMs;
    this.#timers = this.#timers.map(({ run, atMs }) => ({ run, atMs: atMs + durationMs }));
  }
}

function mappingOf(): { world: FakeWorld; gateway: FakeGateway; mapping: PortMapping; views: PortMappingView[] } {
  const world = new FakeWorld();
  const gateway = new FakeGateway(world.nowMs);
  world.routers.push(gateway);
  const views: PortMappingView[] = [];
  return { world, gateway, mapping: new PortMapping({ port: 24_000, world, onChange: (view) => views.push(view) }), views };
}
const failing = (words: string) => (): Promise<Mapping> => Promise.reject(new Error(words));
const minutesOf = (asked: readonly { readonly atMs: number }[], startMs: number): number[] => asked.map(({ atMs }) => Math.round((atMs - startMs) / minuteMs));

it('maps at once, renews long before the end, says so once, and removes on stop', async () => {
  const { world, gateway, mapping, views } = mappingOf();
  const startMs = world.now;
  expect(mapping.view).toEqual({ state: 'searching' });
  mapping.start();
  await world.pass(65 * minuteMs);
  expect(minutesOf(gateway.asked, startMs)).toEqual([0, 20, 40, 60]);
  const external = { host: '9.9.9.1', port: 24_000 };
  expect(views).toEqual([{ state: 'mapped', method: 'pcp', gateway: '192.168.1.1', external, untilMs: startMs + 60 * minuteMs, lastError: undefined }]);
  expect(mapping.view).toMatchObject({ untilMs: startMs + 120 * minuteMs });
  expect(externalOf(mapping.view)).toEqual(external);
  await mapping.stop();
  expect(gateway.removed).toEqual([24_000]);
  expect(world.timers).toBe(0);
});

it('a short lease is renewed at its half', async () => {
  const { world, gateway, mapping } = mappingOf();
  gateway.answer = async () => ({ externalHost: undefined, externalPort: 24_000, lifetimeMs: 4 * minuteMs });
  const startMs = world.now;
  mapping.start();
  await world.pass(5 * minuteMs);
  expect(minutesOf(gateway.asked, startMs)).toEqual([0, 2, 4]);
  expect(mapping.view).toMatchObject({ state: 'mapped', external: { host: undefined, port: 24_000 } });
  await mapping.stop();
});

it('the port that the router chose is asked for again', async () => {
  const { world, gateway, mapping } = mappingOf();
  gateway.answer = async () => ({ externalHost: '9.9.9.1', externalPort: 40_000, lifetimeMs: 60 * minuteMs });
  mapping.start();
  await world.pass(25 * minuteMs);
  expect(gateway.asked.map(({ internalPort, suggestedPort }) => [internalPort, suggestedPort])).toEqual([
    [24_000, 24_000],
    [24_000, 40_000],
  ]);
  await mapping.stop();
  expect(gateway.removed).toEqual([40_000]);
});

it('a router behind another router has no address on the Internet', async () => {
  const { world, gateway, mapping } = mappingOf();
  gateway.answer = async () => ({ externalHost: '10.20.30.40', externalPort: 24_000, lifetimeMs: 60 * minuteMs });
  mapping.start();
  await world.pass(1);
  expect(externalOf(mapping.view)).toEqual({ host: undefined, port: 24_000 });
  await mapping.stop();
});

it('the next way is tried where one fails, and what all said is kept', async () => {
  const { world, gateway, mapping, views } = mappingOf();
  gateway.answer = failing('not authorized');
  const startMs = world.now;
  mapping.start();
  await world.pass(1);
  expect(views).toEqual([{ state: 'failed', lastError: 'pcp 192.168.1.1: not authorized', nextTryMs: startMs + minuteMs }]);
  const other = new FakeGateway(world.nowMs);
  world.routers.push(other);
  await world.pass(2 * minuteMs);
  expect(mapping.view).toMatchObject({ state: 'mapped', lastError: undefined });
  expect([gateway.asked.length, other.asked.length]).toEqual([2, 1]);
  await mapping.stop();
  expect([gateway.removed, other.removed]).toEqual([[], [24_000]]);
});

it('without a router it is tried again, ever more rarely', async () => {
  const { world, mapping, views } = mappingOf();
  world.routers.length = 0;
  const startMs = world.now;
  mapping.start();
  await world.pass(125 * minuteMs);
  expect(world.searches.map((atMs) => (atMs - startMs) / minuteMs)).toEqual([0, 1, 3, 7, 15, 31, 61, 91, 121]);
  expect(views).toHaveLength(1);
  expect(mapping.view).toMatchObject({ state: 'failed', lastError: 'no router was found that maps ports' });
  await mapping.stop();
});

it('a renewal that fails is tried again while the mapping holds, and said; then it is gone', async () => {
  const { world, gateway, mapping, views } = mappingOf();
  mapping.start();
  await world.pass(minuteMs);
  gateway.answer = failing('no answer');
  await world.pass(58 * minuteMs);
  expect(mapping.view).toMatchObject({ state: 'mapped', lastError: 'pcp 192.168.1.1: no answer; pcp 192.168.1.1: no answer' });
  await world.pass(2 * minuteMs);
  expect(mapping.view).toMatchObject({ state: 'failed' });
  expect(externalOf(mapping.view)).toBeUndefined();
  expect(views.map(({ state }) => state)).toEqual(['mapped', 'mapped', 'failed']);
  await mapping.stop();
  expect(gateway.removed).toEqual([]);
});

it('after a sleep, or when the clock was set back, it is mapped anew within a minute', async () => {
  const { world, gateway, mapping } = mappingOf();
  mapping.start();
  await world.pass(5 * minuteMs);
  expect(gateway.asked).toHaveLength(1);
  world.sleep(8 * 60 * minuteMs);
  await world.pass(minuteMs);
  expect(gateway.asked).toHaveLength(2);
  world.sleep(-5 * minuteMs);
  await world.pass(minuteMs);
  expect(gateway.asked).toHaveLength(3);
  await mapping.stop();
});

it('in another network another router is asked, and until it answers nothing is mapped', async () => {
  const { world, gateway, mapping, views } = mappingOf();
  mapping.start();
  await world.pass(5 * minuteMs);
  const other = new FakeGateway(world.nowMs);
  world.routers.splice(0, 1, other);
  world.network = '10.0.0.7';
  await world.pass(minuteMs);
  expect([gateway.asked.length, other.asked.length]).toEqual([1, 1]);
  expect(gateway.removed).toEqual([24_000]);
  expect(views.map(({ state }) => state)).toEqual(['mapped', 'searching', 'mapped']);
  await mapping.stop();
  expect([gateway.removed, other.removed]).toEqual([[24_000], [24_000]]);
});

it('stops in the middle of everything', async () => {
  const before = mappingOf();
  await before.mapping.stop();
  before.mapping.start();
  await settled();
  expect(before.gateway.asked).toEqual([]);

  const { mapping, views, world } = mappingOf();
  const removed: number[] = [];
  // As every gateway does: it gives up when it is told to.
  world.routers.splice(0, 1, {
    method: 'upnp',
    host: '192.168.1.1',
    map: (_, signal) => new Promise((__, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    unmap: async ({ externalPort }) => void removed.push(externalPort),
  });
  mapping.start();
  await settled();
  const stopped = mapping.stop();
  await world.pass(2_000);
  await stopped;
  expect(views).toEqual([]);
  // The router may have mapped the port before it could say so.
  expect(removed).toEqual([24_000]);
  expect(world.timers).toBe(0);
});

it('a port that is mapped while it stops is not left behind, whatever port the router chose', async () => {
  const { mapping, gateway, world } = mappingOf();
  const answer = Promise.withResolvers<Mapping>();
  gateway.answer = () => answer.promise;
  mapping.start();
  await settled();
  const stopped = mapping.stop();
  await world.pass(1_000);
  expect(gateway.removed).toEqual([]);
  answer.resolve({ externalHost: '9.9.9.1', externalPort: 40_000, lifetimeMs: 60 * minuteMs });
  await stopped;
  expect(gateway.removed).toEqual([40_000]);
  expect([gateway.asked.length, world.timers]).toEqual([1, 0]);
});

it('a router that does not answer to the removal is not waited for', async () => {
  const { mapping, world, gateway } = mappingOf();
  mapping.start();
  await world.pass(1);
  gateway.unmap = (_: Mapping, signal?: AbortSignal) => new Promise((__, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
  const startedMs = performance.now();
  await mapping.stop();
  expect(performance.now() - startedMs).toBeLessThan(5_000);
});
