import * as z from 'zod';
import { noParams } from '../fields.ts';
import { method } from '../method.ts';

/** What the app can be on: a network, or a local one of its own with play money. */
const appNetwork = z.enum(['practice', 'testnet', 'mainnet', 'devnet']);
const role = z.enum(['wallet', 'masternode']).describe('wallet: it follows and checks; masternode: it signs where it is registered');

export const setup = z.object({
  network: appNetwork,
  networks: z.array(appNetwork).describe('that can be chosen here; only its own where the command line named it, or where this is no app'),
  role,
  rolefixed: z
    .boolean()
    .describe('it cannot be chosen here: a node of a practice network is a masternode from the start, and what config.toml says is its owner’s'),
  done: z.boolean().describe('the first start has been gone through, or is none of this node’s business'),
});

export const setupMethods = {
  getsetup: method({ group: 'control', summary: 'What was chosen at the first start, and what can be.', request: noParams, response: setup, errors: [] }),
  setup: method({
    group: 'control',
    summary: 'Chooses network and role of the app, or says that its first start is over. What needs a restart restarts the node at once.',
    request: z.strictObject({ network: appNetwork.optional(), role: role.optional(), done: z.boolean().optional() }),
    response: z.object({ restarting: z.boolean() }),
    errors: ['invalid-parameter', 'misc-error'],
  }),
};
