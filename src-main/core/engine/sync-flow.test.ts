import { describe, expect, test } from 'vitest';
import type { Txid } from '../../../src-shared/domain/ids.ts';
import type { MessageBodies } from '../codec/message.ts';
import { hashTransaction } from '../codec/transaction.ts';
import type { ConnectionId } from '../net/connection-id.ts';
import { allocation, coinOf, genesisOf, lockOfKey, payment, TestNode } from './test-node.fixture.ts';

const genesis = genesisOf(1, 2);
const stranger = 50;
const pays = payment(genesis, [coinOf(genesis, 1)], [{ amount: allocation - 10_000_000n, lock: lockOfKey(1) }]);

/** Of the network's one member, with a payment in block 1. */
function chainOf(heights: number, paid = pays, verify?: TestNode['verify']): TestNode {
  const node = new TestNode(genesis, 0);
  if (verify !== undefined) node.verify = verify;
  const connection = node.connect(1, stranger);
  node.receive(connection, 'TransactionBroadcast', { transactions: [paid.encoded] });
  while (node.chain.blocks.length <= heights) node.pass(10_000);
  expect(node.chain.heights.get(paid.txid)).toBe(1);
  return node;
}
const rangeOf = (source: TestNode, from: number, count: number): MessageBodies['Blocks'] => ({
  from,
  blocks: source.chain.blocks.slice(from, from + count).map(({ encoded }) => encoded),
  certificate: source.chain.blocks[from + count - 1]?.certificate,
});
const changed = (bytes: Uint8Array | undefined, at: number): Uint8Array => {
  const copy = (bytes ?? new Uint8Array()).slice();
  copy[copy.length + at] = (copy.at(at) ?? 0) ^ 1;
  return copy;
};
const hashesOf = (node: TestNode): string[] => node.chain.blocks.map(({ hash }) => hash);

/** A node at height 0 that has asked its first peer for the blocks of the chain, while a second one has them too. */
function asking(source: TestNode): { node: TestNode; first: ConnectionId; second: ConnectionId } {
  const node = new TestNode(genesis, 9);
  node.nowMs = source.nowMs;
  const height = source.chain.blocks.length - 1;
  const first = node.connect(1, stranger, height);
  const second = node.connect(2, stranger + 1, height);
  return { node, first, second };
}
/** What it asked this peer for, and what it then asks. */
function serve(node: TestNode, connection: ConnectionId, source: TestNode): void {
  for (let at = 0; at < node.sent.length; at++) {
    const { to, message } = node.sent[at] ?? {};
    if (message?.type === 'GetBlocks' && to?.includes(connection)) node.receive(connection, 'Blocks', rangeOf(source, message.body.from, message.body.count));
  }
}
const askedOf = (node: TestNode): ConnectionId | undefined => node.sent.filter(({ message }) => message.type === 'GetBlocks').at(-1)?.to[0];

describe('a range that is not the chain is fetched again from another peer, and no transaction of it is verified', () => {
  const source = chainOf(3);
  const honest = rangeOf(source, 1, 3);
  const lies: Record<string, (range: MessageBodies['Blocks']) => MessageBodies['Blocks']> = {
    'bytes that are no block': (range) => ({ ...range, blocks: [new Uint8Array(300), ...range.blocks.slice(1)] }),
    'another signature in a payment': (range) => ({ ...range, blocks: [changed(range.blocks[0], -1), ...range.blocks.slice(1)] }),
    'another header': (range) => ({ ...range, blocks: [changed(range.blocks[0], -(range.blocks[0]?.length ?? 0) + 90), ...range.blocks.slice(1)] }),
    'a block left out': (range) => ({ ...range, blocks: [...range.blocks.slice(0, 1), ...range.blocks.slice(2)] }),
    'no certificate': (range) => ({ ...range, certificate: undefined }),
    "another block's certificate": (range) => ({ ...range, certificate: source.chain.blocks[2]?.certificate }),
    'nobody in the certificate': (range) => ({ ...range, certificate: range.certificate && { ...range.certificate, precommits: [] } }),
  };

  test.each(Object.keys(lies))('%s', (name) => {
    const { node, first, second } = asking(source);
    node.holdAnswers = true;
    node.receive(first, 'Blocks', lies[name]?.(honest) ?? honest);
    expect(node.held).toEqual([]);
    expect(node.disconnected).toEqual([first]);
    expect(node.events).toContainEqual(expect.objectContaining({ kind: 'peer-violation', connection: first }));
    expect(askedOf(node)).toBe(second);
    node.holdAnswers = false;
    serve(node, second, source);
    expect(hashesOf(node)).toEqual(hashesOf(source));
  });

  test('a forged certificate', () => {
    const { node, first, second } = asking(source);
    const { certificate } = honest;
    const precommits = certificate?.precommits.map((one) => ({ ...one, signature: changed(one.signature, -40) })) ?? [];
    node.holdAnswers = true;
    node.receive(first, 'Blocks', { ...honest, certificate: certificate && { ...certificate, precommits } });
    // Its own signatures, and nothing else.
    const [verified] = node.held.map((answer) => answer());
    expect(verified).toMatchObject({ kind: 'verified', valid: [false] });
    node.holdAnswers = false;
    node.release();
    expect(node.disconnected).toEqual([first]);
    expect(askedOf(node)).toBe(second);
  });
});

test('a certified block with an invalid signature stops this node: who sent it has told what a quorum decided', () => {
  const witnesses = pays.transaction.witnesses.map((one) => ({ ...one, signature: changed(one.signature, -40) }));
  const source = chainOf(2, hashTransaction({ ...pays.transaction, witnesses }), () => true);
  const { node, first } = asking(source);
  node.receive(first, 'Blocks', rangeOf(source, 1, 2));
  expect(node.chain.blocks.length).toBe(1);
  expect(node.disconnected).toEqual([]);
  expect(node.events).toContainEqual({ kind: 'halted', height: 2, reason: 'a signature in the certified blocks 1 to 2 is invalid', signers: [] });
});

test('a silent peer holds the first blocks up for a second', () => {
  const source = chainOf(3);
  const { node, first, second } = asking(source);
  expect(askedOf(node)).toBe(first);
  node.pass(999);
  expect(askedOf(node)).toBe(first);
  node.pass(1);
  expect(askedOf(node)).toBe(second);
  node.receive(second, 'Blocks', rangeOf(source, 1, 3));
  expect(hashesOf(node)).toEqual(hashesOf(source));
});

test('the only peer says that it has nothing, and is asked again when it says that it has', () => {
  const source = chainOf(3);
  const node = new TestNode(genesis, 9);
  node.nowMs = source.nowMs;
  const only = node.connect(1, stranger, 3);
  node.receive(only, 'Blocks', { from: 1, blocks: [], certificate: undefined });
  node.pass(30_000);
  expect(node.sentOf('GetBlocks')).toHaveLength(1);
  // Heights are refreshed by and by.
  node.pass(40_000);
  expect(node.sentOf('GetBlockHeight').length).toBeGreaterThan(0);
  node.receive(only, 'BlockHeight', { height: 3, tipHash: 'cd'.repeat(32) as Txid as never });
  expect(node.sentOf('GetBlocks')).toHaveLength(2);
  node.receive(only, 'Blocks', rangeOf(source, 1, 3));
  expect(hashesOf(node)).toEqual(hashesOf(source));
});
