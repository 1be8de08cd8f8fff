import { decodeMessage, type Message } from '../src-main/core/codec/message.ts';
import type { ConnectionId } from '../src-main/core/net/connection-id.ts';
import { genesisHash, nodeIdOf, peersOptions, seeded, tipHash } from '../src-main/core/net/fake-network.fixture.ts';
import { Peers } from '../src-main/core/net/peers.ts';
import type { PeersOutput } from '../src-main/core/net/peers-options.ts';
import type { NodeId } from '../src-shared/domain/ids.ts';
import { messages } from './corpus.ts';
import { expect, type Target } from './target.ts';

const maxSteps = 120;
/** Few keys and addresses, so that they meet often. */
const keys = 5;
const addresses = ['10.0.0.1:1', '10.0.0.2:1', '10.1.0.1:1', '[2001:db8::1]:1', 'node.example:1'];
const limits = { maxPeers: 4, firstBackoffMs: 500 };
const others = messages.map(decodeMessage);

/** What the transport has open and under way, as the peers were told. */
class World {
  readonly peers: Peers;
  readonly open = new Map<ConnectionId, { readonly nodeId: NodeId; closing: boolean }>();
  readonly dialing: string[] = [];
  readonly ready = new Map<NodeId, ConnectionId>();
  readonly told = new Set<string>();
  nowMs = 1_750_000_000_000;
  #next = 1;

  constructor() {
    const options = peersOptions();
    this.peers = new Peers({ ...options, limits: { ...options.limits, ...limits }, connect: addresses.slice(0, 2), random: seeded(7) });
    this.peers.setTip(7, tipHash);
    this.took(this.peers.start(this.nowMs));
  }

  took(outputs: readonly PeersOutput[]): void {
    for (const output of outputs) {
      this.told.add(output.kind === 'publish' ? output.event.kind : output.kind === 'send' ? output.message.type : output.kind);
      switch (output.kind) {
        case 'dial':
          expect(!this.dialing.includes(output.address), `${output.address} is dialled while it is being dialled`);
          this.dialing.push(output.address);
          break;
        case 'ready': {
          const { nodeId, connection } = output.peer;
          expect(!this.ready.has(nodeId), `a second ready connection of ${nodeId}`);
          expect(this.open.get(connection)?.closing === false, 'a connection that is not open is ready');
          this.ready.set(nodeId, connection);
          expect(this.ready.size <= limits.maxPeers, `${this.ready.size} peers`);
          break;
        }
        case 'gone':
          expect(this.ready.get(output.peer.nodeId) === output.peer.connection, 'a peer goes that was not there');
          this.ready.delete(output.peer.nodeId);
          break;
        case 'disconnect': {
          const connection = this.open.get(output.connection);
          expect(connection !== undefined && !connection.closing, 'a connection is ended twice');
          connection.closing = true;
          break;
        }
        case 'send':
          for (const to of output.to) expect(this.open.has(to), 'something is sent to a connection that is not there');
          break;
        default:
      }
    }
    expect(this.peers.ready().length === this.ready.size, 'the list of peers is not those that were told');
  }

  connect(index: number, dialed: string | undefined): void {
    const connection = this.#next++ as ConnectionId;
    const nodeId = nodeIdOf(2 + (index % keys));
    this.open.set(connection, { nodeId, closing: false });
    const remoteAddress = dialed ?? `10.${index % 3}.0.${index % 7}:5`;
    const common = { kind: 'connected', connection, remoteKey: nodeId, remoteAddress } as const;
    this.took(
      this.peers.connected(dialed === undefined ? { ...common, direction: 'inbound', dialed } : { ...common, direction: 'outbound', dialed }, this.nowMs),
    );
  }
  pick(index: number): ConnectionId | undefined {
    return [...this.open.keys()][index % Math.max(1, this.open.size)];
  }
  say(index: number, message: Message): void {
    const connection = this.pick(index);
    if (connection !== undefined) this.took(this.peers.session(connection, message, this.nowMs));
  }
}

const helloOf = (value: number): Message => ({
  type: 'Hello',
  body: {
    magic: value === 255 ? 'EMIT' : 'TIME',
    protocolVersion: 1,
    network: value === 254 ? 1 : 2,
    genesisHash,
    userAgent: '',
    listenPort: value % 3,
    services: value & 1,
    height: value,
    tipHash,
    time: 1_750_000_000_000,
    observedAddress: '10.0.0.9:1',
    nonce: BigInt(value % 4),
  },
});

