import { beforeAll, describe, expect, it } from 'vitest';
import type { BlockHash } from '../../../src-shared/domain/ids.ts';
import { certificatesCodec, decodeBlock, hashBlock } from '../codec/block.ts';
import { blockProposalMessage } from '../codec/block-vote.ts';
import { sign } from '../crypto/signature.ts';
import type { ConnectionId } from '../net/connection-id.ts';
import { genesis, hashAt, heightOf, invalidate, join, rangeOf, serve, slots, submit } from './branches.fixture.ts';
import { allocation, coinOf, keyOf, lockOfKey, payment, TestNode } from './test-node.fixture.ts';

const pay = (coin: number) => payment(genesis, [coinOf(genesis, 1, coin)], [{ amount: allocation - 10_000_000n, lock: lockOfKey(coin) }]);

/** Two branches that part after block 3, each certified by the network's only member. */
let left: TestNode;
let right: TestNode;
beforeAll(() => {
  [left, right] = [1, 2].map((coin) => {
    const node = new TestNode(genesis, 0);
    node.verify = () => true;
    while (heightOf(node) < 3) slots(node, 1);
    submit(node, pay(coin));
    return node;
  }) as [TestNode, TestNode];
  while (heightOf(left) < 9) slots(left, 1);
  while (heightOf(right) < 7) slots(right, 1);
  expect(hashAt(left, 3)).toBe(hashAt(right, 3));
  expect(hashAt(left, 4)).not.toBe(hashAt(right, 4));
});

/** Not a masternode of the snapshot; it has this chain up to that height. */
function follower(source: TestNode, height: number): { readonly node: TestNode; readonly sources: Map<ConnectionId, TestNode> } {
  const node = new TestNode(genesis, 9);
  node.nowMs = left.nowMs;
  const first = node.connect(1, 51, height, { remoteAddress: '10.0.1.1:1', hello: { tipHash: hashAt(source, height) } });
  const sources = new Map([[first, source]]);
  serve(node, sources);
  expect(heightOf(node)).toBe(height);
  return { node, sources };
}
function meets({ node, sources }: ReturnType<typeof follower>, connection: number, other: TestNode): ConnectionId {
  const before = node.sent.length;
  const id = join(node, connection, other);
  sources.set(id, other);
  serve(node, sources, before);
  return id;
}
const halts = (node: TestNode) => node.persisted.flatMap((operation) => (operation.kind === 'put-halt' ? [operation] : []));
const asked = (node: TestNode, from: ConnectionId): readonly number[] =>
  node.sent.flatMap(({ to, message }) => (message.type === 'GetBlocks' && to.includes(from) ? [message.body.from] : []));

describe('a peer on another branch', () => {
  it.each([
    ['that is ahead', 5, () => right],
    ['that is as high', 7, () => right],
    ['that is behind', 9, () => right],
  ])('%s: the first two blocks that differ are the evidence, and whoever signed both is named', (_, height, other) => {
    const parted = follower(left, height);
    meets(parted, 2, other());
    const [halt, ...more] = halts(parted.node);
    expect(more).toEqual([]);
    expect(certificatesCodec.decode(halt?.encoded ?? new Uint8Array()).map(({ blockHash }) => blockHash)).toEqual([hashAt(left, 4), hashAt(right, 4)]);
    expect(parted.node.persisted).toContainEqual(expect.objectContaining({ kind: 'put-evidence', nodeId: keyOf(0).nodeId }));
    expect(parted.node.engine.views.halts()).toMatchObject([{ height: 4, liftedBy: undefined }]);
    expect(parted.node.disconnected).toEqual([]);
  });

  it('stops this node for good: what its own branch decides after that is not followed', () => {
    for (const isHalted of [false, true]) {
      const parted = follower(left, 8);
      if (isHalted) meets(parted, 2, right);
      const { node, sources } = parted;
      const [connection] = sources.keys();
      const { encoded: block, hash: blockHash, certificate } = left.chain.blocks[9] ?? {};
      if (connection === undefined || block === undefined || blockHash === undefined || certificate === undefined) throw new Error('a ninth block');
      const { height, round } = certificate;
      const proposal = { height, round, validRound: undefined, blockHash, nodeId: decodeBlock(block).header.proposer, block };
      node.receive(connection, 'BlockProposal', { ...proposal, signature: sign(keyOf(0).seed, blockProposalMessage(genesis.hash, proposal)) });
      for (const precommit of certificate.precommits) node.receive(connection, 'BlockVote', { height, round, phase: 'precommit', blockHash, ...precommit });
      expect(heightOf(node)).toBe(isHalted ? 8 : 9);
    }
  });

  it('is asked for few blocks, and one of the same chain for none', () => {
    const parted = follower(left, 9);
    const same = meets(parted, 2, left);
    expect(asked(parted.node, same)).toEqual([]);
    const other = meets(parted, 3, right);
    expect(asked(parted.node, other).length).toBeLessThanOrEqual(4);
  });

  it('is heard of also by what it says later', () => {
    const parted = follower(left, 9);
    const id = join(parted.node, 2, left);
    const before = parted.node.sent.length;
    parted.node.receive(id, 'BlockHeight', { height: 7, tipHash: hashAt(right, 7) });
    parted.sources.set(id, right);
    serve(parted.node, parted.sources, before);
    expect(halts(parted.node)).toMatchObject([{ height: 4 }]);
  });
});

