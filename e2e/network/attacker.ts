import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { constants, setPriority } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import SecretStream from '@hyperswarm/secret-stream';
import { decodeMessage, encodeMessage, type Hello, type Message, type MessageBodies, type MessageType } from '../../src-main/core/codec/message.ts';
import { voteBundleCodec } from '../../src-main/core/codec/vote-bundle.ts';
import type { BlockHash, Lock, NodeId, Txid } from '../../src-shared/domain/ids.ts';
import type { AttackJob, AttackName, AttackReport } from './attack.ts';

/**
 * A process of its own, which does to one node whatever it is told, as fast as it can, from an IP of its own. It stands for other machines: the nodes
 * of this one go first, so that what is measured is what the node does with the bytes, and not who gets the processor.
 */
const job = JSON.parse(process.argv[2] ?? '') as AttackJob;
process.once('disconnect', () => process.exit(1)); // nobody is interested any more
setPriority(constants.priority.PRIORITY_LOW);
if (job.isFlood) await giveWay();
/**
 * Where Linux groups processes by sessions (autogroup), as it does on most desktops, a priority counts among those of one session alone, and each
 * session is given as much as any other: three floods as much as three nodes. So each of theirs is worth a third of a node's; with less it is no flood any
 * more where other programs run.
 */
async function giveWay(): Promise<void> {
  const file = '/proc/self/autogroup';
  while (existsSync(file)) {
    try {
      return writeFileSync(file, '5');
    } catch (error) {
      // One process in a tenth of a second may, of all.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      await delay(100 * Math.random());
    }
  }
}
const endMs = performance.now() + job.seconds * 1_000;
const goesOn = (): boolean => performance.now() < endMs;
/** After a connection was refused or ended: the next one soon, as somebody without patience does. */
const againMs = 20;
const report: AttackReport = { connections: 0, accepted: 0, messages: 0, bytes: 0 };

/** Whatever ended it. */
const closed = (socket: Socket): Promise<void> => new Promise((resolve) => void socket.once('close', () => resolve()));
const hex = <T extends string>(): T => randomBytes(32).toString('hex') as T;

/** Of the node's own messages, the last of each type that is relayed: valid, and known to it. */
const overheard = new Map<MessageType, Uint8Array>();
const relayed: readonly MessageType[] = [
  'BlockProposal',
  'BlockVote',
  'BlockVotes',
  'TransactionBroadcast',
  'TransactionVotes',
  'PendingTransactions',
  'Blocks',
];

class Stranger {
  readonly socket: Socket;
  readonly stream: SecretStream;
  readonly heard = new Set<MessageType>();
  answersPings = true;
  #ended = false;
  #drained = true;

