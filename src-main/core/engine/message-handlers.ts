import type { MessageBodies, MessageType } from '../codec/message.ts';
import type { ConnectionId } from '../net/connection-id.ts';
import type { ConsensusFlow } from './consensus-flow.ts';
import type { EngineContext } from './context.ts';
import type { DiscoveryFlow } from './discovery-flow.ts';
import type { ForkWatch } from './fork-watch.ts';
import type { HeartbeatFlow } from './heartbeat-flow.ts';
import type { ReachabilityFlow } from './reachability-flow.ts';
import type { SyncFlow } from './sync-flow.ts';
import type { TransactionFlow } from './transaction-flow.ts';
import type { UtxoFlow } from './utxo-flow.ts';
import type { VotingFlow } from './voting-flow.ts';

type SessionType = 'Hello' | 'HelloAck' | 'Ping' | 'Pong' | 'Disconnect';
/** One handler for each message of a peer that has shaken hands: it does not compile with one missing (protocol section 10). */
export type MessageHandlers = { readonly [T in Exclude<MessageType, SessionType>]: (connection: ConnectionId, body: MessageBodies[T]) => void };

interface Flows {
  readonly consensus: ConsensusFlow;
  readonly transactions: TransactionFlow;
  readonly voting: VotingFlow;
  readonly sync: SyncFlow;
  readonly forks: ForkWatch;
  readonly discovery: DiscoveryFlow;
  readonly reachability: ReachabilityFlow;
  readonly heartbeats: HeartbeatFlow;
  readonly utxo: UtxoFlow;
}

export function messageHandlers(
  context: EngineContext,
  { consensus, transactions: transactionFlow, voting, sync, forks, discovery, reachability, heartbeats, utxo }: Flows,
): MessageHandlers {
  const heightOf = (connection: ConnectionId, { height, tipHash }: MessageBodies['BlockHeight']): void => {
    context.peers.heightOf(connection, height, tipHash);
    sync.peerHeight(connection, height);
    forks.claimed(connection, height, tipHash);
  };
  const tellHeight = (connection: ConnectionId): void =>
    context.send([connection], { type: 'BlockHeight', body: { height: context.tip.height, tipHash: context.tip.hash } });
  return {
    GetBlockHeight: tellHeight,
    BlockHeight: heightOf,
    BlockAnnouncement: heightOf,
    GetBlocks: (connection, { from, count }) => sync.serve(connection, from, count),
    Blocks: (connection, body) => {
      if (!forks.received(connection, body.from, body.blocks, body.certificate)) sync.received(connection, body);
    },
    BlockProposal: (connection, proposal) => consensus.proposals.received(connection, proposal),
    BlockVote: (connection, vote) => consensus.votes.received(connection, [vote]),
    GetBlockVotes: (connection, { height }) => {
      if (height === consensus.height) consensus.exchange.answer(connection);
      // Who asks about a height that is decided learns that it is.
      else if (height < consensus.height) tellHeight(connection);
    },
    BlockVotes: (connection, { votes }) => consensus.votes.received(connection, votes),
    Listening: (connection, message) => {
      context.listening.received(connection, message);
      const peer = context.peers.peer(connection);
      if (peer?.nodeId === message.nodeId && message.answer === undefined) consensus.exchange.report(peer);
    },
    ListeningReport: (connection, report) => context.listening.reported(connection, report),
    TransactionBroadcast: (connection, { transactions }) => transactionFlow.received(connection, transactions),
    TransactionAnnouncement: (connection, { txids }) => transactionFlow.announced(connection, txids),
    GetTransactions: (connection, { txids }) => transactionFlow.requested(connection, txids),
    GetPendingTransactions: (connection) => transactionFlow.sendPending(connection),
    PendingTransactions: (connection, { transactions, bundles }) => {
      transactionFlow.received(connection, transactions);
      voting.bundles.received(connection, bundles);
    },
    TransactionVotes: (connection, { bundles }) => voting.bundles.relayed(connection, bundles),
    GetPeers: (connection) => discovery.requested(connection),
    Peers: (connection, { peers }) => discovery.heard(connection, peers),
    DialBackRequest: (connection, { nonce, port }) => reachability.requested(connection, nonce, port),
    DialBackResult: (connection, result) => reachability.answered(connection, result),
    Heartbeat: (connection, heartbeat) => heartbeats.received(connection, heartbeat),
    UtxoStateQuery: (connection, { query, outpoints }) => utxo.queried(connection, query, outpoints),
    Subscribe: (connection, { query, ...watched }) => utxo.subscribe(connection, query, watched),
    Unsubscribe: (connection, watched) => utxo.unsubscribe(connection, watched),
    // This node asks nobody about coins: it has them all.
    UtxoStates: (connection) => context.violation(connection, { code: 'unexpected-message', detail: 'coin states that nobody asked for' }),
    UtxoStateNotification: (connection) => context.violation(connection, { code: 'unexpected-message', detail: 'coin states that nobody asked for' }),
  };
}
