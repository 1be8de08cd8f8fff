import * as z from 'zod';
import { count, height, hex32, noParams, timestampMs } from '../fields.ts';
import { method } from '../method.ts';

/**
 * How much an alert matters. critical: the node does not do its work; warning: it soon may not, or not well; notice: true for a while, and passes by
 * itself; info: good to know, and no reason to call the node anything but well.
 */
export const severities = ['critical', 'warning', 'notice', 'info'] as const;
export type Severity = (typeof severities)[number];

const alert = <Code extends string, Facts extends z.ZodRawShape>(code: Code, facts: Facts) =>
  z.object({ code: z.literal(code), severity: z.enum(severities), sincems: timestampMs.describe('when it was raised'), ...facts });

const percent = z.number().min(0).max(100);
/** Of this clock, against the masternodes’; absent while nobody can be asked. */
const timeoffset = z.number().optional().describe('the masternodes’ clocks minus this node’s in seconds');

/** Every alert there is, with what its words need. src-main/node/health/health-rules.ts says when each holds. */
export const healthAlert = z.discriminatedUnion('code', [
  alert('halted', {
    height,
    blocks: z.array(hex32).describe('two of that height that quorums certified; none where it is one that this node finds invalid'),
    faulty: count.describe('masternodes that signed both in one round'),
  }),
  alert('after-revert', { height, epoch: count.describe('it signs nothing at heights and in epochs up to these') }),
  alert('own-key-elsewhere', {}),
  alert('restored-old-copy', {}),
  alert('disk-full', { freebytes: count }),
  alert('disk-hangs', { seconds: count.describe('that the oldest write waits'), waitingbytes: count.describe('not stored yet') }),
  alert('database-damaged', {
    file: z.enum(['chain', 'wallet']).describe('chain.sqlite or wallet.sqlite'),
    problem: z.string(),
    canrepair: z.boolean().describe('`repairdatabase` does it'),
  }),
  alert('no-peers', { keyelsewhere: z.boolean().describe('who answers is connected with another process that has this node’s key') }),
  alert('below-quorum', {}),
  alert('no-block', { seconds: count.describe('since the last block') }),
  alert('clock-stopped', { timeoffset }),
  alert('masternode-inactive', { reviving: z.boolean().describe('it has asked to be back from the next epoch on') }),
  alert('participation-low', { percent, needed: percent.describe('of its tier') }),
  alert('unreachable', { address: z.string().describe('what was dialled; may be empty') }),
  alert('clock-off', { timeoffset }),
  alert('behind', { blocks: count }),
  alert('disk-low', { freebytes: count }),
  alert('disk-slow', { seconds: count.describe('that the oldest write waits'), waitingbytes: count.describe('not stored yet') }),
  alert('listening', {}),
  alert('not-launched', {}),
  alert('starting', {}),
  alert('update-available', { version: z.string(), peers: count.describe('that run it or a later one'), of: count.describe('peers') }),
  alert('woken', { seconds: count.describe('that this machine slept') }),
]);
export type HealthAlert = z.output<typeof healthAlert>;
export type AlertCode = HealthAlert['code'];

export const health = z.object({
  verdict: z.enum(['good', 'attention', 'bad']).describe('bad: an alert is critical; attention: one is a warning or a notice'),
  alerts: z.array(healthAlert).max(healthAlert.options.length).describe('the gravest first; what follows from another one is left out'),
});

export const healthMethods = {
  gethealth: method({ group: 'control', summary: 'Whether this node is all right, and what is not.', request: noParams, response: health, errors: [] }),
};
