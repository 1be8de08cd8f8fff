import type { Response } from '../../../src-shared/api/contract.ts';
import type { Advice } from '../advice.ts';
import { counted } from '../counted.ts';
import { formatCount, formatPercent, formatShare, formatUntil } from '../format.ts';

type Member = Response<'masternodelist'>[number];
const states: Record<Member['status'], string> = {
  waiting: 'Waiting for the next epoch',
  active: 'Active',
  inactive: 'Inactive',
  reviving: 'Reviving',
  exited: 'Left',
};
const stateMeans: Record<Member['status'], string> = {
  waiting: 'It is registered, and counts from the next epoch on.',
  active: 'It votes, and counts.',
  inactive: 'It signed too few blocks, and does not count until it is back.',
  reviving: 'It said that it is back, and counts again from the next epoch on.',
  exited: 'Its registration has ended; it counts until this epoch ends.',
};
const heartbeats: Record<Member['heartbeat']['state'], string> = { online: 'Online', late: 'Late', offline: 'Offline', unknown: 'Not heard yet' };
/** Of a registration, an update, an exit. */
const errors: Partial<Record<string, Advice>> = {
  'invalid-parameter': { what: 'The node does not take these values.', next: 'Go back, and check the coin and the address.' },
  'not-found': { what: 'The coin is not there any more.', next: 'Go back and choose another one.' },
};

