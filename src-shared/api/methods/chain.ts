import * as z from 'zod';
import { blockHash, count, height, hex32, nodeId, noParams, time, timestampMs, txid } from '../fields.ts';
import { method } from '../method.ts';
import { blockHeader } from './chain-fields.ts';

const certificate = z.object({ round: count, signers: z.array(nodeId) }).optional();

export const chainMethods = {
  getblockchaininfo: method({
    group: 'chain',
    summary: 'Says which chain this is, its height and the hash of its coin set.',
    request: noParams,
    response: z.object({
      chain: z.enum(['mainnet', 'testnet', 'devnet']),
      blocks: height,
      bestblockhash: blockHash,
      utxosethash: hex32,
      genesishash: hex32,
      time: timestampMs.describe('of the tip'),
      bestknownheight: height.describe('highest that a connected peer says it has; not proven'),
      initialblockdownload: z.boolean(),
      warnings: z.array(z.string()).describe('what must not be overlooked'),
      launched: z.boolean().describe('false: the network has no masternodes yet and decides nothing'),
    }),
    errors: [],
  }),
  getblockcount: method({ group: 'chain', summary: 'The height of the last block.', request: noParams, response: height, errors: [] }),
  getbestblockhash: method({ group: 'chain', summary: 'The hash of the last block.', request: noParams, response: blockHash, errors: [] }),
  getblockhash: method({
    group: 'chain',
    summary: 'The hash of the block at a height.',
    request: z.strictObject({ height }),
    response: blockHash,
    errors: ['invalid-parameter'],
  }),
  getblock: method({
    group: 'chain',
    summary: 'A block, with its transactions’ ids (verbosity 1) or its bytes in hex (0).',
    request: z.strictObject({ blockhash: blockHash, verbosity: z.number().int().min(0).max(1).default(1) }),
    response: z.union([z.string(), z.object({ ...blockHeader, certificate, tx: z.array(txid) })]),
    errors: ['not-found'],
  }),
  gettxout: method({
    group: 'chain',
    summary: 'A coin and its state; null where there is none.',
    request: z.strictObject({ txid, n: z.number().int().min(0).max(4_294_967_295), include_mempool: z.boolean().default(true) }),
    response: z
      .object({
        bestblock: blockHash,
        confirmations: count,
        value: time,
        address: z.string(),
        coinbase: z.boolean(),
        height,
        state: z.enum(['unspent', 'locked', 'spentPending', 'spentFinalized']),
        spentby: txid.optional(),
      })
      .nullable(),
    errors: [],
  }),
};