  constructor(socket: Socket) {
    this.socket = socket;
    this.stream = new SecretStream(true, socket, { keyPair: SecretStream.keyPair() });
    this.stream.on('error', () => {});
    this.stream.on('data', (bytes) => this.#hear(bytes));
    this.stream.on('drain', () => {
      this.#drained = true;
    });
    for (const event of ['end', 'close'] as const)
      this.stream.on(event, () => {
        this.#ended = true;
      });
  }

  get ended(): boolean {
    return this.#ended || this.socket.destroyed;
  }
  say(message: Message): boolean {
    return this.bytes(encodeMessage(message));
  }
  bytes(bytes: Uint8Array): boolean {
    report.messages++;
    report.bytes += bytes.length;
    return this.stream.write(bytes);
  }
  #hear(bytes: Uint8Array): void {
    const message = decodeMessage(bytes);
    this.heard.add(message.type);
    if (relayed.includes(message.type)) overheard.set(message.type, bytes);
    if (message.type === 'Ping' && this.answersPings) this.say({ type: 'Pong', body: { nonce: message.body.nonce, time: Date.now() } });
  }
  async until(holds: () => boolean): Promise<boolean> {
    while (goesOn() && !this.ended && !holds()) await delay(5);
    return holds();
  }
  /** As fast as the node reads: until it has had enough, or the time is over. */
  async flood(next: () => Uint8Array): Promise<void> {
    while (goesOn() && !this.ended) {
      if (!this.bytes(next())) await this.#untilDrained();
      else if (report.messages % 64 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  }
  async #untilDrained(): Promise<void> {
    this.#drained = false;
    while (goesOn() && !this.ended && !this.#drained) await delay(1);
  }
  destroy(): void {
    this.stream.destroy();
    this.socket.destroy();
  }
}

async function open(): Promise<Socket | undefined> {
  report.connections++;
  const socket = connect({ host: job.host, port: job.port, localAddress: job.from });
  socket.on('error', () => {});
  await Promise.race([new Promise<void>((resolve) => void socket.once('connect', () => resolve())), closed(socket), delay(1_000)]);
  return socket.readyState === 'open' ? socket : undefined;
}
const helloOf = (): Hello => ({ ...job.hello, nonce: randomBytes(8).readBigUInt64LE(), time: Date.now() });

/** With a key, and if asked for the protocol's handshake too. */
async function stranger(ready = true): Promise<Stranger | undefined> {
  const socket = await open();
  if (socket === undefined) return undefined;
  const one = new Stranger(socket);
  if (!(await Promise.race([one.stream.opened, delay(2_000, false)]))) {
    one.destroy();
    return undefined;
  }
  if (!ready) return one;
  one.say({ type: 'Hello', body: helloOf() });
  await one.until(() => one.heard.has('Hello'));
  one.say({ type: 'HelloAck', body: { refusal: undefined } });
  if (!(await one.until(() => one.heard.has('Ping')))) {
    one.destroy();
    return undefined;
  }
  report.accepted++;
  return one;
}

/** One peer after another does it, each until it is thrown out. */
async function again(act: (one: Stranger) => Promise<void>, ready = true): Promise<void> {
  while (goesOn()) {
    const one = await stranger(ready);
    if (one !== undefined) {
      await act(one);
      one.destroy();
    }
    await delay(againMs);
  }
}
const floodOf = (next: () => Message | Uint8Array): Promise<void> =>
  again((one) =>
    one.flood(() => {
      const said = next();
      return said instanceof Uint8Array ? said : encodeMessage(said);
    }),
  );

const prefix = (size: number): Buffer => Buffer.from([size & 255, (size >> 8) & 255, size >> 16]);
/** Each byte comes in time for somebody who waits for bytes. */
async function drip(socket: Socket, first: Buffer): Promise<void> {
  socket.resume();
  socket.write(first);
  while (goesOn() && !socket.destroyed && !socket.readableEnded) {
    await delay(1_000);
    socket.write(Buffer.from([1]));
  }
}

const forgedBundle = (): Uint8Array =>
  voteBundleCodec.encode({
    nodeId: job.member as NodeId,
    epoch: 0,
    votes: Array.from({ length: 20 }, () => ({ txid: hex<Txid>(), choice: 'accept' as const, code: 'none' as const })),
    signature: randomBytes(64),
  });
const forgedVote = (): MessageBodies['BlockVote'] => ({
  height: job.height,
  round: 0,
  phase: 'prevote',
  blockHash: hex<BlockHash>(),
  nodeId: job.member as NodeId,
  signature: randomBytes(64),
});
const forged: readonly (() => Message)[] = [
  () => ({ type: 'TransactionVotes', body: { bundles: [forgedBundle(), forgedBundle()] } }),
  () => ({ type: 'BlockVote', body: forgedVote() }),
  () => ({ type: 'BlockVotes', body: { votes: Array.from({ length: 50 }, forgedVote) } }),
];

const outpoint = () => ({ txid: hex<Txid>(), vout: 0 });
const address = (): { address: string; nodeId: NodeId } => ({
  address: `203.${randomBytes(1)[0]}.${randomBytes(1)[0]}.${randomBytes(1)[0]}:24000`,
  nodeId: hex<NodeId>(),
});
const fakeAddresses = (): MessageBodies['Peers'] => ({ peers: Array.from({ length: 250 }, address) });
/** What any peer may say after the handshake, with nothing wrong in it; undefined: what ends the connection, or needs a key or an answer that it has not. */
const innocent: { readonly [T in MessageType]: (() => MessageBodies[T]) | undefined } = {
  Hello: undefined,
  HelloAck: undefined,
  Disconnect: undefined,
  Ping: () => ({ nonce: 1n }),
  Pong: () => ({ nonce: 1n, time: Date.now() }),
  GetPeers: () => ({}),
  Peers: fakeAddresses,
  DialBackRequest: () => ({ nonce: 1n, port: 24_200 }),
  DialBackResult: () => ({ nonce: 1n, address: '', reached: true }),
  GetBlockHeight: () => ({}),
  BlockHeight: () => ({ height: job.height, tipHash: job.hello.tipHash }),
  BlockAnnouncement: () => ({ height: job.height, tipHash: job.hello.tipHash }),
  GetBlocks: () => ({ from: 0, count: 500 }),
  Blocks: undefined,
  BlockProposal: undefined,
  BlockVote: undefined,
  GetBlockVotes: () => ({ height: job.height }),
  BlockVotes: undefined,
  Listening: undefined,
  ListeningReport: undefined,
  TransactionBroadcast: undefined,
  TransactionAnnouncement: () => ({ txids: Array.from({ length: 500 }, () => hex<Txid>()) }),
  GetTransactions: () => ({ txids: Array.from({ length: 500 }, () => hex<Txid>()) }),
  GetPendingTransactions: () => ({}),
  PendingTransactions: () => ({ transactions: [], bundles: [] }),
  TransactionVotes: undefined,
  Heartbeat: undefined,
  UtxoStateQuery: () => ({ query: 1, outpoints: Array.from({ length: 500 }, outpoint) }),
  UtxoStates: undefined,
  Subscribe: () => ({ query: 1, outpoints: [outpoint()], locks: ['ab'.repeat(20) as Lock] }),
  Unsubscribe: () => ({ outpoints: [outpoint()], locks: [] }),
  UtxoStateNotification: undefined,
};
const innocentTypes = (Object.keys(innocent) as MessageType[]).filter((type) => innocent[type] !== undefined);
const innocentMessage = (type: MessageType): Message => ({ type, body: innocent[type]?.() }) as Message;

/** A frame of `type` whose list says 65,535 entries, or whose bytes say 4 GiB, with nothing behind it. */
const claims: readonly Uint8Array[] = [
  Uint8Array.of(40, 1, 0, 255, 255, 255, 255),
  Uint8Array.of(40, 255, 255),
  Uint8Array.of(24, 0, 0, 0, 0, 1, 0, 255, 255, 255, 255),
  Uint8Array.of(33, 255, 255),
];

const attacks: { readonly [A in AttackName]: () => Promise<void> } = {
  'silent sockets': async () => {
    const held: Socket[] = [];
    while (goesOn()) {
      const socket = await open();
      socket?.resume();
      if (socket !== undefined) held.push(socket);
      await delay(againMs);
    }
    for (const socket of held) socket.destroy();
  },
  'silent after the encryption': () => again(async (one) => void (await one.until(() => false)), false),
  'silent after the handshake': () =>
    again(async (one) => {
      one.answersPings = false;
      await one.until(() => false);
    }),
  'one byte a second': async () => {
    while (goesOn()) {
      const socket = await open();
      if (socket !== undefined) await drip(socket, prefix(32));
      socket?.destroy();
      await delay(againMs);
    }
  },
  'one byte a second, after the handshake': () =>
    again(async (one) => {
      one.answersPings = false;
      await drip(one.socket, prefix(1_000));
    }),
  'endless GetPeers': () => floodOf(() => ({ type: 'GetPeers', body: {} })),
  'the largest length there is': async () => {
    let turn = 0;
    while (goesOn()) {
      const socket = await open();
      socket?.write(prefix(0xff_ff_ff));
      await delay(againMs);
      socket?.destroy();
      const one = await stranger();
      if (one === undefined) continue;
      if (turn++ % 2 === 0) one.socket.write(prefix(0xff_ff_ff));
      else one.bytes(claims[turn % claims.length] as Uint8Array);
      await one.until(() => one.ended);
      one.destroy();
    }
  },
  'valid messages of every type': () => {
    let turn = 0;
    return floodOf(() => {
      const known = [...overheard.values()];
      const at = turn++ % (innocentTypes.length + known.length);
      return known[at - innocentTypes.length] ?? innocentMessage(innocentTypes[at] as MessageType);
    });
  },
  'invalid signatures': () => {
    let turn = 0;
    return floodOf(() => (forged[turn++ % forged.length] as () => Message)());
  },
  'fake addresses': () => floodOf(() => ({ type: 'Peers', body: fakeAddresses() })),
  'replayed handshakes': async () => {
    const recorded: Buffer[] = [];
    const first = await open();
    if (first === undefined) return;
    const write = first.write.bind(first) as (bytes: Uint8Array) => boolean;
    first.write = (bytes: Uint8Array | string) => {
      recorded.push(Buffer.from(bytes as Uint8Array));
      return write(bytes as Uint8Array);
    };
    const one = new Stranger(first);
    await one.stream.opened;
    one.say({ type: 'Hello', body: helloOf() });
    await one.until(() => one.heard.has('HelloAck'));
    one.destroy();
    while (goesOn()) {
      const socket = await open();
      for (const bytes of recorded) socket?.write(bytes);
      await Promise.race([socket === undefined ? undefined : closed(socket), delay(200)]);
      socket?.destroy();
      await delay(againMs);
    }
  },
  '200 connections': async () => {
    const held = await Promise.all(Array.from({ length: 200 }, () => stranger()));
    while (goesOn()) await delay(100);
    for (const one of held) one?.destroy();
  },
};

await attacks[job.attack]();
process.send?.(report);
process.exit(0);
