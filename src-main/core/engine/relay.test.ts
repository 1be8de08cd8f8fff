import { expect, test } from 'vitest';
import type { Hash, NodeId, Txid } from '../../../src-shared/domain/ids.ts';
import type { Message } from '../codec/message.ts';
import type { HashedTransaction } from '../codec/transaction.ts';
import type { HashedVoteBundle } from '../codec/vote-bundle.ts';
import type { Effect } from '../effects.ts';
import type { ConnectionId } from '../net/connection-id.ts';
import type { Peer } from '../net/peer-connection.ts';
import { Relay } from './relay.ts';

const [a, b, c] = [1, 2, 3] as [ConnectionId, ConnectionId, ConnectionId] & ConnectionId[];
const peers = [a, b, c].map((connection) => ({ connection, nodeId: `node ${connection}` as NodeId }) as Peer);
const bundleOf = (name: string, signer = 'far'): HashedVoteBundle =>
  ({ hash: name as Hash, bundle: { nodeId: signer as NodeId }, encoded: Uint8Array.from(name, (letter) => letter.charCodeAt(0)) }) as HashedVoteBundle;
const transactionOf = (name: string): HashedTransaction => ({ txid: name as Txid, encoded: new Uint8Array([1]) }) as HashedTransaction;

function relayed({ members = peers.length }: { readonly members?: number } = {}) {
  const sent: { readonly to: readonly number[]; readonly type: string; readonly items: number }[] = [];
  const effects: Effect[] = [];
  const waiting: (() => void)[] = [];
  const context = {
    peers: { ready: () => peers },
    tip: { height: 0, hash: '' as never },
    snapshot: { byNode: new Map(peers.slice(0, members).map(({ nodeId }) => [nodeId, {} as never])) },
    options: { self: 'node 0' as NodeId },
    epoch: 0,
    params: { voteFlushMs: 50 },
    nowMs: 1_000,
    emit: (effect: Effect) => effects.push(effect),
    send: (to: readonly ConnectionId[], { type, body }: Message) => {
      const list = 'bundles' in body ? body.bundles : 'transactions' in body ? body.transactions : 'txids' in body ? body.txids : [];
      sent.push({ to: [...to], type, items: list.length });
    },
    later: (then: () => void) => waiting.push(then),
  };
  const endTurn = (): void => {
    for (const then of waiting.splice(0)) then();
  };
  return { relay: new Relay(context), context, sent, effects, endTurn };
}

test('peers that get the same get one message, and nobody what he sent or signed', () => {
  const { relay, sent, endTurn } = relayed();
  relay.bundles.note('x' as Hash, a);
  relay.bundle(bundleOf('x'), 'passed on');
  relay.bundle(bundleOf('y', 'node 2'), 'passed on');
  relay.bundle(bundleOf('z'), 'passed on');
  endTurn();
  expect(sent).toEqual([
    { to: [a], type: 'TransactionVotes', items: 2 },
    { to: [b], type: 'TransactionVotes', items: 2 },
    { to: [c], type: 'TransactionVotes', items: 3 },
  ]);
  relay.bundle(bundleOf('x'), 'own');
  endTurn();
  expect(sent).toHaveLength(3);
});

test('what is passed on gathers for half a flush; what is its own takes it along', () => {
  const { relay, context, sent, effects, endTurn } = relayed();
  relay.bundle(bundleOf('1'), 'passed on');
  endTurn();
  expect(sent).toEqual([{ to: [a, b, c], type: 'TransactionVotes', items: 1 }]);
  context.nowMs += 10;
  relay.bundle(bundleOf('2'), 'passed on');
  relay.bundle(bundleOf('3'), 'passed on');
  endTurn();
  expect(sent).toHaveLength(1);
  expect(effects).toEqual([{ kind: 'set-timer', timer: 'relay', atMs: 1_025 }]);
  context.nowMs = 1_025;
  relay.due();
  expect(sent[1]).toEqual({ to: [a, b, c], type: 'TransactionVotes', items: 2 });
  context.nowMs += 1;
  relay.bundle(bundleOf('4'), 'passed on');
  relay.bundle(bundleOf('5'), 'own');
  endTurn();
  expect(sent[2]).toEqual({ to: [a, b, c], type: 'TransactionVotes', items: 2 });
});

test('where much is passed on it gathers longer', () => {
  const { relay, context, effects, endTurn } = relayed();
  relay.bundle({ ...bundleOf('1'), encoded: new Uint8Array(100_001) }, 'passed on');
  endTurn();
  context.nowMs += 30;
  relay.bundle(bundleOf('2'), 'passed on');
  endTurn();
  expect(effects).toEqual([{ kind: 'set-timer', timer: 'relay', atMs: 1_100 }]);
});

test('a clock that is set back makes nothing wait', () => {
  const { relay, context, sent, endTurn } = relayed();
  relay.bundle(bundleOf('1'), 'passed on');
  endTurn();
  context.nowMs -= 3_600_000;
  relay.bundle(bundleOf('2'), 'passed on');
  endTurn();
  expect(sent).toHaveLength(2);
});

test('transactions go whole to masternodes, and by id to others', () => {
  const { relay, sent, endTurn } = relayed({ members: 2 });
  relay.transaction(transactionOf('x'), 'own');
  endTurn();
  expect(sent).toEqual([
    { to: [a, b], type: 'TransactionBroadcast', items: 1 },
    { to: [c], type: 'TransactionAnnouncement', items: 1 },
  ]);
});
