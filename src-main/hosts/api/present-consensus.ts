import type * as z from 'zod';
import type { consensusInfo, lastDecided, recentBlock, votingTransaction } from '../../../src-shared/api/methods/consensus.ts';
import { membersShown, type TopicValue } from '../../../src-shared/api/topics.ts';
import type { NodeId } from '../../../src-shared/domain/ids.ts';
import { isQuorum, type Member, type Snapshot } from '../../core/snapshot.ts';
import { type EngineView, maxRecentBlocks, type RecentBlock, type VotingTransaction } from '../../node/views.ts';
import type { NodeServices } from './node-services.ts';

type ConsensusInfo = z.output<typeof consensusInfo>;

/** The least weight that decides; 0 where nothing can be decided. */
export const quorumWeightOf = (totalWeight: number): number => Math.ceil((2 * totalWeight) / 3);

type Weights = ReturnType<EngineView['consensus']>['prevotes'];
const tallyOf = (weights: Weights): ConsensusInfo['prevotes'] =>
  weights.map(({ blockHash, weight, voters }) => ({ blockhash: blockHash ?? null, weight, voters: [...voters] }));

function lastDecidedOf({ views, history }: NodeServices): z.output<typeof lastDecided> | undefined {
  const decided = views.lastDecided();
  if (decided === undefined) return undefined;
  const { height, round, blockHash, precommits } = decided.certificate;
  const { byNode, totalWeight } = views.snapshot();
  const voters = precommits.map(({ nodeId }) => nodeId);
  const weight = voters.reduce((sum, voter) => sum + (byNode.get(voter)?.weight ?? 0), 0);
  const decideMs = history.recentBlocks(1).find(({ hash }) => hash === blockHash)?.decideMs;
  return {
    height,
    hash: blockHash,
    round,
    ...(decideMs === undefined ? {} : { decidems: decideMs }),
    totalweight: totalWeight,
    ...(decided.prevotes === undefined ? {} : { prevotes: tallyOf(decided.prevotes) }),
    precommits: [{ blockhash: blockHash, weight, voters }],
  };
}

export function consensusInfoOf(services: NodeServices): ConsensusInfo {
  const { views } = services;
  const decided = lastDecidedOf(services);
  const consensus = views.consensus();
  const snapshot = views.snapshot();
  return {
    height: consensus.height,
    round: consensus.round,
    step: consensus.step,
    // A network without members has no proposer.
    proposer: snapshot.members.length === 0 ? null : consensus.proposer,
    self: views.self(),
    voting: consensus.votes && consensus.signing.kind === 'signing',
    signing: consensus.signing.kind,
    epoch: snapshot.epoch,
    snapshothash: snapshot.hash,
    totalweight: snapshot.totalWeight,
    quorumweight: quorumWeightOf(snapshot.totalWeight),
    prevotes: tallyOf(consensus.prevotes),
    precommits: tallyOf(consensus.precommits),
    nextslot: consensus.nextSlotMs,
    ...(decided === undefined ? {} : { lastdecided: decided }),
  };
}

type Shown = TopicValue<'consensus'>;

/** Heaviest first, each weight in the order of the snapshot; made once for each epoch. */
const byWeight = new WeakMap<Snapshot, readonly Member[]>();
function heaviestOf(snapshot: Snapshot): readonly Member[] {
  const known = byWeight.get(snapshot);
  if (known !== undefined) return known;
  const sorted = [...snapshot.members].sort((a, b) => b.weight - a.weight);
  byWeight.set(snapshot, sorted);
  return sorted;
}

/** What a page shows of the round and of who takes part in it, whatever the size of the snapshot. */
export function shownConsensusOf(services: NodeServices): Pick<Shown, 'info' | 'members' | 'membercount'> {
  const { views } = services;
  const { lastdecided, ...info } = consensusInfoOf(services);
  const snapshot = views.snapshot();
  const self = views.self();
  const own = snapshot.byNode.get(self);
  const others = heaviestOf(snapshot)
    .slice(0, membersShown + 1)
    .filter(({ nodeId }) => nodeId !== self);
  const shown = [...(own === undefined ? [] : [own]), ...others].slice(0, membersShown);
  const connected = new Set<NodeId>(views.peers().map(({ nodeId }) => nodeId));
  const ids = new Set<string>(shown.map(({ nodeId }) => nodeId));
  const shownTally = (tally: ConsensusInfo['prevotes']): Shown['info']['prevotes'] =>
    tally.map(({ voters, ...value }) => ({ ...value, votercount: voters.length, voters: voters.filter((voter) => ids.has(voter)) }));
  return {
    info: {
      ...info,
      prevotes: shownTally(info.prevotes),
      precommits: shownTally(info.precommits),
      ...(lastdecided && {
        lastdecided: {
          ...lastdecided,
          prevotes: lastdecided.prevotes && shownTally(lastdecided.prevotes),
          precommits: shownTally(lastdecided.precommits),
        },
      }),
    },
    members: shown.map(({ nodeId, weight }) => ({ nodeid: nodeId, weight, connected: connected.has(nodeId), self: nodeId === self })),
    membercount: snapshot.members.length,
  };
}

/** Whether this node and those that it is connected with could decide. */
export function reachesQuorum(views: NodeServices['views']): boolean {
  const snapshot = views.snapshot();
  const reached = new Set([views.self(), ...views.peers().map(({ nodeId }) => nodeId)]);
  const weight = snapshot.members.reduce((sum, member) => sum + (reached.has(member.nodeId) ? member.weight : 0), 0);
  return isQuorum(weight, snapshot);
}

export const recentBlocksOf = ({ history }: NodeServices, count: number): z.output<typeof recentBlock>[] => history.recentBlocks(count).map(recentBlockOf);

/** As the file has them, with what is remembered of those decided lately. */
export async function blocksBelow({ history, storage }: NodeServices, height: number, count: number): Promise<z.output<typeof recentBlock>[]> {
  const from = Math.max(0, height - count);
  const known = new Map(history.recentBlocks(maxRecentBlocks).map((block) => [block.hash, block]));
  const stored = await storage.query('blockSummaries', { from, count: height - from });
  return stored.map(({ time, ...block }) => recentBlockOf(known.get(block.hash) ?? { ...block, timeMs: time, decideMs: undefined })).reverse();
}

const recentBlockOf = ({ height, hash, timeMs, proposer, round, transactions, decidedAtMs, decideMs }: RecentBlock): z.output<typeof recentBlock> => ({
  height,
  hash,
  time: timeMs,
  proposer,
  round,
  transactions,
  decidedatms: decidedAtMs,
  ...(decideMs === undefined ? {} : { decidems: decideMs }),
});

export const votingOf = ({ history }: NodeServices): z.output<typeof votingTransaction>[] => history.voting().map(votingTransactionOf);

const votingTransactionOf = (one: VotingTransaction): z.output<typeof votingTransaction> => ({
  txid: one.txid,
  state: one.state,
  acceptweight: one.acceptWeight,
  commitweight: one.commitWeight,
  rejectweight: one.rejectWeight,
  totalweight: one.totalWeight,
  acceptvoters: one.acceptVoters,
  commitvoters: one.commitVoters,
  rejectvoters: one.rejectVoters,
  totalvoters: one.totalVoters,
  sincems: one.sinceMs,
  ...(one.finalAfterMs === undefined ? {} : { finalafterms: one.finalAfterMs }),
  contested: one.contested,
  ...(one.reason === undefined ? {} : { reason: one.reason }),
});
