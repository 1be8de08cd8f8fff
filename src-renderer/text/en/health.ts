import type { AlertCode, HealthAlert } from '../../../src-shared/api/methods/health.ts';
import type { Advice } from '../advice.ts';
import { counted } from '../counted.ts';
import { formatBytes, formatCount, formatDuration, formatPercent, formatSpan } from '../format.ts';

type Facts<C extends AlertCode> = Extract<HealthAlert, { code: C }>;

const offBy = (seconds: number | undefined): string => (seconds === undefined ? '' : ` by ${formatDuration(Math.abs(seconds) * 1_000)}`);

/** What each alert means, and what to do. */
const alerts: { readonly [C in AlertCode]: (facts: Facts<C>) => Advice } = {
  halted: ({ height, blocks, faulty }) => ({
    what:
      blocks.length === 0
        ? `This node has stopped following the chain: a quorum certified block ${formatCount(height)}, which breaks the rules as this release knows them.`
        : `This node has stopped following the chain: two different blocks ${formatCount(height)} are certified${faulty === 0 ? '' : `, and ${counted(faulty, 'masternode', 'masternodes')} signed both`}.`,
    next:
      blocks.length === 0
        ? 'It votes no more and its balances stand still, so that nothing gets worse. Look for a newer release, and ask other operators.'
        : 'It votes no more and its balances stand still, so that nothing gets worse. Agree with other operators which of them is the chain, and mark the other one: getforkinfo names them, invalidateblock marks one.',
  }),
  'after-revert': ({ height, epoch }) => ({
    what: 'This node has taken blocks off, as its operator said.',
    next: `It follows the chain that is left, and signs nothing through height ${formatCount(height)} and epoch ${formatCount(epoch)}, so that it never contradicts what it signed before.`,
  }),
  'own-key-elsewhere': () => ({
    what: 'Another node is running with this masternode’s key.',
    next: 'This one signs nothing, so that the two never contradict each other. Stop one of them; if it is the other, start this node again.',
  }),
  'restored-old-copy': () => ({
    what: 'This masternode has signed votes that its own records do not have: they were restored from an old copy.',
    next: 'It signs nothing until the next epoch begins, and then goes on by itself. It follows the chain meanwhile.',
  }),
  'disk-full': ({ freebytes }) => ({
    what: `The disk is full: ${formatBytes(freebytes)} are left.`,
    next: 'Make room on the disk that holds the node’s data. A node that cannot store stops.',
  }),
  'disk-hangs': ({ seconds, waitingbytes }) => ({
    what: `The disk does not answer: ${formatBytes(waitingbytes)} have waited for ${formatSpan(seconds * 1_000)} to be stored.`,
    next: 'Nothing is decided or sent until it is. Check the disk, its cable, or the network that it is on. If it does not come back, restart this machine: nothing that was sent is lost.',
  }),
  'database-damaged': ({ file, problem, canrepair }) =>
    file === 'wallet'
      ? {
          what: `The wallet’s file is damaged: ${problem}.`,
          next: 'Check the disk. The money is safe, since its keys come from the words. Stop the node, move wallet.sqlite away and start it again; labels come back with a backup.',
        }
      : {
          what: `The node’s database is damaged: ${problem}.`,
          next: canrepair
            ? 'Check the disk, then have it repaired. The wallet is not touched.'
            : 'Check the disk. Then stop the node and start it once with --repair: the file is set aside, and the chain is fetched anew. The wallet is not touched.',
        },
  'no-peers': ({ keyelsewhere }) => ({
    what: keyelsewhere ? 'No other node is connected: they are with another one that runs with this node’s key.' : 'No other node is connected.',
    next: keyelsewhere
      ? 'Stop the other one, or let this one be. Once it is stopped, this one is connected within minutes.'
      : 'Check this machine’s internet connection and firewall. The node keeps trying by itself.',
  }),
  'below-quorum': () => ({
    what: 'Too few masternodes are connected to decide anything.',
    next: 'Payments wait and no block is made until two thirds of the voting weight are connected. Nothing is lost meanwhile.',
  }),
  'no-block': ({ seconds }) => ({
    what: `No block has come for ${formatSpan(seconds * 1_000)}.`,
    next: 'Either the network has stopped deciding, or this node does not hear it. Look at Peers first, then at Consensus.',
  }),
  'clock-stopped': ({ timeoffset }) => ({
    what: `This machine’s clock is wrong${offBy(timeoffset)}, too far from the masternodes’ for this node to propose blocks.`,
    next: 'Set the time right in the system settings, automatically if possible. It goes on by itself then.',
  }),
  'masternode-inactive': ({ reviving }) => ({
    what: 'This masternode is inactive: it signed too few blocks.',
    next: reviving
      ? 'It has asked to be back, and counts again from the next epoch on. Keep this machine awake and online until then.'
      : 'It asks to be back by itself once it has caught up. Keep this machine awake and online.',
  }),
  'participation-low': ({ percent, needed }) => ({
    what:
      percent < needed
        ? `This masternode signed ${formatPercent(percent)} of the last blocks; its tier is paid from ${formatPercent(needed)} on.`
        : `This masternode misses votes: it signed ${formatPercent(percent)} of the last blocks, and its tier is paid from ${formatPercent(needed)} on.`,
    next: 'Keep this machine awake and its connection up. Peers shows who is connected, and Consensus which votes come late.',
  }),
  unreachable: ({ address }) => ({
    what: `Others cannot connect to this masternode${address === '' ? '' : ` at ${address}`}.`,
    next: 'Open its port in firewall and router: Peers, Network says which. Until then it depends on the peers that it dials itself.',
  }),
  'clock-off': ({ timeoffset }) => ({
    what: `This machine’s clock is off${offBy(timeoffset)}, compared to the masternodes’.`,
    next: 'Turn on setting the time automatically in the system settings. At fifteen seconds this node stops proposing blocks.',
  }),
  behind: ({ blocks }) => ({
    what: `The node is catching up with the network: ${counted(blocks, 'block', 'blocks')} behind.`,
    next: 'Balances and payments are complete when it has. It needs nothing from you.',
  }),
  'disk-low': ({ freebytes }) => ({
    what: `The disk is nearly full: ${formatBytes(freebytes)} are left.`,
    next: 'Make room on the disk that holds the node’s data before it is full.',
  }),
  'disk-slow': ({ seconds, waitingbytes }) => ({
    what: `The disk is slow: ${formatBytes(waitingbytes)} have waited for ${formatSpan(seconds * 1_000)} to be stored.`,
    next: 'Votes are stored before they are sent, so they leave late. Close what else uses the disk, or move the data to a faster one.',
  }),
  listening: () => ({
    what: 'This masternode listens whether another one uses its key before it votes.',
    next: 'It takes two minutes after each start, and a connected peer. It needs nothing from you.',
  }),
  'not-launched': () => ({
    what: 'This network has not launched.',
    next: 'It has no masternodes yet, so nothing can be decided. It launches with a later version of this program: install that when it is there.',
  }),
  starting: () => ({ what: 'The node is starting.', next: 'It looks for its peers. This takes a few seconds.' }),
  'update-available': ({ version, peers, of }) => ({
    what: `${formatCount(peers)} of ${counted(of, 'peer runs', 'peers run')} version ${version} or a later one.`,
    next: 'This node’s is older. Look for a new version where you got this one; this program never fetches any by itself.',
  }),
  woken: ({ seconds }) => ({ what: `This machine slept for ${formatSpan(seconds * 1_000)}.`, next: 'The node is connected and in sync again.' }),
};

export const healthText = {
  verdict: { good: 'All good', attention: 'Needs attention', bad: 'Not working', unknown: 'Not known' },
  unknownMeans: 'This window does not hear the node.',
  goodVoting: 'This node is in sync and votes.',
  goodFollowing: 'This node is in sync with the network.',
  alerts,
  severities: { critical: 'Critical', warning: 'Warning', notice: 'Notice', info: 'For your information' },
  list: 'Alerts',
  open: (count: number) => counted(count, 'alert', 'alerts'),
  none: { what: 'Nothing needs your attention.', next: 'What does is said here, with what to do.' },
  since: 'raised',
  over: (what: string) => `Over: ${what}`,
  dismiss: 'Dismiss',
  actions: { peers: 'Open Peers', network: 'Open Peers, Network', consensus: 'Open Consensus', console: 'Open Console' },
  repair: {
    open: 'Repair…',
    means:
      'The node starts anew and looks the whole file over, which may take minutes. Where it is damaged it is set aside, and the chain is fetched anew from peers. A masternode signs nothing until the next epoch begins.',
    now: 'Repair now',
    cancel: 'Not now',
    begun: 'The node is starting anew. This page goes on by itself.',
  },
};
