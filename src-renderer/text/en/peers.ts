import type { TopicValue } from '../../../src-shared/api/topics.ts';
import { wordConnectionReason } from '../../../src-shared/domain/connection-reasons.ts';
import { counted } from '../counted.ts';
import { formatBytes, formatCount, formatDuration, formatSpan, formatUntil } from '../format.ts';

type Known = TopicValue<'peers'>['waiting'][number];
type Network = TopicValue<'network'>;
type HistoryEntry = Network['history'][number];

const states: Record<Known['state'], string> = {
  known: 'ready to be tried',
  dialing: 'dialling',
  handshaking: 'shaking hands',
  connected: 'connected',
  backoff: 'waiting to try again',
  givenUp: 'given up',
  banned: 'banned',
};
const roles: Record<Known['role'], string> = { configured: 'you asked for it', masternode: 'masternode', peer: 'peer' };
const sources: Record<Known['source'], string> = {
  configured: 'from the configuration',
  masternode: 'from the list of masternodes',
  dns: 'from a DNS seed',
  http: 'from a list on the web',
  peer: 'from another peer',
  inbound: 'it dialled this node',
};
const types: Record<TopicValue<'peers'>['peers'][number]['connection_type'], string> = {
  inbound: 'It dialled this node',
  manual: 'Dialled because you asked for it',
  masternode: 'Dialled because it is a masternode',
  'outbound-full-relay': 'Dialled to fill a place',
};
const reachability: Record<Network['reachability']['state'], string> = {
  unknown: 'Not checked yet',
  checking: 'Being checked',
  reachable: 'Open: others can connect',
  unreachable: 'Closed: nobody can connect',
  'not-listening': 'Takes no connections',
};
const mappings: Record<Network['portmapping']['state'], string> = { off: 'Off', searching: 'Looking for the router', mapped: 'Open', failed: 'Failed' };
const mappingOff: Record<NonNullable<Network['portmapping']['off']>, string> = {
  configured: 'The configuration leaves the router alone.',
  'not-listening': 'This node takes no connections.',
  loopback: 'This node listens on this machine alone.',
};
const methods: Record<NonNullable<Network['portmapping']['method']>, string> = { upnp: 'UPnP', 'nat-pmp': 'NAT-PMP', pcp: 'PCP' };
const clocks: Record<Network['clock']['state'], string> = {
  unknown: 'Not compared yet',
  good: 'Right',
  warning: 'Off',
  stopped: 'Too far off: this node proposes no blocks',
};
const banEnds: Record<NonNullable<HistoryEntry['by']>, string> = {
  operator: 'Ban lifted by you',
  time: 'Ban over',
  room: 'Ban dropped: too many bans',
  us: 'Ban over',
  peer: 'Ban over',
  violations: 'Ban over',
};

/** What happened, and why in words. */
const happened: Record<HistoryEntry['kind'], (entry: HistoryEntry) => string> = {
  connected: () => 'Connected',
  gone: ({ duration }) => (duration === undefined ? 'Ended' : duration < 1 ? 'Ended at once' : `Ended after ${formatSpan(duration * 1_000)}`),
  refused: ({ by }) => (by === 'peer' ? 'Refused by the other side' : 'Refused'),
  failed: () => 'Not reached',
  banned: ({ by }) => (by === 'operator' ? 'Banned by you' : 'Banned'),
  'ban-ended': ({ by }) => banEnds[by ?? 'time'],
};

/** A clock's seconds beyond another's, with their sign: `+4.0 ms`. */
const offset = (seconds: number): string => `${seconds < 0 ? '\u2212' : '+'}${formatDuration(Math.abs(seconds) * 1_000)}`;
/** Where a clock is that others are so many seconds beyond: `12 ms behind`. */
const against = (seconds: number): string =>
  Math.abs(seconds) < inStepSeconds ? 'in step with' : `${formatDuration(Math.abs(seconds) * 1_000)} ${seconds < 0 ? 'ahead of' : 'behind'}`;
/** What a round trip's two halves may differ by on the quietest line. */
const inStepSeconds = 0.001;

