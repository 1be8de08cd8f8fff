import * as z from 'zod';
import { blockHash, count, height, nodeId, time, timestampMs } from './fields.ts';
import { consensusInfo, lastDecided, recentBlock, valueVotes, votingTransaction } from './methods/consensus.ts';
import { health } from './methods/health.ts';
import { logPosition } from './methods/logs.ts';
import { masternodeInfo } from './methods/masternodes.ts';
import {
  ban,
  clock,
  connectionRecord,
  knownAddress,
  messageTraffic,
  peerRow,
  portMapping,
  reachability,
  stateCounts,
  violationRecord,
} from './methods/network-shapes.ts';
import { balances, walletTransaction } from './methods/wallet.ts';
import { walletInfo } from './methods/wallet-keys.ts';

/** Members that a page has room for. All of ten thousand, and what each voted, would be megabytes four times a second. */
export const membersShown = 20;
const shownTally = z.array(
  valueVotes.extend({ votercount: count, voters: z.array(nodeId).max(membersShown).describe('those that are among the members shown') }),
);

/**
 * Views that are pushed: each whole, at most four a second, with a sequence number per topic. A client that subscribes, or
 * finds a gap, gets or takes a fresh snapshot.
 */
export const topics = {
  /** The numbers of the overview. */
  overview: z.object({
    chain: z.enum(['mainnet', 'testnet', 'devnet']),
    practice: z.boolean(),
    version: z.string(),
    nodeid: nodeId,
    masternode: masternodeInfo
      .pick({ tier: true, status: true, weight: true, percent: true, rewardaddress: true })
      .extend({
        needed: z.number().describe('percent of blocks to be signed for rewards'),
        nextproposalms: timestampMs.optional().describe('when its next block is due; absent: not in this epoch'),
      })
      .nullable()
      .describe('null: it does not vote'),
    height,
    bestblockhash: blockHash,
    tiptimems: timestampMs,
    behind: count.describe('blocks'),
    nextslotms: timestampMs,
    peers: z.object({ inbound: count, outbound: count, masternodes: count, medianrttms: z.number().min(0).optional() }),
    reachability: reachability.shape.state,
    clock,
    finality: z.object({
      samples: z.array(z.object({ atms: timestampMs, finalafterms: z.number().min(0) })).max(100),
      medianms: z.number().min(0).optional(),
      p99ms: z.number().min(0).optional(),
    }),
    mempool: z.object({ size: count, bytes: count }),
    freediskbytes: count.optional().describe('for the data directory; absent: the system does not say'),
    votespersecond: z.number().min(0),
    balance: time.describe('spendable'),
    nowms: timestampMs,
  }),
  /** Whether the node is all right. */
  health: health.extend({ nowms: timestampMs }),
  peers: z.object({
    peers: z.array(peerRow),
    states: stateCounts,
    waiting: z.array(knownAddress).max(200).describe('addresses without a connection, the next to be tried first'),
    nowms: timestampMs,
  }),
  /** What goes on around the connections. */
  network: z.object({
    practice: z.boolean(),
    listening: z.string(),
    observed: z.array(z.object({ address: z.string(), score: count })).max(10),
    reachability,
    portmapping: portMapping,
    clock,
    bans: z.array(ban).max(500),
    history: z.array(connectionRecord).max(100),
    violations: z.array(violationRecord).max(50),
    traffic: z.object({
      bytessent: count,
      bytesrecv: count,
      messages: z.array(messageTraffic),
      samples: z
        .array(z.object({ atms: timestampMs, sent: count, received: count }))
        .max(600)
        .describe('bytes of each second, oldest first'),
    }),
    nowms: timestampMs,
  }),
  consensus: z.object({
    info: consensusInfo.extend({
      prevotes: shownTally,
      precommits: shownTally,
      lastdecided: lastDecided.extend({ prevotes: shownTally.optional(), precommits: shownTally }).optional(),
    }),
    members: z
      .array(masternodeInfo.pick({ nodeid: true, weight: true, connected: true, self: true }))
      .max(membersShown)
      .describe('of the current snapshot: this node, then the heaviest'),
    membercount: count.describe('of the current snapshot'),
    blocks: z.array(recentBlock),
    voting: z.array(votingTransaction),
    nowms: timestampMs,
  }),
  /** That there are newer lines, which `getlogs` has: a burst of them costs who looks no more than it asks for. */
  log: logPosition.extend({ nowms: timestampMs }),
  wallet: z.object({
    info: walletInfo.nullable().describe('null: this node has no wallet'),
    balances,
    transactions: z.array(walletTransaction),
    nowms: timestampMs,
  }),
} as const;

export type TopicName = keyof typeof topics;
export type TopicValue<T extends TopicName> = z.output<(typeof topics)[T]>;
export const isTopicName = (name: string): name is TopicName => Object.hasOwn(topics, name);

/** What a front door pushes. `sequence` counts per topic from 1 for each subscription. */
export interface TopicEvent<T extends TopicName = TopicName> {
  readonly topic: T;
  readonly sequence: number;
  readonly value: TopicValue<T>;
}
