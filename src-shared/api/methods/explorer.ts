import * as z from 'zod';
import { blockHash, count, height, nodeId, time, timestampMs, txid } from '../fields.ts';
import { method } from '../method.ts';
import { blockHeader } from './chain-fields.ts';
import { tier } from './masternodes.ts';
import { transactionInfo, transactionKind } from './transactions.ts';

/** What people look up: names and shapes follow Bitcoin Core where it has them, and Dash's address index where that has. Lists come in pages. */

const address = z.string().max(200);
const vout = z.number().int().min(0).max(4_294_967_295);
/** Where a transaction stands in the chain. */
const position = z.strictObject({ height, n: count.describe('in its block') });

export const outputState = z
  .enum(['pending', 'unspent', 'immature', 'collateral', 'locked', 'spentPending', 'spentFinalized', 'spent'])
  .describe(
    'pending: its transaction is not final yet; immature: a reward that is too young; locked, spentPending and spentFinalized: a transaction that is in no block yet spends it; spent: one in a block does',
  );

const spender = z.object({ txid, height: height.optional().describe('absent: in no block yet') });
const payload = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('masternode-register'),
      nodeid: nodeId,
      tier,
      collateral: z.object({ txid, vout: count }).optional(),
      owneraddress: z.string(),
      rewardaddress: z.string(),
      serviceaddress: z.string().describe('host:port, or empty'),
    }),
    z.object({ kind: z.literal('masternode-update'), nodeid: nodeId, rewardaddress: z.string(), serviceaddress: z.string() }),
    z.object({ kind: z.literal('masternode-revive'), nodeid: nodeId, epoch: count }),
    z.object({ kind: z.literal('masternode-exit'), nodeid: nodeId }),
  ])
  .describe('what a masternode transaction says');

export const explorerMethods = {
  getblockheader: method({
    group: 'chain',
    summary: 'The header of a block, who certified it and whom it paid, without its transactions.',
    request: z.strictObject({ blockhash: z.union([blockHash, height]).describe('hash, or height') }),
    response: z.object({
      ...blockHeader,
      nextblockhash: blockHash.optional().describe('absent for the tip'),
      certificate: z
        .object({
          round: count,
          signers: z.array(z.object({ nodeid: nodeId, weight: count.optional() })),
          weight: count.optional().describe('of the signers together'),
          totalweight: count.optional().describe('of all members; weights are there as long as the node keeps the registry of that time, some 1,000 blocks'),
        })
        .optional()
        .describe('absent for the first block'),
      coinbase: z
        .object({ txid, amount: time.describe('paid to all, fees included'), outputs: count })
        .optional()
        .describe('the transaction that pays the masternodes'),
    }),
    errors: ['not-found'],
  }),
  getblocktransactions: method({
    group: 'chain',
    summary: 'The transactions of a block in its order, a page at a time.',
    request: z.strictObject({
      blockhash: blockHash,
      count: z.number().int().min(1).max(1_000).default(1_000),
      skip: z.number().int().min(0).max(100_000).default(0),
    }),
    response: z.array(
      z.object({
        n: count.describe('in the block'),
        txid,
        kind: transactionKind,
        inputs: count,
        outputs: count,
        amount: time.describe('of all outputs'),
        size: count.describe('bytes'),
      }),
    ),
    errors: ['not-found'],
  }),
  gettransactiondetails: method({
    group: 'transactions',
    summary: 'A transaction as gettransaction has it, with the coins that it spends, what became of its outputs, and what its data say.',
    request: z.strictObject({ txid, n: vout.optional().describe('looks for who spent this output, and not for who spent each') }),
    response: transactionInfo.omit({ hex: true, decoded: true }).extend({
      blocktime: timestampMs.optional(),
      details: z
        .object({
          version: z.number().int(),
          kind: transactionKind,
          size: count.describe('bytes'),
          timestamp: timestampMs.describe('what whoever made it says'),
          n: count.optional().describe('in its block'),
          signatures: count,
          inputs: z.array(
            z.object({ txid, vout: count, address: z.string().optional(), value: time.optional().describe('absent where the coin could not be looked up') }),
          ),
          outputs: z.array(
            z.object({
              address: z.string(),
              value: time,
              state: outputState,
              spentby: spender.optional().describe('absent where it is not spent, or by whom was not found'),
            }),
          ),
          payload: payload.optional(),
        })
        .optional()
        .describe('absent once it was rejected or dropped'),
    }),
    errors: ['not-found'],
  }),
  getaddressbalance: method({
    group: 'chain',
    summary: 'What any address has, by what can be done with it.',
    request: z.strictObject({ address }),
    response: z.object({
      spendable: time,
      pending: time.describe('coming in, not final yet'),
      immature: time.describe('rewards of the last blocks'),
      locked: time.describe('masternode collateral'),
      coins: count.describe('in blocks, unspent'),
      complete: z.boolean().describe('false: it has more coins than were counted, and more than these amounts'),
      used: z.boolean().describe('a block or something pending has it'),
    }),
    errors: ['invalid-address'],
  }),
  getaddresstransactions: method({
    group: 'chain',
    summary: 'The history of any address, newest first, a page at a time; what is in no block yet comes first.',
    request: z.strictObject({
      address,
      count: z.number().int().min(1).max(100).default(25),
      before: position.optional().describe('only what stands before it in the chain: `next` of the page before'),
    }),
    response: z.object({
      transactions: z.array(
        z.object({
          txid,
          state: transactionInfo.shape.state,
          kind: transactionKind.optional().describe('this, received and change are absent where too much would have to be read'),
          time: timestampMs.describe('of its block; of those in none, when it came here'),
          blockheight: height.optional(),
          received: time.optional().describe('paid to the address'),
          change: time.optional().describe('what it changed: negative where the address paid'),
        }),
      ),
      next: position.optional().describe('absent on the last page'),
    }),
    errors: ['invalid-address'],
  }),
  getaddressutxos: method({
    group: 'chain',
    summary: 'The unspent coins of any address that are in blocks, by their id, a page at a time.',
    request: z.strictObject({
      address,
      count: z.number().int().min(1).max(1_000).default(100),
      after: z.strictObject({ txid, vout }).optional().describe('the last coin of the page before'),
    }),
    response: z.object({
      coins: z.array(z.object({ txid, vout: count, value: time, height, coinbase: z.boolean(), state: outputState, spentby: spender.optional() })),
      complete: z.boolean().describe('false: there are more'),
    }),
    errors: ['invalid-address'],
  }),
};
