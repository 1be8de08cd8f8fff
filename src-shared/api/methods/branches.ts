import * as z from 'zod';
import { blockHash, count, height, hex32, nodeId, noParams, timestampMs } from '../fields.ts';
import { method } from '../method.ts';

const done = z.object({
  reverted: count.describe('blocks that were taken off'),
  height: height.describe('of the tip that this leaves'),
  bestblockhash: blockHash,
});

const certificate = z.object({ blockhash: hex32, round: count, signers: z.array(nodeId) });

/** What an operator may do when two blocks of one height are certified (docs/protocol.md, section 8). Names as in Bitcoin Core. */
export const branchMethods = {
  invalidateblock: method({
    group: 'chain',
    summary: 'Says that a block is not the chain: takes it off with all that follow it, and follows another branch if peers have one.',
    request: z.strictObject({
      blockhash: blockHash,
      confirm: z.boolean().default(false).describe('that it is meant, where more than 100 blocks go; more than 1,000 never do'),
    }),
    response: done,
    errors: ['not-found', 'invalid-parameter', 'confirmation-needed', 'too-many-blocks', 'no-undo-data', 'reverting'],
    slow: true,
  }),
  reconsiderblock: method({
    group: 'chain',
    summary: 'Takes back what invalidateblock said of a block.',
    request: z.strictObject({ blockhash: blockHash }),
    response: done,
    errors: ['invalid-parameter', 'reverting'],
    slow: true,
  }),
  getforkinfo: method({
    group: 'chain',
    summary: 'Why this node has stopped following the chain, if it has; what it stopped for before; and which blocks its operator has marked.',
    request: noParams,
    response: z.object({
      halted: z.boolean().describe('it neither follows nor votes until an operator has settled it'),
      reverting: z.boolean().describe('blocks are being taken off'),
      silentthrough: z
        .object({ height, epoch: count })
        .nullable()
        .describe('since it left a branch it signs nothing at heights and in epochs up to these; null: it may sign'),
      conflicts: z
        .array(
          z.object({
            height,
            reason: z.string(),
            since: timestampMs,
            certificates: z.array(certificate).describe('two that contradict each other; none where a quorum certified what this node finds invalid'),
            faulty: z.array(nodeId).describe('who signed both in one round; where the rounds differ nobody is proved faulty, as honest ones may be in both'),
            liftedby: hex32.nullable().describe('the block whose mark settled it; null: it stands'),
          }),
        )
        .describe('oldest first'),
      invalidblocks: z.array(z.object({ blockhash: hex32, height })).describe('marked by invalidateblock, by height'),
    }),
    errors: [],
  }),
};