const steps: readonly ((world: World, a: number, b: number) => void)[] = [
  (world, a) => world.connect(a, undefined),
  (world, a) => {
    const [dialed] = world.dialing.splice(a % Math.max(1, world.dialing.length), 1);
    if (dialed !== undefined) world.connect(a, dialed);
  },
  (world, a) => {
    const [dialed] = world.dialing.splice(a % Math.max(1, world.dialing.length), 1);
    if (dialed !== undefined) world.took(world.peers.dialFailed(dialed, a < 8 ? 'self: ours' : 'refused', world.nowMs));
  },
  (world, a, b) => world.say(a, helloOf(b)),
  (world, a, b) => world.say(a, { type: 'HelloAck', body: { refusal: b < 240 ? undefined : b < 248 ? 'full' : 'duplicate' } }),
  (world, a, b) => world.say(a, { type: 'Ping', body: { nonce: BigInt(b) } }),
  (world, a, b) => world.say(a, { type: 'Pong', body: { nonce: BigInt(b), time: world.nowMs } }),
  (world, a, b) => world.say(a, others[b % others.length] as Message),
  (world, a, b) => {
    const connection = world.pick(a);
    if (connection === undefined) return;
    world.open.delete(connection);
    world.took(world.peers.closed(connection, 'closed-by-peer', b === 0, world.nowMs));
  },
  (world, a, b) => {
    world.nowMs += a * 10 ** (b % 5);
    world.took(world.peers.timer(world.nowMs));
  },
  (world, a) => world.took(world.peers.addNode(addresses[a % addresses.length] as string, world.nowMs)),
  (world, a) => world.took(world.peers.removeNode(addresses[a % addresses.length] as string, world.nowMs)),
  (world, a) => {
    const connection = world.pick(a);
    if (connection !== undefined) world.took(world.peers.disconnect(connection, 'requested', world.nowMs));
  },
  (world, a) => {
    const connection = world.pick(a);
    if (connection !== undefined) world.took(world.peers.violation(connection, { code: 'malformed', detail: '' }, world.nowMs));
  },
  (world, a, b) =>
    world.took(world.peers.setBan({ kind: 'node', nodeId: nodeIdOf(2 + (a % keys)) }, b < 128 ? world.nowMs + b * 1_000 : undefined, 'a person', world.nowMs)),
  (world) => world.took(world.peers.clearBans(undefined, world.nowMs)),
  // The clock is set back.
  (world, a) => {
    world.nowMs -= a * 1_000;
    world.took(world.peers.timer(world.nowMs));
  },
];

/** Three bytes a step: which, and what of. */
const program = (...of: readonly (readonly [number, number, number])[]): Uint8Array => Uint8Array.from(of.flat());

/** Everything that a transport, peers and a person can do to the state machine of connections, in any order. */
export const peersTarget: Target = {
  name: 'peers',
  weight: 6,
  seeds: [
    program([0, 1, 0], [3, 0, 1], [4, 0, 0], [9, 30, 3], [8, 0, 0]),
    program([1, 1, 0], [3, 0, 1], [4, 0, 0], [0, 1, 0], [3, 1, 1], [4, 1, 0], [9, 5, 3]),
    program([2, 9, 0], [2, 9, 0], [9, 1, 4], [1, 0, 0], [3, 0, 2], [4, 0, 0], [12, 0, 0], [8, 0, 0], [9, 60, 4]),
    program([0, 0, 0], [0, 1, 0], [0, 2, 0], [0, 3, 0], [3, 0, 5], [3, 1, 5], [3, 2, 5], [3, 3, 5], [4, 0, 0], [4, 1, 0], [4, 2, 0], [4, 3, 0], [14, 1, 9]),
  ],
  run: (input) => {
    const world = new World();
    for (let from = 0; from + 3 <= Math.min(input.length, 3 * maxSteps); from += 3) {
      const step = steps[(input[from] ?? 0) % steps.length];
      step?.(world, input[from + 1] ?? 0, input[from + 2] ?? 0);
    }
    return `${[...world.told].sort().join()} ${world.ready.size}`;
  },
};
