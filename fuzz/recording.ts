import sodium from 'sodium-native';
import { decodeBlock } from '../src-main/core/codec/block.ts';
import type { Message, MessageType } from '../src-main/core/codec/message.ts';
import { submit } from '../src-main/core/engine/branches.fixture.ts';
import { allocation, coinOf, genesisOf, keyOf, lockOfKey, payment, TestNode } from '../src-main/core/engine/test-node.fixture.ts';
import type { ConnectionId } from '../src-main/core/net/connection-id.ts';
import { keyPairOf, signWith, viewOf } from '../src-main/node/keys/ed25519.ts';
import { expect } from './target.ts';

export const members = 4;
/** Its key number: no member's. */
export const observer = 9;
/** An epoch of the devnet, and half of the next. */
const heights = 9;
const coins = 2 * heights;
export const genesis = genesisOf(members, coins);
const feeUnits = 10_000_000n;
const stepMs = 100;
const maxSteps = 3_000;

export const verify: TestNode['verify'] = ({ publicKey, message, signature }) =>
  sodium.crypto_sign_verify_detached(viewOf(signature), viewOf(message), viewOf(publicKey));

/** What no relay passes on: it is said between two, or it asks. */
const between: ReadonlySet<MessageType> = new Set([
  'Hello',
  'HelloAck',
  'Ping',
  'Pong',
  'Disconnect',
  'GetPeers',
  'GetBlocks',
  'GetBlockVotes',
  'GetPendingTransactions',
]);
const ofOneConnection: ReadonlySet<MessageType> = new Set(['Hello', 'HelloAck', 'Ping', 'Pong', 'Disconnect']);

interface Said {
  readonly atMs: number;
  readonly member: number;
  readonly message: Message;
}
export interface Recording {
  /** What the members said to an observer, in order. */
  readonly said: readonly Said[];
  /** A member at the end, with the chain. */
  readonly source: TestNode;
  readonly hashes: readonly string[];
  /** Values that were said: what a changed one may be replaced by. */
  readonly values: readonly unknown[];
}

export const addressOf = (number: number): string => `10.${number}.0.1:1`;
const connectionOf = (member: number): ConnectionId => (member + 1) as ConnectionId;
export function connectMembers(node: TestNode): void {
  for (let member = 0; member < members; member++)
    if (member !== node.number) node.connect(connectionOf(member), member, 0, { remoteAddress: addressOf(member) });
}

/** Members who decide blocks with payments; at even heights the first proposal is lost, so that rounds end without a block and are voted nil. */
function record(): Recording {
  const nodes = Array.from({ length: members }, (_, member) => {
    const { secretKey64 } = keyPairOf(keyOf(member).seed);
    return new TestNode(genesis, member, {}, { signer: { sign: (message) => signWith(secretKey64, message) } });
  });
  const observing = connectionOf(observer);
  for (const node of nodes) {
    node.verify = verify;
    connectMembers(node);
    node.connect(observing, observer, 0, { remoteAddress: addressOf(observer) });
  }
  const [first] = nodes as [TestNode];
  const heard = nodes.map(({ sent }) => sent.length);
  const said: Said[] = [];
  const deliver = (node: TestNode): void => {
    for (const { to, message } of node.sent.slice(heard[node.number])) {
      heard[node.number] = (heard[node.number] ?? 0) + 1;
      if (message.type === 'BlockProposal' && message.body.height % 2 === 0 && message.body.round === 0) continue;
      for (const one of to) {
        if (one !== observing && !ofOneConnection.has(message.type)) nodes[one - 1]?.receive(connectionOf(node.number), message.type, message.body);
        if (one !== observing) continue;
        if (!between.has(message.type)) said.push({ atMs: node.nowMs, member: node.number, message });
        // So that what is announced is said as well.
        if (message.type === 'TransactionAnnouncement') node.receive(observing, 'GetTransactions', message.body);
      }
    }
  };
  let paid = 0;
  for (let step = 0; step < maxSteps && nodes.some(({ chain }) => chain.blocks.length <= heights); step++) {
    if (paid < Math.min(coins, 2 * first.chain.blocks.length)) {
      const outputs = [{ amount: allocation - feeUnits, lock: lockOfKey(1) }];
      submit(nodes[paid % members] as TestNode, payment(genesis, [coinOf(genesis, members, paid)], outputs));
      paid++;
    }
    for (const node of nodes) node.pass(stepMs);
    // A question, its answer, and what follows from that.
    for (let turn = 0; turn < 3; turn++) for (const node of nodes) deliver(node);
  }
  const hashes = first.chain.blocks.map(({ hash }) => hash);
  expect(hashes.length > heights, `the members decided ${hashes.length} blocks`);
  return { said, source: first, hashes, values: valuesOf(first, said) };
}

/** Enough of each kind; each change looks through all. */
const maxValues = 3_000;
const maxDepth = 6;
const maxOfList = 5;

function valuesOf({ chain }: TestNode, said: readonly Said[]): readonly unknown[] {
  const values: unknown[] = [];
  const gather = (value: unknown, depth: number): void => {
    if (value === undefined || values.length >= maxValues || depth > maxDepth) return;
    const isList = Array.isArray(value);
    if (isList || typeof value !== 'object' || value instanceof Uint8Array) values.push(value);
    if (isList) for (const one of value.slice(0, maxOfList)) gather(one, depth + 1);
    else if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array)) for (const one of Object.values(value)) gather(one, depth + 1);
  };
  for (const { encoded, certificate } of chain.blocks) {
    const { header, previousCertificate, latePrecommits } = decodeBlock(encoded);
    gather([header, previousCertificate, latePrecommits, certificate], 0);
  }
  // As if somebody had been late where nobody was.
  gather([{ height: 1, round: 0, nodeId: keyOf(1).nodeId, signature: new Uint8Array(64).fill(1) }], 0);
  for (const { message } of said) gather(message.body, 0);
  return values;
}

let made: Recording | undefined;
/** Made when it is first asked for: a run of other targets does without. */
export function recording(): Recording {
  made ??= record();
  return made;
}