export const masternodesText = {
  states,
  stateMeans,
  heartbeats,
  errors,
  filterLabel: 'Which masternodes',
  filters: { all: 'All', mine: 'Mine', active: 'Active', waiting: 'Waiting', inactive: 'Inactive' },
  search: 'Search masternodes',
  searchHint: 'Key or address',
  list: 'Masternodes',
  mine: 'mine',
  columns: {
    node: 'Masternode',
    tier: 'Tier',
    weight: 'Weight',
    state: 'State',
    heartbeat: 'Heartbeat',
    participation: 'Participation',
    reward: 'Rewards to',
    since: 'Since block',
    actions: 'Actions',
  },
  means: {
    weight: 'Of votes and rewards in this epoch; none while it does not count',
    heartbeat: 'What this node heard of it last',
    participation: 'Blocks signed in the last ten closed epochs; the line is what its tier needs for rewards',
  },
  noWeight: 'none',
  participation: (percent: number, needed: number) => `${formatPercent(percent)} signed, ${formatPercent(needed)} needed`,
  noParticipation: 'no epoch yet',
  summary: (members: number, weight: number) =>
    `${counted(members, 'masternode counts', 'masternodes count')} in this epoch, with a weight of ${formatCount(weight)}`,
  empty: { what: 'This network has no masternodes yet.', next: 'Register this node to be the first.' },
  noMatch: { what: 'No masternode is like that.', next: 'Another filter or search shows more.' },
  clear: 'Show all',
  waitsForBlock: 'Waiting for its block',

  own: {
    title: 'My masternode',
    none: {
      what: 'This node is no masternode yet.',
      next: 'A registration takes a few minutes. A masternode votes on payments and blocks, and is paid for it.',
    },
    noWallet: { what: 'This node has no wallet.', next: 'A registration is signed and paid by one: create or restore a wallet first.' },
    left: {
      what: 'This node has left the masternodes.',
      next: 'It still counts until this epoch ends, so keep it running until then. It can be registered again at once.',
    },
    notEnabled: {
      what: 'It is registered, and does not sign.',
      next: 'Choose the role of a masternode in the first start, or start the node with --masternode.',
    },
    notEnabledYet: {
      what: 'This node does not run as a masternode.',
      next: 'A registration alone would sign nothing: choose the role of a masternode in the first start.',
    },
    chooseRole: 'Choose the role',
    register: 'Register this node',
    update: 'Change',
    exit: 'Leave',
    revive: 'Say that it is back',
    key: 'Save its key',
    weight: 'Weight',
    weightOf: (weight: number, total: number) => `${formatCount(weight)} of ${formatCount(total)} (${formatShare(weight, total)})`,
    notYet: 'none in this epoch',
    participation: 'Participation',
    threshold: (percent: number) => `${formatPercent(percent)} needed`,
    thisEpoch: (signed: number, of: number) => `${formatCount(signed)} of ${counted(of, 'block', 'blocks')} in this epoch`,
    perBlock: 'Reward per block',
    noReward: 'none now',
    today: 'Rewards today',
    total: 'Rewards in total',
    atLeast: 'at least',
    proposes: 'Proposes',
    proposesEvery: (blocks: number) => (blocks <= 1 ? 'every block' : `about one block in ${formatCount(blocks)}`),
    address: 'Address',
    noAddress: 'says none',
    reward: 'Rewards to',
    collateral: 'Collateral',
    noCollateral: 'none',
    since: 'Registered in block',
    epoch: 'Next epoch',
    epochIn: (blocks: number, ms: number) => `in ${counted(blocks, 'block', 'blocks')}, about ${formatUntil(ms)}`,
    reviveSelf: 'It says so by itself once it has caught up.',
  },

  register: {
    stepsLabel: 'Steps of the registration',
    steps: { tier: 'Tier', collateral: 'Collateral', address: 'Address', reward: 'Rewards', backup: 'Key', review: 'Review' },
    cancel: 'Cancel',
    tier: {
      title: 'Which tier?',
      means:
        'A higher one takes more collateral, votes with more weight, and is paid in proportion. The collateral stays yours: it is locked until the masternode leaves.',
      about: (collateral: string, weight: number, needed: number) =>
        `${collateral} · weight ${formatCount(weight)} · paid from ${formatPercent(needed)} of blocks signed`,
      noCollateral: 'No collateral',
      freeMeans: 'Votes of Free masternodes are capped together, so the youngest may have to wait for a place.',
    },
    collateral: {
      title: 'Which coin is the collateral?',
      means: (amount: string) => `One coin of exactly ${amount}, which is in a block. It can be spent again once the masternode has left.`,
      at: (address: string, confirmations: number) => `at ${address}, ${counted(confirmations, 'block', 'blocks')} deep`,
      coming: { what: 'Such a coin is on its way.', next: 'It can be chosen once it is in a block: this page shows it then.' },
      none: (amount: string) => ({
        what: `This wallet has no coin of exactly ${amount}.`,
        next: 'A payment to yourself makes one. It costs the fee alone.',
      }),
      make: 'Make such a coin',
      label: (tier: string) => `Collateral, ${tier}`,
      makeTitle: 'A payment to yourself',
      makeNow: 'Make it',
    },
    address: {
      title: 'Where is it reached?',
      means: 'Other masternodes dial this address: the IP or name of your connection, and the port.',
      label: 'Service address',
      hint: '203.0.113.5:24100',
      wrong: 'A host and a port, such as 203.0.113.5:24100.',
      empty: 'Without one nobody can dial it. It votes over the connections that it makes itself.',
      port: 'Port check',
      noPeers: 'No peer is connected yet that could be asked.',
    },
    reward: {
      title: 'Where do rewards go?',
      means: 'It can be changed later.',
      choices: { own: 'A new address of this wallet', other: 'Another address' },
      ownMeans: 'Made with the registration, and labelled.',
      otherMeans: 'Of a wallet that is kept elsewhere, for instance.',
      label: 'Address',
    },
    backup: {
      title: 'Save the node’s key',
      means:
        'The masternode is this key. With it, and this wallet, it can move to another machine; without it, it can only leave. Never run two nodes with one key.',
      save: 'Save the key',
      saved: (name: string) => `Saved as ${name}. Keep it where nobody else can read it.`,
      skip: 'It can be saved later too, on this page.',
    },
    review: {
      title: 'Check before registering',
      tier: 'Tier',
      weight: 'Weight',
      locked: 'Locked until it leaves',
      coin: 'Coin',
      address: 'Address',
      reward: 'Rewards to',
      newAddress: 'a new address of this wallet',
      fee: 'Fee',
      active: 'Counts from',
      activeIn: (blocks: number, ms: number) => `the next epoch on: in ${counted(blocks, 'block', 'blocks')} at least, about ${formatUntil(ms)}`,
      confirm: 'Register',
    },
    done: {
      title: 'The registration is on its way',
      registered: 'Registered',
      notRegistered: 'Registered with its block',
      waiting: (blocks: number, ms: number) => `Waiting for the next epoch: ${counted(blocks, 'block', 'blocks')}, about ${formatUntil(ms)}`,
      epochBegun: 'The next epoch has begun',
      active: 'Active: it votes and counts',
      notActive: 'Active',
      close: 'Close',
    },
  },

  change: {
    titles: { update: 'Change the masternode', exit: 'Leave the masternodes', revive: 'Say that it is back' },
    updateMeans: 'It goes on voting all the while.',
    exitMeans: 'It counts until this epoch ends: keep it running until then. Its collateral can be spent again at once.',
    exitFree: 'It counts until this epoch ends: keep it running until then.',
    reviveMeans: 'It counts again from the next epoch on. This costs nothing.',
    same: 'Nothing is different yet.',
    node: 'Masternode',
    comesBack: 'Comes back',
    fee: 'Fee',
    review: 'Review',
    back: 'Back',
    cancel: 'Cancel',
    confirm: { update: 'Change it', exit: 'Leave', revive: 'Say so' },
    close: 'Close',
  },
};
