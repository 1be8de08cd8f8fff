import { randomBytes } from 'node:crypto';
import { expect } from '@playwright/test';
import type { BlockVote } from '../../src-main/core/codec/block-vote.ts';
import { encodeMessage, type Message } from '../../src-main/core/codec/message.ts';
import { voteBundleCodec } from '../../src-main/core/codec/vote-bundle.ts';
import type { BlockHash, Hash, NodeId, Txid } from '../../src-shared/domain/ids.ts';
import { networks } from '../../src-shared/domain/networks.ts';
import { agreement, atHeight, blockMs } from './chain.ts';
import { test } from './fixture.ts';
import { HostilePeer, helloFor, openSocket, untilEnded } from './hostile-peer.ts';
import type { TestNode } from './node.ts';
import { payFinally } from './payments.ts';
import { until } from './processes.ts';

/** Longer than the node gives a handshake (protocol section 10). */
const handshakeMs = 15_000;
const logMs = 5_000;

const frame = (size: number): Buffer => Buffer.from([size & 255, (size >> 8) & 255, size >> 16]);
const hex = <T extends string>(): T => randomBytes(32).toString('hex') as T;
/** An index that nobody has given a meaning. */
const unknownType = 255;

/** The node says why, in its log, and not before `act` has begun. */
async function refused(node: TestNode, reason: RegExp, act: () => Promise<void>): Promise<void> {
  const before = node.log().length;
  await act();
  await until(`the log of node ${node.index} has ${reason}`, logMs, () => reason.test(node.log().slice(before)));
}