describe('an operator settles it', () => {
  it('by marking a block of this node’s branch: the node moves to the other one, and blames nobody', () => {
    const parted = follower(left, 9);
    meets(parted, 2, right);
    const { node, sources } = parted;
    const before = node.sent.length;
    expect(invalidate(node, hashAt(left, 4))).toEqual({ ok: true, reverted: 6, height: 3, hash: hashAt(left, 3) });
    expect(node.engine.views.halts()).toMatchObject([{ liftedBy: hashAt(left, 4) }]);
    for (let round = 0; round < 5; round++) {
      serve(node, sources, before);
      node.pass(1_000);
    }
    expect(hashAt(node, 7)).toBe(hashAt(right, 7));
    expect(node.engine.views.tip().utxoSetHash).toBe(right.engine.views.tip().utxoSetHash);
    expect(node.disconnected).toEqual([]);
    expect(halts(node)).toHaveLength(1);
  });

  it('by marking the other one: the node stays, goes on, and lets those be who follow that', () => {
    const parted = follower(left, 7);
    const other = meets(parted, 2, right);
    const { node, sources } = parted;
    expect(invalidate(node, hashAt(right, 4))).toMatchObject({ ok: true, reverted: 0, height: 7 });
    const before = node.sent.length;
    const [first] = sources.keys();
    node.receive(first as ConnectionId, 'BlockAnnouncement', { height: 9, tipHash: hashAt(left, 9) });
    node.receive(other, 'BlockHeight', { height: 7, tipHash: hashAt(right, 7) });
    serve(node, sources, before);
    expect(hashAt(node, 9)).toBe(hashAt(left, 9));
    expect(halts(node)).toHaveLength(1);
    expect(node.disconnected).toEqual([]);
  });

  it('by marking a block that everybody else keeps: nobody is blamed for sending it, and taken back it is all put on again', () => {
    const { node, sources } = follower(left, 9);
    sources.set(join(node, 2, left), left);
    const before = node.sent.length;
    expect(invalidate(node, hashAt(left, 9))).toMatchObject({ ok: true, reverted: 1 });
    for (let round = 0; round < 100; round++) {
      serve(node, sources, before);
      node.pass(1_000);
    }
    expect([heightOf(node), node.disconnected, node.events.filter(({ kind }) => kind === 'peer-violation')]).toEqual([8, [], []]);
    node.input({ kind: 'reconsider-block', request: 3, hash: hashAt(left, 9) });
    expect(hashAt(node, 9)).toBe(hashAt(left, 9));
  });

  it('by a mark that is higher than the node is: it comes up to there, by the same answers, and no further', () => {
    const node = new TestNode(genesis, 9, { invalid: [{ hash: hashAt(left, 5), height: 5 }] });
    node.nowMs = left.nowMs;
    const sources = new Map([[join(node, 1, left), left]]);
    for (let round = 0; round < 5; round++) {
      serve(node, sources);
      node.pass(1_000);
    }
    expect([heightOf(node), node.disconnected]).toEqual([4, []]);
  });

  it('takes it back: the node stands still again, and the next mark moves it', () => {
    const parted = follower(left, 9);
    meets(parted, 2, right);
    const { node, sources } = parted;
    invalidate(node, hashAt(left, 4));
    serve(node, sources);
    node.pass(2_000);
    serve(node, sources);
    expect(hashAt(node, 7)).toBe(hashAt(right, 7));
    node.input({ kind: 'reconsider-block', request: 3, hash: hashAt(left, 4) });
    expect(node.engine.views.consensus().halted).toBe(true);
    expect(invalidate(node, hashAt(right, 4))).toMatchObject({ ok: true, reverted: 4 });
    expect(node.engine.views.consensus().halted).toBe(false);
    // Its own blocks are put on again; nobody need send them.
    expect(hashAt(node, 9)).toBe(hashAt(left, 9));
  });
});

describe('who makes up another chain', () => {
  it('is found out where its blocks follow nothing, and what it says of its height does no harm', () => {
    const { node } = follower(left, 9);
    const liar = node.connect(2, 52, 7, { remoteAddress: '10.0.2.1:1', hello: { tipHash: hashAt(right, 5) } });
    expect(asked(node, liar)).toEqual([7]);
    node.receive(liar, 'Blocks', rangeOf(left, 7, 1));
    expect([halts(node), node.disconnected]).toEqual([[], []]);
  });

  it('is blamed where its first block that differs does not follow the last that it shares', () => {
    const { node } = follower(left, 9);
    const liar = join(node, 2, right);
    for (const from of [7, 3, 5]) node.receive(liar, 'Blocks', rangeOf(right, from, 1));
    expect(node.disconnected).toEqual([]);
    const { header, transactions, previousCertificate } = decodeBlock(right.chain.blocks[4]?.encoded ?? new Uint8Array());
    const { hash, encoded } = hashBlock({ ...header, previousHash: 'ab'.repeat(32) as BlockHash }, previousCertificate, transactions);
    const { certificate } = rangeOf(right, 4, 1);
    node.receive(liar, 'Blocks', { from: 4, blocks: [encoded], certificate: certificate && { ...certificate, blockHash: hash } });
    expect([halts(node), node.disconnected]).toEqual([[], [liar]]);
  });

  it('is not believed without a certificate of a quorum', () => {
    const { node } = follower(left, 9);
    const liar = join(node, 2, right);
    const forged = rangeOf(right, 7, 1);
    node.receive(liar, 'Blocks', { ...forged, certificate: forged.certificate && { ...forged.certificate, precommits: [] } });
    for (const from of [3, 5, 4]) {
      const range = rangeOf(right, from, 1);
      node.receive(liar, 'Blocks', { ...range, certificate: range.certificate && { ...range.certificate, precommits: [] } });
    }
    expect(halts(node)).toEqual([]);
    expect(node.disconnected).toEqual([liar]);
  });
});
