import * as z from 'zod';
import { count, nodeId, noParams } from '../fields.ts';
import { method } from '../method.ts';

export const controlMethods = {
  uptime: method({ group: 'control', summary: 'Seconds since the node started.', request: noParams, response: count, errors: [] }),
  getnodeinfo: method({
    group: 'control',
    summary: 'This node: its key, version, network, addresses and data directory.',
    request: noParams,
    response: z.object({
      version: z.string(),
      chain: z.enum(['mainnet', 'testnet', 'devnet']),
      nodeid: nodeId,
      masternode: z.boolean(),
      p2p: z.string(),
      datadir: z.string(),
      practice: z.boolean().describe('a local practice network'),
    }),
    errors: [],
  }),
  help: method({
    group: 'control',
    summary: 'Lists the methods, or explains one.',
    request: z.strictObject({ command: z.string().max(100).default('') }),
    response: z.string(),
    errors: ['method-not-found'],
  }),
  stop: method({ group: 'control', summary: 'Stops the node.', request: noParams, response: z.string(), errors: [] }),
};
