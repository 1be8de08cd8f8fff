import type { BlockHash } from '../../../src-shared/domain/ids.ts';
import type { BranchAnswer } from '../branch-answer.ts';
import type { MessageBodies } from '../codec/message.ts';
import type { HashedTransaction } from '../codec/transaction.ts';
import { encodeRegistryState } from '../masternodes/registry-state.ts';
import type { ConnectionId } from '../net/connection-id.ts';
import { genesisOf, type TestNode } from './test-node.fixture.ts';

/** One member alone is its own quorum. Where it is started twice, it makes two branches, each with its certificates: as faulty as a network can be. */
export const genesis = genesisOf(1, 8);
export const slots = (node: TestNode, count: number): void => node.pass(count * 10_000);
export const heightOf = (node: TestNode): number => node.chain.blocks.length - 1;
export const hashAt = (node: TestNode, height: number): BlockHash => {
  const hash = node.chain.blocks[height]?.hash;
  if (hash === undefined) throw new Error(`no block ${height}`);
  return hash;
};

export function submit(node: TestNode, ...transactions: readonly HashedTransaction[]): void {
  for (const [request, { encoded }] of transactions.entries()) node.input({ kind: 'submit-transaction', request, encoded });
}

/**
 * All that the chain of a node comes to, in plain values: what two nodes with the same blocks have in common. Not the state of the set's hash, which is a fraction
 * and depends on the way there; its value is `utxoSetHash`.
 */
export function stateOf(node: TestNode): unknown {
  const { views } = node.engine;
  return {
    tip: { ...views.tip(), setHashState: undefined },
    registry: encodeRegistryState(views.registry()),
    snapshot: views.snapshot().hash,
    coins: [...node.chain.coins].sort(([a], [b]) => (a < b ? -1 : 1)),
    transactions: [...node.chain.heights].sort(([a], [b]) => (a < b ? -1 : 1)),
  };
}

export function invalidate(node: TestNode, hash: BlockHash, isConfirmed = false): BranchAnswer | undefined {
  const at = node.chain.blocks.findIndex((block) => block.hash === hash);
  node.input({ kind: 'invalidate-block', request: 1, hash, foundAt: at < 0 ? undefined : at, isConfirmed });
  return node.branchAnswers.at(-1);
}
export function reconsider(node: TestNode, hash: BlockHash): BranchAnswer | undefined {
  node.input({ kind: 'reconsider-block', request: 2, hash });
  return node.branchAnswers.at(-1);
}

export const rangeOf = (source: TestNode, from: number, count: number): MessageBodies['Blocks'] => {
  const blocks = source.chain.blocks.slice(from, from + count);
  return { from, blocks: blocks.map(({ encoded }) => encoded), certificate: blocks.at(-1)?.certificate };
};

/** Lets a node hear of peers who have these chains, and answers what it asks them until it asks no more. */
export function serve(node: TestNode, sources: ReadonlyMap<ConnectionId, TestNode>, from = 0): void {
  for (let at = from; at < node.sent.length; at++) {
    const { to = [], message } = node.sent[at] ?? {};
    if (message?.type !== 'GetBlocks') continue;
    for (const connection of to) {
      const source = sources.get(connection);
      if (source !== undefined) node.receive(connection, 'Blocks', rangeOf(source, message.body.from, message.body.count));
    }
  }
}

/** A peer that has the chain of `source`. */
export function join(node: TestNode, connection: number, source: TestNode): ConnectionId {
  const height = heightOf(source);
  return node.connect(connection, 50 + connection, height, { remoteAddress: `10.0.${connection}.1:1`, hello: { tipHash: hashAt(source, height) } });
}
