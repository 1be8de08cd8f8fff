import * as z from 'zod';
import { blockHash, count, height, nodeId, noParams, time, timeInput, timestampMs, txid } from '../fields.ts';
import { method } from '../method.ts';
import { passphrase as walletPassphrase } from './wallet-fields.ts';

export const tier = z.enum(['free', 'bronze', 'silver', 'gold']);
const status = z
  .enum(['waiting', 'active', 'inactive', 'reviving', 'exited'])
  .describe('waiting: counts from the next epoch on; inactive: signed too little; reviving: back from the next epoch on; exited: counts until this one ends');
const outpoint = z
  .string()
  .regex(/^[0-9a-f]{64}:\d{1,10}$/, 'expected txid:vout')
  .describe('txid:vout');
const passphrase = walletPassphrase.default('');
const address = z.string().max(200);
const maxfee = timeInput.optional().describe('in TIME; refused if it would cost more');

/** Blocks signed of those that count. */
const participation = z.object({ signed: count, counted: count });

export const masternodeInfo = z.object({
  nodeid: nodeId,
  tier,
  status,
  weight: count.describe('in the current snapshot; 0: it does not count in this epoch'),
  address: z.string().describe('service address'),
  owneraddress: z.string().optional().describe('absent once it has exited'),
  rewardaddress: z.string(),
  collateral: outpoint.optional(),
  registeredheight: height.optional(),
  registeredtime: timestampMs.optional().describe('of the header of that block'),
  participation: participation.describe('in this epoch, as far as the chain shows'),
  percent: z.number().optional().describe('signed in the last ten closed epochs; absent while there are none'),
  eligible: z.boolean().describe('took part enough to be paid'),
  heartbeat: z
    .object({ state: z.enum(['online', 'late', 'offline', 'unknown']), lastms: timestampMs.optional(), height: height.optional() })
    .describe('what this node heard of it; late after one and a half intervals, offline after three'),
  connected: z.boolean(),
  self: z.boolean(),
});

const epoch = z.object({
  epoch: count,
  startheight: height.describe('its first block'),
  length: count.describe('slot blocks that it needs'),
  counted: count.describe('slot blocks whose certificate is in the chain'),
  closing: z.boolean().describe('the next block closes it'),
  blocksleft: count.describe('until the next epoch’s first block, at least'),
  nextepochms: timestampMs.describe('when that may be, if no slot is missed'),
});

const registrationErrors = [
  'wallet-not-found',
  'wallet-error',
  'wallet-passphrase-incorrect',
  'wallet-passphrase-delayed',
  'invalid-address',
  'invalid-parameter',
  'insufficient-funds',
  'not-found',
  'transaction-rejected',
  'max-fee-exceeded',
] as const;
const text = z.string().max(200);

