import * as z from 'zod';
import { blockHash, count, height, hex32, noParams, time, timestampMs } from '../fields.ts';
import { method } from '../method.ts';

/** The form is bitcoin-cli's; what each level adds is this network's. */
const checklevel = z
  .number()
  .int()
  .min(0)
  .max(4)
  .describe(
    '0 blocks and their links; 1 registry, certificates, signatures, rules; 2 money, undo data, index; 3 the coin set, blocks taken off; 4 put on again',
  );
const nblocks = count.describe('the last so many, 0 for all; levels 3 and 4 reach back 1,000');

const check = z.object({
  valid: z.boolean(),
  checklevel,
  from: height,
  to: height,
  revertedfrom: height.optional().describe('the lowest block that was taken off, at levels 3 and 4'),
  firstbadheight: height.optional(),
  problem: z.string().optional(),
  finishedat: timestampMs,
});

export const auditMethods = {
  verifychain: method({
    group: 'chain',
    summary: 'Checks the stored chain and names the first block with which something is wrong.',
    request: z.strictObject({ checklevel: checklevel.default(3), nblocks: nblocks.default(6) }),
    response: check,
    errors: ['in-warmup', 'misc-error'],
    slow: true,
  }),
  getauditinfo: method({
    group: 'chain',
    summary: 'How far verifychain is, and what it found last since the start.',
    request: noParams,
    response: z.object({
      running: z
        .object({
          checklevel,
          nblocks,
          startedat: timestampMs,
          pass: z.enum(['blocks', 'coins', 'back', 'forward']).optional(),
          done: count.optional(),
          total: count.optional(),
        })
        .optional(),
      last: check.optional(),
    }),
    errors: [],
  }),
  checkdatabase: method({
    group: 'chain',
    summary: 'SQLite’s own check of the chain’s and the wallet’s file, and the coin set against the tip: what is wrong with each.',
    request: noParams,
    response: z.object({ valid: z.boolean(), chain: z.array(z.string()), wallet: z.array(z.string()) }),
    errors: [],
    slow: true,
  }),
  repairdatabase: method({
    group: 'control',
    summary:
      'Starts the node anew and looks its chain’s file over in full. A damaged one is set aside, and the chain fetched from peers; the wallet is not touched.',
    request: noParams,
    response: z.string(),
    errors: ['misc-error'],
  }),
  gettxoutsetinfo: method({
    group: 'chain',
    summary: 'The whole coin set, counted and hashed anew from the table, against the tip’s header and what the chain has issued.',
    request: noParams,
    response: z.object({
      height,
      bestblock: blockHash,
      txouts: count,
      total_amount: time,
      muhash: hex32,
      expected_muhash: hex32.describe('of the tip’s header'),
      issued_amount: time.describe('by the genesis and every reward'),
      valid: z.boolean().describe('both are as they must be'),
    }),
    errors: ['in-warmup'],
    slow: true,
  }),
};
