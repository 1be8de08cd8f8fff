import * as z from 'zod';
import { blockHash, count, height, hex32, nodeId, noParams, timestampMs, transactionReason, txid } from '../fields.ts';
import { method } from '../method.ts';

/** Weight per value voted for; `blockhash` null is a vote for none. */
export const valueVotes = z.object({ blockhash: blockHash.nullable(), weight: count, voters: z.array(nodeId) });
const tally = z.array(valueVotes);

export const lastDecided = z.object({
  height,
  hash: blockHash,
  round: count,
  decidems: count.optional().describe('from the start of the height’s first round here to the decision; absent where that was not seen here'),
  totalweight: count,
  prevotes: tally.optional().describe('of that round, as far as they were here when it was decided'),
  precommits: tally.describe('those of the certificate: what was enough; later ones are not in it'),
});

export const consensusInfo = z.object({
  height,
  round: count,
  step: z.enum(['waiting', 'propose', 'prevote', 'precommit', 'decided']).describe('waiting: for the next slot'),
  proposer: nodeId.nullable(),
  self: nodeId,
  voting: z.boolean().describe('this node is in the snapshot and signs votes'),
  signing: z
    .enum(['off', 'listening', 'signing', 'restored-old-copy', 'own-key-elsewhere', 'after-revert'])
    .describe('whether it may sign with its key: no masternode, listening before it signs, yes, or why not'),
  epoch: count,
  snapshothash: hex32,
  totalweight: count,
  quorumweight: count.describe('the least weight that decides'),
  prevotes: tally,
  precommits: tally,
  nextslot: timestampMs,
  lastdecided: lastDecided.optional().describe('absent while there is only the genesis block'),
});

export const votingTransaction = z.object({
  txid,
  state: z.enum(['pending', 'certified', 'final', 'rejected']),
  acceptweight: count,
  commitweight: count,
  rejectweight: count,
  totalweight: count,
  acceptvoters: count.describe('how many masternodes the weight is of'),
  commitvoters: count,
  rejectvoters: count,
  totalvoters: count.describe('masternodes that may vote'),
  sincems: timestampMs,
  finalafterms: z.number().min(0).optional(),
  contested: z.boolean(),
  reason: transactionReason.optional(),
});

export const recentBlock = z.object({
  height,
  hash: blockHash,
  time: timestampMs,
  proposer: nodeId,
  round: count,
  transactions: count,
  decidedatms: timestampMs,
  decidems: count.describe('from the start of the height’s first round here to the decision').optional(),
});

/** What was signed twice; `blockhashes`: null is a vote for none. */
const contradiction = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('block-votes'),
    phase: z.enum(['prevote', 'precommit']),
    height,
    round: count,
    blockhashes: z.tuple([blockHash.nullable(), blockHash.nullable()]),
  }),
  z.object({ kind: z.literal('transaction-votes'), choice: z.enum(['accept', 'commit']), txids: z.tuple([txid, txid]) }),
]);
export type SignedContradiction = z.output<typeof contradiction>;

export const consensusMethods = {
  getconsensusinfo: method({
    group: 'consensus',
    summary: 'Height, round, step, proposer and votes by weight.',
    request: noParams,
    response: consensusInfo,
    errors: [],
  }),
  getvotingtransactions: method({
    group: 'consensus',
    summary: 'Transactions in voting and those that were final last.',
    request: noParams,
    response: z.array(votingTransaction),
    errors: [],
  }),
  getevidence: method({
    group: 'consensus',
    summary: 'Masternodes that signed what contradicts itself, with the proof; the newest first.',
    request: z.strictObject({ count: z.number().int().min(1).max(100).default(10) }),
    response: z.array(
      z.object({
        hash: hex32.describe('of the proof'),
        nodeid: nodeId,
        description: z.string().describe('what it signed, in English'),
        contradiction: contradiction.optional().describe('the same as values; absent where an older release wrote other words'),
        proof: z.string().describe('the two votes with their signatures, in hex'),
      }),
    ),
    errors: [],
  }),
  getrecentblocks: method({
    group: 'consensus',
    summary: 'The last decided blocks, or those below a height, newest first.',
    request: z.strictObject({
      count: z.number().int().min(1).max(100).default(10),
      before: height.optional().describe('only blocks below it'),
    }),
    response: z.array(recentBlock),
    errors: [],
  }),
};
