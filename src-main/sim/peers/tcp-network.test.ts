import { describe, expect, test } from 'vitest';
import type { NodeId } from '../../../src-shared/domain/ids.ts';
import type { ConnectionId } from '../../core/net/connection-id.ts';
import { Prng } from '../prng.ts';
import { World } from '../world.ts';
import { addressOf, type TcpEndpoint, TcpNetwork } from './tcp-network.ts';

const startMs = 1_000_000;
const minuteMs = 60_000;

class Recorder implements TcpEndpoint {
  readonly index: number;
  readonly nodeId: NodeId;
  readonly site;
  readonly port = 24_000;
  readonly #world: World;
  answers = true;
  isAsleep = false;
  listens = true;
  processNumber = 1;
  readonly heard: string[] = [];
  open: ConnectionId | undefined;

  constructor(world: World, index: number, forwards = true) {
    this.#world = world;
    this.index = index;
    this.nodeId = `${index}`.padStart(64, '0') as NodeId;
    this.site = { ip: `51.10.0.${index}`, forwards };
  }
  get monotonicMs(): number {
    return this.#world.elapsedMs;
  }
  after(delayMs: number, run: () => void): void {
    this.#world.after(delayMs, run);
  }
  connected(connection: ConnectionId, direction: string): void {
    this.open = connection;
    this.heard.push(direction);
  }
  message(_connection: ConnectionId, bytes: Uint8Array): void {
    this.heard.push(`${bytes[0]}`);
  }
  closed(_connection: ConnectionId, reason: string): void {
    this.heard.push(reason);
  }
  dialFailed(_address: string, reason: string): void {
    this.heard.push(reason);
  }
}

function setUp(seed = 'tcp') {
  const world = new World(startMs);
  const network = new TcpNetwork(world, new Prng(seed), new Set());
  const [a, b] = [new Recorder(world, 1), new Recorder(world, 2)];
  network.add(a);
  network.add(b);
  const pass = (ms: number): void => void world.run(world.nowMs + ms);
  const say = (from: Recorder, ...numbers: number[]): void => {
    for (const number of numbers) network.send(from.open === undefined ? [] : [from.open], Uint8Array.of(number));
  };
  const connect = (): void => {
    network.dial(a, addressOf(b));
    pass(2_000);
    expect([a.heard.splice(0), b.heard.splice(0)]).toEqual([['outbound'], ['inbound']]);
  };
  return { world, network, a, b, pass, say, connect };
}

describe('a dial', () => {
  test('of nobody, of a router that lets nobody in and of a machine that sleeps times out; of one without a node is refused; of oneself is told', () => {
    const { world, network, a, b, pass } = setUp();
    const closed = new Recorder(world, 3, false);
    network.add(closed);
    b.answers = false;
    for (const address of ['9.9.9.9:24000', addressOf(closed), addressOf(b)]) network.dial(a, address);
    pass(9_999);
    expect(a.heard).toEqual([]);
    pass(1);
    expect(a.heard.splice(0)).toEqual(['timeout', 'timeout', 'timeout']);
    b.answers = true;
    b.listens = false;
    network.dial(a, addressOf(b));
    pass(2_000);
    network.dial(a, addressOf(a));
    pass(2_000);
    expect(a.heard).toEqual(['refused', 'self: the other end has our own key']);
  });

  test('of a process that is gone says nothing to the next one', () => {
    const { network, a, pass } = setUp();
    network.dial(a, '9.9.9.9:24000');
    a.processNumber++;
    pass(minuteMs);
    expect(a.heard).toEqual([]);
  });
});

test('everything arrives in order, a close after it', () => {
  const { network, a, b, pass, say, connect } = setUp();
  connect();
  say(a, 1, 2, 3, 4, 5);
  network.close(a.open as ConnectionId, 'enough');
  pass(2_000);
  expect(b.heard).toEqual(['1', '2', '3', '4', '5', 'closed-by-peer']);
  expect(a.heard).toEqual(['enough']);
});

test('what a partition or a sleep holds up comes afterwards, in order with what is sent then', () => {
  const { network, a, b, pass, say, connect } = setUp();
  connect();
  network.partition([[1], [2]]);
  say(a, 1, 2);
  pass(minuteMs / 2);
  network.rejoin();
  say(a, 3);
  pass(minuteMs / 2);
  expect(b.heard.splice(0)).toEqual(['1', '2', '3']);
  b.isAsleep = true;
  say(a, 4);
  pass(minuteMs / 2);
  expect(b.heard).toEqual([]);
  b.isAsleep = false;
  network.awoke(b);
  say(a, 5);
  pass(minuteMs / 2);
  expect(b.heard).toEqual(['4', '5']);
});

test('a machine without power says nothing; the other end hears of it from the machine that is there again, or from its own system late', () => {
  const { network, a, b, pass, say, connect } = setUp();
  connect();
  b.answers = false;
  network.detach(b, false);
  say(a, 1);
  pass(minuteMs / 2);
  expect(a.heard).toEqual([]);
  b.answers = true;
  say(a, 2);
  pass(2_000);
  expect(a.heard).toEqual(['connection-reset']);

  const other = setUp();
  other.connect();
  other.b.answers = false;
  other.network.detach(other.b, false);
  other.say(other.a, 1);
  other.pass(16 * minuteMs);
  expect(other.a.heard).toEqual(['connection-lost: ETIMEDOUT']);
});

test('a process that is killed is noticed at once', () => {
  const { network, a, b, pass, connect } = setUp();
  connect();
  network.detach(b, true);
  pass(2_000);
  expect(a.heard).toEqual(['connection-reset']);
  expect(b.heard).toEqual([]);
});

test('a connection whose machine moved to another address is dead at both ends, and neither is told', () => {
  const { network, a, b, pass, say, connect } = setUp();
  connect();
  b.site.ip = '51.10.0.99';
  network.moved(b);
  say(a, 1);
  say(b, 2);
  pass(minuteMs / 2);
  expect([a.heard, b.heard]).toEqual([[], []]);
});

test('a stall holds everything up and loses nothing', () => {
  const { network, a, b, pass, say, connect } = setUp();
  connect();
  network.stallOne(minuteMs);
  say(a, 1, 2);
  pass(minuteMs - 1);
  expect(b.heard).toEqual([]);
  pass(2_000);
  expect(b.heard).toEqual(['1', '2']);
});

test('a probe reaches who listens there, by his key alone', () => {
  const { network, a, b, pass } = setUp();
  const answers: boolean[] = [];
  for (const nodeId of [b.nodeId, a.nodeId]) {
    network.probe(a, addressOf(b), nodeId, (reached) => answers.push(reached));
    pass(2_000);
  }
  expect(answers).toEqual([true, false]);
});
