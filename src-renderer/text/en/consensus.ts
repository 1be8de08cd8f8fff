import type { SignedContradiction } from '../../../src-shared/api/methods/consensus.ts';
import { counted } from '../counted.ts';
import { formatCount, formatDuration, formatShare, formatSpan } from '../format.ts';

export const consensusText = {
  height: 'Height',
  round: 'Round',
  step: 'Step',
  proposer: 'Proposer',
  epoch: 'Epoch',
  nextSlot: 'Next slot',
  due: 'due',
  steps: {
    waiting: 'Waiting for the slot',
    propose: 'Waiting for the proposal',
    prevote: 'Prevoting',
    precommit: 'Precommitting',
    decided: 'Decided',
  },
  observing: 'This node follows, and has no vote.',
  silent: {
    listening: 'This node listens before it votes.',
    'restored-old-copy': 'This node does not vote until the next epoch: its records are an old copy.',
    'own-key-elsewhere': 'This node does not vote: another one runs with its key.',
    'after-revert': 'This node does not vote yet: it has left a branch on which it voted.',
  },
  votesOf: (height: number, round: number) => `Votes on block ${formatCount(height)}${round === 0 ? '' : `, round ${formatCount(round)}`}`,
  decided: (height: number) => `Block ${formatCount(height)} decided`,
  decidedIn: (ms: number | undefined, round: number) =>
    [ms === undefined ? '' : `in ${formatDuration(ms)}`, round === 0 ? '' : `round ${formatCount(round)}`].filter((part) => part !== '').join(' · '),
  prevotes: 'Prevotes',
  precommits: 'Precommits',
  quorumLine: (weight: number, total: number) => `quorum ${formatCount(weight)} of ${formatCount(total)}`,
  tally: (voters: number, members: number, weight: number, total: number) =>
    `${formatCount(voters)} of ${formatCount(members)} · ${formatShare(weight, total)}`,
  tallySummary: (kind: string, weight: number, total: number, quorum: number) =>
    `${kind}: ${formatCount(weight)} of ${formatCount(total)} by weight, quorum ${formatCount(quorum)}`,
  noVotes: 'none yet',
  member: 'Masternode',
  weight: 'Weight',
  prevoted: 'Prevote',
  precommitted: 'Precommit',
  voted: 'voted',
  votedNone: 'for none',
  notVoted: 'not yet',
  notNeeded: 'not needed',
  notConnected: 'not connected',
  moreMembers: (count: number) => `and ${counted(count, 'more masternode', 'more masternodes')}`,
  noMembers: { what: 'This network has no masternodes yet.', next: 'Nothing can be decided before it launches.' },
  evidence: 'Contradictions signed',
  evidenceMeans: 'Proof that a masternode broke the rules, or two ran with one key',
  contradiction: (one: SignedContradiction) =>
    one.kind === 'block-votes'
      ? `two ${one.phase}s at height ${formatCount(one.height)}, round ${formatCount(one.round)}: ${one.blockhashes.map((hash) => hash ?? 'none').join(' and ')}`
      : `${one.choice} of ${one.txids.join(' and of ')}, which spend the same coin`,
  blocks: 'Recent blocks',
  blockColumns: {
    height: 'Height',
    age: 'Age',
    proposer: 'Proposer',
    transactions: 'Transactions',
    decided: 'Time to decide',
    rounds: 'Rounds',
    hash: 'Hash',
  },
  noBlocks: { what: 'No block yet.', next: 'The first one comes with the next slot.' },
  notSeen: 'not seen here',
  genesis: 'the network’s first block',
  transactions: 'Payments voted on',
  noTransactions: { what: 'No payment is being voted on.', next: 'Send one in Wallet to watch its votes come in.' },
  txStates: { pending: 'Voting', certified: 'Certified', final: 'Final', rejected: 'Rejected' },
  contested: 'contested',
  contestedMeans: 'Another payment wants one of the same coins. The next blocks settle it.',
  accept: 'Accept',
  commit: 'Commit',
  reject: 'Reject',
  finalAfter: (ms: number, voters: number, members: number, weight: number, total: number) =>
    `Final after ${formatDuration(ms)} (${formatCount(voters)} of ${counted(members, 'masternode', 'masternodes')}, ${formatShare(weight, total)} of weight)`,
  final: 'Final',
  votingFor: (ms: number) => `Voting for ${formatSpan(ms)}`,
  certifiedFor: (ms: number) => `Certified, voting for ${formatSpan(ms)}`,
  rejectedWhy: (why: string) => `Rejected: ${why}`,
};
