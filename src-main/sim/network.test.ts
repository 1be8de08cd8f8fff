import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { NodeId } from '../../src-shared/domain/ids.ts';
import { testRuns } from '../../src-shared/domain/test-runs.fixture.ts';
import type { ConnectionId } from '../core/net/connection-id.ts';
import { type Faults, parseFaults } from './faults.ts';
import { type Endpoint, SimNetwork } from './network.ts';
import { Prng } from './prng.ts';
import { World } from './world.ts';

class Recorder implements Endpoint {
  readonly index: number;
  readonly nodeId: NodeId;
  readonly address: string;
  readonly received: number[] = [];
  connection: ConnectionId | undefined;

  constructor(index: number) {
    this.index = index;
    this.nodeId = index.toString(16).padStart(64, '0') as NodeId;
    this.address = `10.0.0.${index}:1`;
  }
  connected(connection: ConnectionId): void {
    this.connection = connection;
  }
  message(_connection: ConnectionId, bytes: Uint8Array): void {
    this.received.push(bytes[1] ?? -1);
  }
  closed(): void {
    this.connection = undefined;
  }
  dialFailed(): void {}
}

const gossipType = 40;

test('what is sent arrives in order, also when a partition begins and ends while it is under way', () => {
  fc.assert(
    fc.property(fc.integer(), fc.array(fc.constantFrom('send', 'wait', 'cut', 'rejoin'), { maxLength: 60 }), (seed, happenings) => {
      const world = new World(0);
      const faults: Faults = parseFaults('delay');
      const network = new SimNetwork(world, new Prng(`${seed}`), faults);
      const [from, to] = [new Recorder(0), new Recorder(1)];
      for (const endpoint of [from, to]) network.attach(endpoint);
      network.dial(from, to.address);
      world.run(60_000);
      let sent = 0;
      for (const kind of happenings) {
        if (kind === 'wait') world.run(world.nowMs + 400);
        else if (kind === 'cut') network.partition([[0], [1]]);
        else if (kind === 'rejoin') network.rejoin();
        else if (from.connection !== undefined) network.send([from.connection], Uint8Array.of(gossipType, sent++));
      }
      network.rejoin();
      const isUp = from.connection !== undefined;
      world.run(world.nowMs + 60_000);
      expect(to.received).toEqual(Array.from({ length: to.received.length }, (_, index) => index));
      if (isUp && from.connection !== undefined) expect(to.received).toHaveLength(sent);
    }),
    { numRuns: testRuns(200) },
  );
});

test('a probe reaches who is there with that key, and nobody behind a partition', () => {
  const world = new World(0);
  const network = new SimNetwork(world, new Prng('1'), parseFaults('none'));
  const [a, b] = [new Recorder(1), new Recorder(2)];
  network.attach(a);
  network.attach(b);
  const answers: string[] = [];
  const probe = (name: string, address: string, nodeId: NodeId): void =>
    network.probe(a, address, nodeId, (reached) => answers.push(`${name} ${reached} after ${world.elapsedMs < 1_000 ? 'a round trip' : 'its time'}`));
  probe('b', b.address, b.nodeId);
  probe('nobody', '10.0.0.9:1', b.nodeId);
  probe('another', b.address, a.nodeId);
  world.run(10_000);
  expect(answers).toEqual(['b true after a round trip', 'nobody false after its time', 'another false after its time']);
  network.partition([[1], [2]]);
  probe('b, cut off,', b.address, b.nodeId);
  world.run(20_000);
  expect(answers.slice(3)).toEqual(['b, cut off, false after its time']);
  expect([a.connection, b.connection]).toEqual([undefined, undefined]);
});
