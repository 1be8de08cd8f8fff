import * as z from 'zod';
import { count, nodeId, noParams, timestampMs } from '../fields.ts';
import { method } from '../method.ts';
import {
  addressState,
  ban,
  clock,
  connectionRecord,
  knownAddress,
  limit,
  messageTraffic,
  peerInfo,
  portMapping,
  reachability,
  stateCounts,
  violationRecord,
} from './network-shapes.ts';

const group = 'network';
const peerAddress = z.string().min(1).max(262).describe('host:port');
/** What people read; a program that wants all says so. */
const listed = z.number().int().min(1).max(1_000).default(100);
const ofNode = nodeId.optional().describe('of this node alone');
/** In seconds: a day, as Bitcoin Core has it. */
export const defaultBanSeconds = 86_400;

export const networkMethods = {
  getpeerinfo: method({
    group,
    summary: 'Every connected peer, or one.',
    request: z.strictObject({ id: count.optional().describe('of one peer') }),
    response: z.array(peerInfo),
    errors: [],
  }),
  getconnectioncount: method({ group, summary: 'How many peers are connected.', request: noParams, response: count, errors: [] }),
  getnetworkinfo: method({
    group,
    summary: 'This node in the network: connections, addresses, reachability, clock, and every limit it goes by.',
    request: noParams,
    response: z.object({
      version: z.string(),
      subversion: z.string(),
      protocolversion: z.number().int(),
      localservices: z.string().describe('bits, hex'),
      localservicesnames: z.array(z.enum(['MASTERNODE'])),
      timeoffset: z.number().optional().describe('the masternodes’ clocks minus this node’s, in seconds'),
      clock,
      connections: count,
      connections_in: count,
      connections_out: count,
      connections_masternodes: count,
      listening: z.string().describe('host:port, or empty if it takes no connections'),
      proxy: z.string().describe('host:port of the SOCKS 5 proxy that leads to others, or empty'),
      localaddresses: z.array(z.object({ address: z.string(), score: count.describe('peers that see this node there') })),
      reachability,
      portmapping: portMapping,
      addresses: stateCounts,
      bans: count,
      warnings: z.array(z.string()),
      limits: z.array(limit),
    }),
    errors: [],
  }),
  getnettotals: method({
    group,
    summary: 'Bytes and messages since the start, in all and by type of message.',
    request: noParams,
    response: z.object({ totalbytesrecv: count, totalbytessent: count, timemillis: timestampMs, messages: z.array(messageTraffic) }),
    errors: [],
  }),
  getpeerstates: method({
    group,
    summary: 'Every known address: what goes on with it, and when it is tried next.',
    request: z.strictObject({
      state: addressState.optional().describe('of these alone'),
      count: z.number().int().min(1).max(100_000).default(2_000),
      skip: count.default(0),
    }),
    response: z.object({ total: count, states: stateCounts, addresses: z.array(knownAddress) }),
    errors: [],
  }),
  getaddednodeinfo: method({
    group,
    summary: 'The peers that were asked for, by the configuration or addnode.',
    request: z.strictObject({ node: z.string().max(262).default('').describe('host:port of one') }),
    response: z.array(
      z.object({
        addednode: z.string(),
        connected: z.boolean(),
        addresses: z.array(z.object({ address: z.string(), connected: z.enum(['inbound', 'outbound']) })),
      }),
    ),
    errors: ['node-not-added', 'invalid-parameter'],
  }),
  addnode: method({
    group,
    summary: 'Adds a peer to the list of those to keep connected, removes it, or tries it once.',
    request: z.strictObject({ node: peerAddress, command: z.enum(['add', 'remove', 'onetry']) }),
    response: z.null(),
    errors: ['node-already-added', 'node-not-added', 'invalid-parameter'],
  }),
  disconnectnode: method({
    group,
    summary: 'Ends the connection with a peer, by its address or its id.',
    request: z.strictObject({ address: z.string().max(262).default(''), nodeid: z.number().int().min(0).optional() }),
    response: z.null(),
    errors: ['node-not-connected', 'invalid-parameter'],
  }),
  setban: method({
    group,
    summary: 'Bans a node, an IP or a network of IPs, or lifts a ban. Its connections end.',
    request: z.strictObject({
      subnet: z.string().min(1).max(64).describe('an IP, a network such as 203.0.113.0/24, or a node public key'),
      command: z.enum(['add', 'remove']),
      bantime: count.default(0).describe(`seconds, 0 for a day (${defaultBanSeconds}); with absolute the moment it ends, in milliseconds since 1970`),
      absolute: z.boolean().default(false),
    }),
    response: z.null(),
    errors: ['node-already-added', 'invalid-subnet', 'invalid-parameter'],
  }),
  listbanned: method({ group, summary: 'Every ban there is.', request: noParams, response: z.array(ban), errors: [] }),
  clearbanned: method({ group, summary: 'Lifts every ban.', request: noParams, response: z.null(), errors: [] }),
  getconnectionhistory: method({
    group,
    summary: 'The last connections that were made, refused, lost or tried in vain, and bans, with reasons; newest first.',
    request: z.strictObject({ count: listed, nodeid: ofNode, address: z.string().max(262).optional().describe('of this address alone') }),
    response: z.array(connectionRecord),
    errors: [],
  }),
  getviolations: method({
    group,
    summary: 'What peers did against the rules, newest first.',
    request: z.strictObject({ count: listed, nodeid: ofNode }),
    response: z.array(violationRecord),
    errors: [],
  }),
  checkreachability: method({
    group,
    summary: 'Asks peers to dial this node back, and answers how it stands; getnetworkinfo has the outcome some seconds later.',
    request: noParams,
    response: reachability,
    errors: [],
  }),
};
