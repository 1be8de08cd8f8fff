import * as z from 'zod';
import { count, height, nodeId, timestampMs } from '../fields.ts';

/** What the peer network's methods and topics have in common. Durations are seconds with fractions, as Bitcoin Core prints pings; moments are milliseconds since 1970. */
const seconds = z.number().min(0);
/** host:port */
const address = z.string();
const direction = z.enum(['inbound', 'outbound']);
/** Of `src-shared/domain/connection-reasons.ts`, which has the words: a code, and after a colon what is known beyond it. */
const reason = z.string();
const country = z.string().describe('ISO 3166 code, where the database of countries knows it');
const perMessage = z.record(z.string(), count);

/** One row for each peer, without what only its own panel shows. */
export const peerRow = z.object({
  id: count,
  nodeid: nodeId,
  addr: address,
  addrlocal: z.string().describe('this node’s address as the peer sees it'),
  network: z.enum(['ipv4', 'ipv6', 'not_publicly_routable']),
  networkgroup: z.string().describe('the /16 (IPv4) or /32 (IPv6) it is in; outbound peers are spread over them'),
  country: country.optional(),
  inbound: z.boolean(),
  connection_type: z
    .enum(['inbound', 'manual', 'masternode', 'outbound-full-relay'])
    .describe('manual: of the configuration or addnode; masternode: dialled for being one'),
  phase: z.string().optional().describe('of the dial that led to it'),
  masternode: z.boolean().describe('a member of the current snapshot'),
  services: z.string().describe('bits as it said them, hex'),
  servicesnames: z.array(z.enum(['MASTERNODE'])),
  score: z.number().min(0).max(100).describe('how good a connection it is, from pings, round trips and age'),
  pingtime: seconds.optional().describe('last round trip'),
  minping: seconds.optional(),
  smoothedping: seconds.optional(),
  jitter: seconds.optional().describe('mean difference between a round trip and the one before'),
  rtthistory: z.array(z.number().min(0)).describe('last round trips in milliseconds, oldest first'),
  pingssent: count,
  pongsreceived: count.describe('in time'),
  missedpings: count.describe('in a row, up to now'),
  timeoffset: z.number().optional().describe('its clock minus this node’s, in seconds'),
  violations: count.describe('of its key, that are not forgotten yet'),
  version: z.number().int(),
  subver: z.string(),
  synced_blocks: height,
  conntime: timestampMs,
  lastsend: timestampMs.optional(),
  lastrecv: timestampMs.optional(),
  bytessent: count,
  bytesrecv: count,
});

export const peerInfo = peerRow.extend({
  bytessent_per_msg: perMessage.describe('bytes by type of message'),
  bytesrecv_per_msg: perMessage,
  messagessent_per_msg: perMessage.describe('how many of each type'),
  messagesrecv_per_msg: perMessage,
  ratelimited: perMessage.describe('how many of its messages were not looked at because there were too many, by limit as in config.toml'),
  leftout_per_msg: perMessage.describe('how many were never sent because it reads too slowly, and can do without them'),
});

export const addressStates = ['known', 'dialing', 'handshaking', 'connected', 'backoff', 'givenUp', 'banned'] as const;
export const addressState = z.enum(addressStates);
export const knownAddress = z.object({
  address,
  nodeid: nodeId.optional().describe('who answered there last'),
  role: z.enum(['configured', 'masternode', 'peer']),
  source: z.enum(['configured', 'masternode', 'dns', 'http', 'peer', 'inbound']).describe('where it was heard of first'),
  state: addressState,
  nexttryms: timestampMs
    .optional()
    .describe('at the earliest, if it was given up; absent while it is connected, being tried or banned, and for our own address, which never is'),
  attempts: count.describe('failed in a row'),
  lastreason: reason.optional(),
  lastsuccessms: timestampMs.optional(),
  lasttryms: timestampMs.optional(),
  anchor: z.boolean().describe('dialled first after a restart'),
  country: country.optional(),
});
export const stateCounts = z.partialRecord(addressState, count).describe('how many addresses are in each state');

export const ban = z.object({
  address: z.string().describe('a network of IPs, or a node public key'),
  kind: z.enum(['node', 'network']),
  ban_created: timestampMs,
  banned_until: timestampMs.optional().describe('absent: until it is lifted'),
  ban_duration: count.optional().describe('seconds'),
  time_remaining: count.optional().describe('seconds'),
  reason: z.string(),
  by: z.enum(['operator', 'violations']),
});

export const connectionRecord = z.object({
  atms: timestampMs,
  kind: z.enum(['connected', 'gone', 'refused', 'failed', 'banned', 'ban-ended']),
  address: z.string().describe('of a ban its subject; empty where the system did not tell it'),
  nodeid: nodeId.optional(),
  direction: direction.optional(),
  phase: z.string().optional().describe('of the dial'),
  by: z.enum(['us', 'peer', 'operator', 'violations', 'time', 'room']).optional().describe('whose decision it was; room: there were too many bans'),
  reason: reason.optional(),
  duration: seconds.optional().describe('of the connection that is gone'),
  nexttryms: timestampMs.optional(),
});

export const violationRecord = z.object({
  atms: timestampMs,
  id: count.describe('of the connection'),
  nodeid: nodeId,
  code: z.string(),
  detail: z.string(),
});

export const clock = z.object({
  state: z.enum(['unknown', 'good', 'warning', 'stopped']),
  timeoffset: z.number().optional().describe('the masternodes’ clocks minus this node’s in seconds, the median by weight'),
  members: count.describe('masternodes that it was measured against'),
});

export const reachability = z.object({
  state: z.enum(['unknown', 'checking', 'reachable', 'unreachable', 'not-listening']),
  address: address.optional().describe('what was dialled, or would be'),
  checkedms: timestampMs.optional(),
});

export const portMapping = z.object({
  state: z.enum(['off', 'searching', 'mapped', 'failed']),
  off: z.enum(['configured', 'not-listening', 'loopback']).optional().describe('why it is off'),
  method: z.enum(['upnp', 'nat-pmp', 'pcp']).optional(),
  gateway: z.string().optional().describe('the router'),
  port: count.optional().describe('of the router, that leads here'),
  address: address.optional().describe('host:port on the Internet that leads here, where the router says its host'),
  untilms: timestampMs.optional().describe('renewed before'),
  nexttryms: timestampMs.optional(),
  error: z.string().optional().describe('what went wrong last'),
});

export const messageTraffic = z.object({
  type: z.string(),
  messagessent: count,
  bytessent: count,
  messagesrecv: count,
  bytesrecv: count,
  messagesleftout: count.describe('never sent because a peer read too slowly'),
});

export const limit = z.object({
  name: z.string().describe('as in config.toml'),
  value: z.number(),
  default: z.number(),
  unit: z.enum(['count', 'percent', 'per second', 'per minute', 'seconds', 'days', 'bytes']),
  min: z.number(),
  max: z.number(),
  meaning: z.string(),
});
