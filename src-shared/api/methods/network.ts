import * as z from 'zod';
import { count, height, nodeId, noParams, timestampMs } from '../fields.ts';
import { method } from '../method.ts';

/** Seconds with fractions, as Bitcoin Core prints pings. */
const seconds = z.number().min(0);

export const peerInfo = z.object({
  id: count,
  nodeid: nodeId,
  addr: z.string(),
  inbound: z.boolean(),
  masternode: z.boolean().describe('a member of the current snapshot'),
  pingtime: seconds.optional().describe('last round trip'),
  minping: seconds.optional(),
  smoothedping: seconds.optional(),
  rtthistory: z.array(z.number().min(0)).describe('last round trips in milliseconds, oldest first'),
  missedpings: count,
  version: z.number().int(),
  subver: z.string(),
  synced_blocks: height,
  conntime: timestampMs,
  bytessent: count,
  bytesrecv: count,
  addrlocal: z.string().describe('this node’s address as the peer sees it'),
});

export const networkMethods = {
  getpeerinfo: method({ group: 'network', summary: 'Every connected peer.', request: noParams, response: z.array(peerInfo), errors: [] }),
  getconnectioncount: method({ group: 'network', summary: 'How many peers are connected.', request: noParams, response: count, errors: [] }),
  addnode: method({
    group: 'network',
    summary: 'Adds a peer to the list of those to keep connected, removes it, or tries it once.',
    request: z.strictObject({ node: z.string().min(1).max(262).describe('host:port'), command: z.enum(['add', 'remove', 'onetry']) }),
    response: z.null(),
    errors: ['node-already-added', 'node-not-added', 'invalid-parameter'],
  }),
  disconnectnode: method({
    group: 'network',
    summary: 'Ends the connection with a peer, by its address or its id.',
    request: z.strictObject({ address: z.string().max(262).default(''), nodeid: z.number().int().min(0).optional() }),
    response: z.null(),
    errors: ['node-not-connected', 'invalid-parameter'],
  }),
};