/** Bytes of somebody who has proved nothing. */
const strangers: readonly (readonly [string, RegExp, (node: TestNode) => Promise<void>])[] = [
  ['garbage', /handshake-failed/, async (node) => rawBytes(node, randomBytes(65_536))],
  ['another protocol', /handshake-failed/, async (node) => rawBytes(node, Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n'))],
  ['an oversized frame', /a frame of 16777215 bytes/, async (node) => rawBytes(node, frame(0xff_ff_ff))],
  ['a handshake of the right size and with no sense', /handshake-failed/, async (node) => rawBytes(node, Buffer.concat([frame(32), Buffer.alloc(32)]))],
  [
    'a handshake that breaks off',
    /closed-by-peer/,
    async (node) => {
      const socket = await openSocket(node);
      socket.end(Buffer.concat([frame(32), randomBytes(7)]));
      await untilEnded(socket, logMs);
    },
  ],
];

async function rawBytes(node: TestNode, bytes: Buffer): Promise<void> {
  const socket = await openSocket(node);
  socket.write(bytes);
  await untilEnded(socket, handshakeMs);
}

/** What comes first, from somebody with a key: it has to be a Hello of this network. */
const firstWords: readonly (readonly [string, RegExp, (node: TestNode) => Promise<Uint8Array[]>])[] = [
  ['a message of no known type', /unknown-message: type 255/, async () => [Buffer.from([unknownType, 1, 2, 3])]],
  ['a ping before any Hello', /unexpected-message: Ping during the handshake/, async () => [encodeMessage({ type: 'Ping', body: { nonce: 1n } })]],
  ['an answer before any Hello', /unexpected-message: HelloAck during/, async () => [encodeMessage({ type: 'HelloAck', body: { refusal: undefined } })]],
  [
    'a transaction before any Hello',
    /unexpected-message: TransactionBroadcast/,
    async () => [encodeMessage({ type: 'TransactionBroadcast', body: { transactions: [] } })],
  ],
  ['a truncated Hello', /malformed/, async (node) => [encodeMessage({ type: 'Hello', body: await helloFor(node) }).slice(0, -3)]],
  ['a Hello and more', /malformed/, async (node) => [Buffer.concat([encodeMessage({ type: 'Hello', body: await helloFor(node) }), Buffer.from([0])])]],
  ['two Hellos', /unexpected-message: Hello during/, async (node) => Array(2).fill(encodeMessage({ type: 'Hello', body: await helloFor(node) }))],
  // Refused by its prefix, which may arrive in one piece with the end of the encryption's handshake and be called that one's failure.
  ['an oversized message', /(frame-size|handshake-failed).*a frame of 2100\d{3} bytes/, async () => [Buffer.alloc(2_100_001)]],
];
const wrongHellos = [
  ['wrong-magic', { magic: 'EMIT' }],
  ['wrong-version', { protocolVersion: 77 }],
  ['wrong-network', { network: networks.testnet.id }],
  ['wrong-genesis', { genesisHash: hex<Hash>() }],
] as const;

/** Whom votes are forged of: the node itself, and another member of its snapshot. */
interface Names {
  readonly own: NodeId;
  readonly other: NodeId;
}
/** What a peer that was accepted may not say. */
const laterWords: readonly (readonly [string, RegExp, (names: Names, height: number) => Message | Uint8Array])[] = [
  ['garbage', /peer-violation.*unknown-message: type 255/, () => randomBytes(1_000).fill(unknownType, 0, 1)],
  ['another answer to its Hello', /unexpected-message: HelloAck after/, () => ({ type: 'HelloAck', body: { refusal: undefined } })],
  ['a transaction that is none', /malformed: a transaction/, () => ({ type: 'TransactionBroadcast', body: { transactions: [randomBytes(300)] } })],
  ['a vote bundle that is none', /malformed: a vote bundle/, () => ({ type: 'TransactionVotes', body: { bundles: [randomBytes(300)] } })],
  ['votes in a member’s name', /bad-signature: vote bundle/, ({ other }) => ({ type: 'TransactionVotes', body: { bundles: [forgedBundle(other)] } })],
  ['votes in the node’s own name', /bad-signature: vote bundle/, ({ own }) => ({ type: 'TransactionVotes', body: { bundles: [forgedBundle(own)] } })],
  ['a block vote in a member’s name', /bad-signature: block vote/, ({ other }, height) => ({ type: 'BlockVote', body: forgedVote(other, height) })],
  // A node asks of votes with its own key whether another process signs with it, before it counts them: it finds the forgery there.
  [
    'a block vote in the node’s own name',
    /bad-signature: (a precommit|block vote)/,
    ({ own }, height) => ({ type: 'BlockVote', body: forgedVote(own, height) }),
  ],
];

const forgedBundle = (nodeId: NodeId): Uint8Array =>
  voteBundleCodec.encode({ nodeId, epoch: 0, votes: [{ txid: hex<Txid>(), choice: 'commit', code: 'none' }], signature: randomBytes(64) });
/** Of the height that is decided now: one of another is not wrong, only late or early. */
const forgedVote = (nodeId: NodeId, height: number): BlockVote => ({
  height,
  round: 0,
  phase: 'precommit',
  blockHash: hex<BlockHash>(),
  nodeId,
  signature: randomBytes(64),
});

test('whatever arrives at the P2P port is refused with a reason, and changes nothing', async ({ devnet }) => {
  test.setTimeout(150_000);
  const { nodes } = devnet;
  const members = (await nodes[0]!.call('masternodelist')).map(({ nodeid }) => nodeid as NodeId);
  const target = (index: number): TestNode => nodes[index % nodes.length]!;
  const running = nodes.map((node) => node.pid);

  // Refused after a while only: it goes on beside the rest.
  const silence = refused(nodes[0]!, /timeout: handshake/, async () => untilEnded(await openSocket(nodes[0]!), handshakeMs));
  for (const [index, [name, reason, act]] of strangers.entries()) await test.step(name, () => refused(target(index), reason, () => act(target(index))));
  for (const [index, [name, reason, words]] of firstWords.entries()) {
    await test.step(name, () =>
      refused(target(index), reason, async () => {
        const peer = await HostilePeer.connect(target(index));
        for (const bytes of await words(target(index))) peer.bytes(bytes);
        await peer.untilEnded();
      }),
    );
  }
  for (const [index, [code, changed]] of wrongHellos.entries()) {
    await test.step(code, () =>
      refused(target(index), new RegExp(`peer-refused.*code=${code} by=us`), async () => {
        const peer = await HostilePeer.connect(target(index));
        peer.say({ type: 'Hello', body: await helloFor(target(index), changed) });
        expect(await peer.untilSaid('HelloAck')).toMatchObject({ body: { refusal: code } });
        await peer.untilEnded();
      }),
    );
  }
  for (const [index, [name, reason, words]] of laterWords.entries()) {
    await test.step(name, () =>
      refused(target(index), reason, async () => {
        const peer = await HostilePeer.ready(target(index));
        const { height } = await target(index).call('getconsensusinfo');
        const own = (await target(index).call('getnodeinfo')).nodeid as NodeId;
        const said = words({ own, other: members.find((member) => member !== own)! }, height);
        if (said instanceof Uint8Array) peer.bytes(said);
        else peer.say(said);
        expect(await peer.untilSaid('Disconnect')).toMatchObject({ body: { code: 'violation' } });
        await peer.untilEnded();
      }),
    );
  }
  await test.step('bytes that its key did not authenticate', () =>
    refused(nodes[1]!, /frame-forged/, async () => {
      const peer = await HostilePeer.ready(nodes[1]!);
      peer.socket.write(Buffer.concat([frame(100), randomBytes(100)]));
      await peer.untilEnded();
    }));
  await test.step('a message that breaks off', () =>
    refused(nodes[2]!, /peer-gone/, async () => {
      const peer = await HostilePeer.ready(nodes[2]!);
      peer.socket.end(Buffer.concat([frame(1_000), randomBytes(10)]));
      await peer.untilEnded();
    }));

  await test.step('blocks of a chain that it does not have', () =>
    refused(nodes[3]!, /bad-certificate/, async () => {
      const peer = await HostilePeer.ready(nodes[3]!, { height: 1_000_000, tipHash: hex<BlockHash>() });
      const { body } = (await peer.untilSaid('GetBlocks')) as Extract<Message, { type: 'GetBlocks' }>;
      peer.say({ type: 'Blocks', body: { from: body.from, blocks: [randomBytes(500)], certificate: undefined } });
      await peer.untilEnded();
    }));

  // Not an offence each, since honest peers may be late or ahead: these stay, and nobody follows them.
  const ignored = await Promise.all(nodes.map((node) => HostilePeer.ready(node, { height: 1_000_000, tipHash: hex<BlockHash>() })));
  for (const peer of ignored) {
    peer.say({ type: 'Blocks', body: { from: 1, blocks: [randomBytes(500)], certificate: undefined } });
    peer.say({ type: 'BlockAnnouncement', body: { height: 4_000_000_000, tipHash: hex<BlockHash>() } });
    peer.say({ type: 'TransactionAnnouncement', body: { txids: Array.from({ length: 5_000 }, () => hex<Txid>()) } });
    peer.say({ type: 'GetBlocks', body: { from: 4_000_000_000, count: 65_535 } });
    peer.say({ type: 'BlockVote', body: forgedVote(members[0]!, 4_000_000_000) });
  }
  const { blocks: undisturbed } = await nodes[0]!.call('getblockchaininfo');
  await atHeight(nodes, undisturbed + 1, blockMs);
  await silence;
  for (const peer of ignored) peer.socket.destroy();

  expect(nodes.map((node) => [node.pid, node.isRunning])).toEqual(running.map((pid) => [pid, true]));
  await until('three peers each again', logMs, async () => {
    const counts = await Promise.all(nodes.map((node) => node.call('getconnectioncount')));
    return counts.every((count) => count === 3);
  });
  await payFinally(nodes[0]!, nodes, 5_000);
  await agreement(nodes, undisturbed + 1, blockMs);
});