export const masternodeMethods = {
  masternodelist: method({
    group: 'masternodes',
    summary: 'Registered masternodes, and members of the current snapshot that have exited; in the order of registration.',
    request: z.strictObject({
      status: z.enum(['all', 'member', 'waiting', 'active', 'inactive', 'reviving', 'exited']).default('all').describe('member: those of the current snapshot'),
      tier: z.enum(['all', ...tier.options]).default('all'),
      text: text.default('').describe('part of its key or one of its addresses'),
    }),
    response: z.array(masternodeInfo),
    errors: [],
  }),
  masternodecount: method({
    group: 'masternodes',
    summary: 'How many masternodes there are, by status and tier.',
    request: noParams,
    response: z.object({
      total: count,
      members: count.describe('of the current snapshot'),
      totalweight: count,
      waiting: count,
      active: count,
      inactive: count,
      reviving: count,
      free: count,
      bronze: count,
      silver: count,
      gold: count,
    }),
    errors: [],
  }),
  masternodestatus: method({
    group: 'masternodes',
    summary: 'This node as a masternode: its registration, its participation and what it is paid.',
    request: noParams,
    response: z.object({
      nodeid: nodeId,
      enabled: z.boolean().describe('it was started with --masternode, and signs where it is a member'),
      registration: masternodeInfo.optional().describe('absent: it is not registered'),
      advice: z.string().describe('what to do, if anything'),
      recent: participation
        .extend({ percent: z.number(), needed: z.number() })
        .optional()
        .describe('in the last ten closed epochs, against what its tier needs'),
      rewardperblock: time.optional().describe('its share of each slot block now; absent while it has none'),
      epoch,
    }),
    errors: [],
  }),
  masternodewinners: method({
    group: 'masternodes',
    summary: 'Whom the last blocks paid, newest first.',
    request: z.strictObject({ count: z.number().int().min(1).max(20).default(10) }),
    response: z.array(
      z.object({
        height,
        hash: blockHash,
        time: timestampMs,
        proposer: nodeId.describe('gets what division leaves over, and the fees'),
        paid: z.array(z.object({ address: z.string(), amount: time, nodeid: nodeId.optional().describe('who has that reward address today') })),
      }),
    ),
    errors: [],
  }),
  getrewards: method({
    group: 'masternodes',
    summary: 'What blocks have paid to an address for taking part, since a moment and in total.',
    request: z.strictObject({ address, since: timestampMs.default(0) }),
    response: z.object({
      since: time,
      total: time,
      sincecomplete: z.boolean(),
      complete: z.boolean().describe('false: more blocks are yet to be added up, which the next call goes on with'),
    }),
    errors: ['invalid-address'],
  }),
  getparticipation: method({
    group: 'masternodes',
    summary: 'How far the epoch is, and which of its blocks each masternode signed.',
    request: z.strictObject({ nodeid: nodeId.optional().describe('only of this one') }),
    response: epoch.extend({
      members: z.array(
        participation.extend({
          nodeid: nodeId,
          tier,
          status,
          closed: z.array(participation).describe('the last ten epochs that it was a member of, oldest first'),
          percent: z.number().optional().describe('of those; absent while there are none'),
          needed: z.number().describe('percent that its tier needs for rewards'),
          eligible: z.boolean(),
        }),
      ),
    }),
    errors: ['not-found'],
  }),
  masternodetiers: method({
    group: 'masternodes',
    summary: 'What each tier takes and gives, the smallest first.',
    request: noParams,
    response: z.array(
      z.object({
        tier,
        collateral: time.describe('exactly this much in one coin; 0: none'),
        weight: count.describe('of votes and rewards'),
        needed: z.number().describe('percent of blocks to be signed for rewards'),
      }),
    ),
    errors: [],
  }),
  estimatemasternodefee: method({
    group: 'masternodes',
    summary: 'What a registration, an update or an exit would cost now; refused as the same would be.',
    request: z.strictObject({
      action: z.enum(['register', 'update', 'exit']),
      tier: tier.default('free').describe('to register'),
      address: text.optional().describe('host:port, to register or update'),
      collateral: outpoint.optional().describe('txid:vout, to register'),
      rewardaddress: address.optional().describe('to update'),
      nodeid: nodeId.optional().describe('to update or exit; absent: this node'),
    }),
    response: z.object({ fee: time }),
    errors: registrationErrors,
  }),
  masternoderegister: method({
    group: 'masternodes',
    summary: 'Registers this node as a masternode. It counts from the next epoch on; its collateral is locked until it exits.',
    request: z.strictObject({
      tier,
      address: text.describe('host:port where peers reach it; "" says nothing of that'),
      collateral: outpoint.optional().describe('txid:vout of a coin of this wallet with exactly the tier’s amount; none for free'),
      rewardaddress: address.optional().describe('absent: a new address of this wallet'),
      passphrase,
      maxfee,
    }),
    response: z.object({
      txid,
      nodeid: nodeId,
      owneraddress: z.string().describe('whose key may update it and exit'),
      rewardaddress: z.string(),
      activeepoch: count.describe('counts from this epoch on, if a block of the present one takes it'),
      activems: timestampMs.describe('when that may be, if no slot is missed'),
    }),
    errors: registrationErrors,
  }),
  masternodeupdate: method({
    group: 'masternodes',
    summary: 'Changes where a masternode of this wallet is reached, or what address its rewards go to.',
    request: z.strictObject({
      address: text.optional().describe('host:port; absent: as it is'),
      rewardaddress: address.optional().describe('absent: as it is'),
      nodeid: nodeId.optional().describe('absent: this node'),
      passphrase,
      maxfee,
    }),
    response: txid,
    errors: registrationErrors,
  }),
  masternodeexit: method({
    group: 'masternodes',
    summary: 'Ends the registration of a masternode of this wallet. Its collateral comes back, less the fee.',
    request: z.strictObject({ nodeid: nodeId.optional().describe('absent: this node'), passphrase, maxfee }),
    response: txid,
    errors: registrationErrors,
  }),
  masternoderevive: method({
    group: 'masternodes',
    summary: 'Says that this node, which became inactive, is back; it counts from the next epoch on. A running masternode does so by itself.',
    request: noParams,
    response: txid,
    errors: ['transaction-rejected'],
  }),
};