export const peersText = {
  tabsLabel: 'What to show',
  tabs: { connected: 'Connected', known: 'Not connected', banned: 'Banned', history: 'History', network: 'Network', traffic: 'Traffic' },
  summary: (inbound: number, outbound: number) => `${formatCount(inbound)} in · ${formatCount(outbound)} out`,
  filter: 'Filter',
  filterHint: 'Address, version, country or key',
  columns: {
    address: 'Address',
    country: 'Country',
    direction: 'Direction',
    masternode: 'Masternode',
    rtt: 'RTT',
    minRtt: 'Minimum',
    jitter: 'Jitter',
    height: 'Height',
    version: 'Version',
    score: 'Score',
    pings: 'Pings',
    violations: 'Violations',
    clock: 'Clock',
    connected: 'Connected',
    sent: 'Sent',
    received: 'Received',
  },
  columnMeans: {
    rtt: 'The last round trip of a ping, and the last 60 as a line',
    minRtt: 'The shortest round trip',
    jitter: 'How much one round trip differs from the one before, smoothed',
    score: 'How good the connection is, from 0 to 100: pings answered, round trips and age',
    pings: 'The share of pings that were answered in time, or how many were missed in a row',
    violations: 'Of its key, that are not forgotten yet; a clean hour forgets them',
    clock: 'Its clock, compared to this machine’s',
  } as Readonly<Record<string, string>>,
  chooseColumns: 'Columns',
  usualColumns: 'Default columns',
  inbound: 'in',
  outbound: 'out',
  noRtt: 'not yet',
  unknown: '–',
  missed: (count: number) => `${formatCount(count)} missed`,
  missedMeans: (count: number) => `${counted(count, 'ping', 'pings')} in a row without an answer; three end the connection`,
  behind: (blocks: number) => `${formatCount(blocks)} behind`,
  sparkline: (count: number, least: string, most: string) => `Last ${counted(count, 'round trip', 'round trips')}: ${least} to ${most}`,
  offset,
  clockAlone: (seconds: number) => against(seconds).replace(/ (?:of|with)$/, ''),
  empty: {
    what: 'No peer is connected.',
    next: 'The node keeps trying. Check this machine’s internet connection and firewall if this lasts longer than a minute.',
  },
  noMatch: { what: 'No peer matches the filter.', next: 'Change or clear it.' },
  clear: 'Clear the filter',
  open: (address: string) => `Show all about ${address}`,
  reason: (reason: string) => wordConnectionReason(reason),

  add: {
    open: 'Add peer',
    label: 'Address',
    hint: 'host:port',
    means: 'The node connects to it and keeps it connected until it is restarted.',
    confirm: 'Add',
    done: (address: string) => `${address} is on the list, and is tried now.`,
    cancel: 'Cancel',
    malformed: 'An address is a host and a port, such as 203.0.113.5:24000 or [2001:db8::1]:24000.',
  },

  panel: {
    title: (address: string) => `Peer ${address}`,
    close: 'Close',
    gone: { what: 'This peer is no longer connected.', next: 'What became of it is below.' },
    identity: 'Identity',
    key: 'Node key',
    type: 'Connection',
    types,
    network: 'Network',
    software: 'Software',
    protocol: (version: number) => `protocol ${formatCount(version)}`,
    masternode: 'Masternode',
    claims: 'says so, but is not in the snapshot',
    since: 'Connected since',
    observed: 'Sees this node at',
    health: 'Health',
    score: 'Score',
    of100: 'of 100',
    rtt: 'Round trip',
    rttParts: (last: string, least: string, smoothed: string, jitter: string) =>
      `${last}\u00a0now\u00a0· ${least}\u00a0minimum\u00a0· ${smoothed}\u00a0smoothed\u00a0· ${jitter}\u00a0jitter`,
    pings: 'Pings',
    pingParts: (answered: number, sent: number, missed: number) =>
      `${formatCount(answered)} of ${formatCount(sent)} answered in time${missed === 0 ? '' : ` · ${formatCount(missed)} missed in a row`}`,
    clock: 'Clock',
    clockParts: (seconds: number) => `${against(-seconds)} this machine’s`,
    height: 'Height',
    lastSent: 'Last sent',
    lastReceived: 'Last received',
    traffic: 'Messages',
    trafficColumns: { type: 'Type', sent: 'Sent', received: 'Received', bytes: 'Bytes' },
    leftOut: (count: number) => `${counted(count, 'announcement was', 'announcements were')} left out because it reads too slowly.`,
    rateLimited: (count: number, limit: string) => `${counted(count, 'message of it was', 'messages of it were')} not looked at: more than ${limit} allows.`,
    noTraffic: 'No message yet.',
    violations: 'Violations',
    noViolations: 'None on record.',
    history: 'What became of its connections',
    noHistory: 'Nothing on record.',
    actions: 'Actions',
    disconnect: 'Disconnect',
    disconnectMeans: 'It may come back, or be dialled again.',
    ban: 'Ban',
    banFor: { '3600': '1 hour', '86400': '1 day', '604800': '1 week', '31536000': '1 year' },
    banMeans: 'This node has nothing to do with its key until the ban is over. You can lift it under Banned.',
    banHost: (host: string) => `Everybody from ${host}, too`,
    banHostMeans: 'Others may share this IP.',
    banFinally: (span: string) => `Ban for ${span}`,
    banTitle: 'For how long?',
    disconnected: 'The connection ends.',
    banned: (span: string) => `Banned for ${span}.`,
  },

  known: {
    more: (count: number) => `${counted(count, 'more address is', 'more addresses are')} known. time-cli getpeerstates lists them all.`,
    all: 'All',
    states,
    roles,
    sources,
    columns: {
      address: 'Address',
      state: 'State',
      next: 'Next try',
      attempts: 'Tries',
      success: 'Last connected',
    },
    anchor: 'anchor',
    anchorMeans: 'A connection that held: dialled first after a restart',
    now: 'now',
    never: 'never',
    whenHeard: 'when heard of',
    tryNow: 'Try now',
    trying: (address: string) => `${address} is tried now.`,
    empty: { what: 'Every known address is connected.', next: 'Addresses that wait for another try are shown here, with the time of it.' },
  },

  banned: {
    columns: { subject: 'Who', since: 'Since', until: 'Over', reason: 'Why' },
    node: 'node',
    network: 'network',
    lasting: 'until you lift it',
    byOperator: 'you banned it',
    lift: 'Lift',
    lifted: (subject: string) => `${subject} may connect again.`,
    liftAll: 'Lift all',
    liftedAll: (count: number) => `${counted(count, 'ban is', 'bans are')} lifted.`,
    liftAllSure: 'Lift all bans?',
    empty: { what: 'Nobody is banned.', next: 'Who breaks the rules is banned by itself. To ban a peer yourself, open its row under Connected.' },
    violations: 'Broken rules',
    violationColumns: { at: 'When', node: 'Node', code: 'What' },
    noViolations: { what: 'No peer has broken a rule.', next: 'What peers do against the rules is shown here, with the reason.' },
  },

  history: {
    columns: { at: 'When', what: 'What', address: 'Address', reason: 'Why' },
    what: (entry: HistoryEntry) => happened[entry.kind](entry),
    nextTry: (ms: number) => `next try in ${formatUntil(ms)}`,
    noNextTry: 'not tried again',
    empty: { what: 'Nothing has happened yet.', next: 'Connections that come, go or fail are shown here, each with its reason.' },
    filters: { all: 'All', connections: 'Connections', refused: 'Refused', failed: 'Not reached', bans: 'Bans' },
    filterLabel: 'Which events',
    noneOfKind: { what: 'Nothing of this kind has happened.', next: 'Choose another one.' },
  },

  network: {
    reachability: 'Port',
    reachabilityStates: reachability,
    checked: 'checked',
    check: 'Check now',
    checkOutcomes: {
      asking: 'Two peers are asked to dial this node. The outcome comes within seconds.',
      answered: 'Checked just now.',
      unanswered: 'Nobody could say: a peer tries one node once a minute at most, and without peers nobody can. Ask again in a minute.',
    },
    unreachableNext: 'Forward this port in the router to this machine, and allow it in the firewall.',
    practice: { what: 'Not needed', next: 'A practice network is on this machine alone.' },
    unknownNext: 'Peers are asked to dial this node once some are connected.',
    mapping: 'Router',
    mappings,
    mappingOff,
    mappedBy: (method: keyof typeof methods, port: number) => `Port ${port} leads here, by ${methods[method]}`,
    mappingFailedNext: 'Forward the port in the router by hand if others cannot connect.',
    nextTry: (ms: number) => `next try in ${formatUntil(ms)}`,
    clock: 'Clock',
    clocks,
    clockParts: (seconds: number, members: number) => `${against(seconds)} ${counted(members, 'masternode', 'masternodes')}`,
    clockNext: 'Turn on setting the time automatically in this machine’s system settings.',
    clockUnknownNext: 'It is compared once masternodes are connected.',
    observed: 'Seen as',
    observedBy: (peers: number) => `by ${counted(peers, 'peer', 'peers')}`,
    notObserved: 'No peer has said yet',
    groups: 'Networks',
    groupsMean: 'Connected peers by /16 network (IPv6: /32). Many in one network could be one party.',
    countries: 'Countries',
    noCountry: 'not known',
    more: (count: number) => `and ${counted(count, 'more', 'more')}`,
    none: 'No peer is connected.',
    attribution: 'IP Geolocation by DB-IP, db-ip.com',
  },

  traffic: {
    title: 'Last ten minutes',
    sent: 'Sent',
    received: 'Received',
    perSecond: (bytes: number) => `${formatBytes(bytes)}/s`,
    total: (sent: number, received: number) => `${formatBytes(sent)} sent · ${formatBytes(received)} received since the start`,
    chartSummary: (sent: string, received: string) => `Bytes each second of the last ten minutes: now ${sent} sent, ${received} received.`,
    messages: 'Messages since the start',
    columns: { type: 'Type', sent: 'Sent', bytesSent: 'Bytes sent', received: 'Received', bytesReceived: 'Bytes received', leftOut: 'Left out' },
    leftOutMeans: 'Never sent because a peer read too slowly, and could do without them',
    empty: { what: 'Nothing was sent or received yet.', next: 'Traffic is counted from the first connection on.' },
  },
};
