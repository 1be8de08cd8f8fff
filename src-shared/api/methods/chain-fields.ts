import * as z from 'zod';
import { blockHash, count, height, hex32, nodeId, timestampMs } from '../fields.ts';

/** What every answer about a block begins with. */
export const blockHeader = {
  hash: blockHash,
  height,
  version: z.number().int(),
  confirmations: count.describe('1 for the tip'),
  previousblockhash: hex32,
  time: timestampMs,
  round: count.describe('round of the first proposal'),
  proposer: nodeId,
  closesepoch: z.boolean(),
  transactionsroot: hex32,
  utxosethash: hex32,
  registryhash: hex32,
  snapshothash: hex32,
  size: count.describe('bytes'),
  ntx: count,
};
