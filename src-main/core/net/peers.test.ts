import { expect, test } from 'vitest';
import { defaultLimits } from '../../../src-shared/domain/net-limits.ts';
import type { Hello, Message } from '../codec/message.ts';
import type { EngineEvent } from '../events.ts';
import { connectionOf, genesisHash, nodeIdOf, peersOptions, tipHash, waitingOf } from './fake-network.fixture.ts';
import { isSessionMessage } from './handshake.ts';
import { Peers } from './peers.ts';
import type { PeersOptions, PeersOutput } from './peers-options.ts';

const startMs = 1_000_000;
const hello = (change: Partial<Hello> = {}): Message => ({
  type: 'Hello',
  body: {
    magic: 'TIME',
    protocolVersion: 1,
    network: 2,
    genesisHash,
    userAgent: '/other:1.0/',
    listenPort: 0,
    services: 1,
    height: 9,
    tipHash,
    time: startMs,
    observedAddress: 'us:5',
    nonce: 99n,
    ...change,
  },
});
const ack: Message = { type: 'HelloAck', body: { refusal: undefined } };
const ping: Message = { type: 'Ping', body: { nonce: 5n } };

function newPeers(change: Partial<PeersOptions> = {}): Peers {
  const peers = new Peers(peersOptions(change));
  peers.setTip(7, tipHash);
  return peers;
}
const inbound = (peers: Peers, id: number, key = id + 100, nowMs = startMs): PeersOutput[] =>
  peers.connected(
    { kind: 'connected', connection: connectionOf(id), direction: 'inbound', remoteKey: nodeIdOf(key), remoteAddress: `them:${id}`, dialed: undefined },
    nowMs,
  );
const outbound = (peers: Peers, id: number, dialed: string, key = id + 100, nowMs = startMs): PeersOutput[] =>
  peers.connected({ kind: 'connected', connection: connectionOf(id), direction: 'outbound', remoteKey: nodeIdOf(key), remoteAddress: 'them:1', dialed }, nowMs);
const receive = (peers: Peers, id: number, message: Message, nowMs = startMs): PeersOutput[] => peers.session(connectionOf(id), message, nowMs);

function readyInbound(peers: Peers, id: number, key = id + 100): void {
  inbound(peers, id, key);
  receive(peers, id, hello({ nonce: BigInt(key) }));
  receive(peers, id, ack);
}

const sent = (outputs: readonly PeersOutput[]): Message[] => outputs.flatMap((output) => (output.kind === 'send' ? [output.message] : []));
const typesSent = (outputs: readonly PeersOutput[]): string[] => sent(outputs).map(({ type }) => type);
const events = (outputs: readonly PeersOutput[]): EngineEvent[] => outputs.flatMap((output) => (output.kind === 'publish' ? [output.event] : []));
const disconnects = (outputs: readonly PeersOutput[]): string[] => outputs.flatMap((output) => (output.kind === 'disconnect' ? [output.code] : []));
const timerOf = (outputs: readonly PeersOutput[]): number | undefined => outputs.flatMap((output) => (output.kind === 'set-timer' ? [output.atMs] : [])).at(-1);
const kinds = (outputs: readonly PeersOutput[]): string[] => outputs.map(({ kind }) => kind);

test('both sides say Hello at once; the peer is ready when each has accepted the other', () => {
  const peers = newPeers();
  expect(sent(inbound(peers, 1))).toEqual([
    {
      type: 'Hello',
      body: {
        magic: 'TIME',
        protocolVersion: 1,
        network: 2,
        genesisHash,
        userAgent: '/timed:0.1.0/',
        listenPort: 24_200,
        services: 1,
        height: 7,
        tipHash,
        time: startMs,
        observedAddress: 'them:1',
        nonce: 1n,
      },
    },
  ]);
  const accepted = receive(peers, 1, hello(), startMs + 10);
  expect(sent(accepted)).toEqual([ack]);
  expect(peers.isReady(connectionOf(1))).toBe(false);

  const outputs = receive(peers, 1, ack, startMs + 20);
  // Whoever waits for `ready` sends after the HelloAck, and the first ping measures the line at once.
  expect(kinds(outputs)).toEqual(['publish', 'ready', 'send', 'send', 'set-timer']);
  expect(typesSent(outputs)).toEqual(['GetPeers', 'Ping']);
  const first = sent(outputs).find(({ type }) => type === 'Ping');
  receive(peers, 1, { type: 'Pong', body: { nonce: first?.type === 'Ping' ? first.body.nonce : 0n, time: startMs } }, startMs + 63);
  expect(peers.ready()).toEqual([
    {
      connection: 1,
      nodeId: nodeIdOf(101),
      address: 'them:1',
      remoteHost: 'them',
      direction: 'inbound',
      votes: true,
      height: 9,
      tipHash,
      userAgent: '/other:1.0/',
      protocolVersion: 1,
      observedAddress: 'us:5',
      listenPort: 0,
      rtt: { lastMs: 43, minMs: 43, smoothedMs: 43, jitterMs: undefined, historyMs: [43] },
      missedPings: 0,
      pings: { sent: 1, answered: 1 },
      clockOffsetMs: 41.5,
      score: 76,
      violations: 0,
      readySinceMs: startMs + 20,
    },
  ]);
  expect(peers.peer(connectionOf(1))).toBe(peers.ready()[0]);
});

test.each<[string, Partial<Hello>, number, string]>([
  ['another protocol', { magic: 'EMIT' }, 101, 'wrong-magic'],
  ['another version', { protocolVersion: 2 }, 101, 'wrong-version'],
  ['another network', { network: 1 }, 101, 'wrong-network'],
  ['another genesis', { genesisHash: '1'.repeat(64) as Hello['genesisHash'] }, 101, 'wrong-genesis'],
  ['our own key', {}, 1, 'self'],
  ['our own nonce', { nonce: 1n }, 101, 'self'],
  ['a peer that there is already', { nonce: 150n }, 150, 'duplicate'],
  ['one more than there is room for', {}, 101, 'full'],
])('%s is refused with a reason that both sides show', (_, change, key, code) => {
  const peers = newPeers({ limits: { ...defaultLimits('mainnet'), maxPeers: 1 } });
  if (code === 'duplicate' || code === 'full') readyInbound(peers, 50, 150);
  inbound(peers, 1, key);
  const outputs = receive(peers, 1, hello(change));
  expect(sent(outputs).filter(({ type }) => type === 'HelloAck')).toEqual([{ type: 'HelloAck', body: { refusal: code } }]);
  expect(disconnects(outputs)).toEqual([code]);
  expect(events(outputs)).toEqual([{ kind: 'peer-refused', address: 'them:1', nodeId: nodeIdOf(key), code, by: 'us' }]);

  const refused = newPeers();
  outbound(refused, 1, 'there:1', 101);
  receive(refused, 1, hello());
  const theirs = receive(refused, 1, { type: 'HelloAck', body: { refusal: code as 'full' } });
  expect(events(theirs)).toEqual([{ kind: 'peer-refused', address: 'there:1', nodeId: nodeIdOf(101), code, by: 'peer' }]);
  expect(disconnects(theirs)).toEqual([code]);
  expect(refused.ready()).toEqual([]);
});

test.each<[string, Message[]]>([
  ['a ping', [ping]],
  ['a HelloAck', [ack]],
  ['a height', [{ type: 'GetBlockHeight', body: {} }]],
  ['a ping after Hello', [hello(), ping]],
  ['a second Hello', [hello(), hello()]],
  ['a height between Hello and HelloAck', [hello(), { type: 'GetBlockHeight', body: {} }]],
  ['a Hello when it is ready', [hello(), ack, hello()]],
  ['a second HelloAck', [hello(), ack, ack]],
])('%s out of turn is a violation, and the end', (_, messages) => {
  const peers = newPeers();
  inbound(peers, 1);
  for (const message of messages.slice(0, -1)) expect(disconnects(receive(peers, 1, message))).toEqual([]);
  const outputs = receive(peers, 1, messages.at(-1) as Message);
  expect(disconnects(outputs)).toEqual(['violation']);
  expect(events(outputs)).toContainEqual(
    expect.objectContaining({ kind: 'peer-violation', rejection: expect.objectContaining({ code: 'unexpected-message' }) }),
  );
  expect(peers.isReady(connectionOf(1))).toBe(false);
});

test('nothing is taken from a connection that is closing, nor from one that there is not', () => {
  const peers = newPeers();
  readyInbound(peers, 1);
  expect(kinds(peers.violation(connectionOf(1), { code: 'malformed', detail: '' }, startMs))).toContain('gone');
  for (const id of [1, 2]) {
    expect(typesSent(receive(peers, id, ping))).toEqual([]);
    expect(events(peers.violation(connectionOf(id), { code: 'malformed', detail: '' }, startMs))).toEqual([]);
    expect(kinds(peers.disconnect(connectionOf(id), 'requested', startMs))).toEqual([]);
    expect(events(peers.closed(connectionOf(id), 'closed-locally', false, startMs))).toEqual([]);
  }
});

test.each<[string, Message[]]>([
  ['before its Hello', []],
  ['after its Hello', [hello()]],
])('the whole handshake has 10 s: %s', (_, messages) => {
  const peers = newPeers();
  expect(timerOf(inbound(peers, 1))).toBe(startMs + 10_000);
  for (const message of messages) receive(peers, 1, message, startMs + 9_000);
  const early = peers.timer(startMs + 9_999);
  expect(disconnects(early)).toEqual([]);
  expect(timerOf(early)).toBe(startMs + 10_000);
  const outputs = peers.timer(startMs + 10_000);
  expect(sent(outputs)).toEqual([{ type: 'Disconnect', body: { code: 'handshake-timeout' } }]);
  expect(disconnects(outputs)).toEqual(['handshake-timeout']);
});

test.each([
  [4_000, 6_000],
  [11_000, 0],
])('the whole handshake has 10 s, of which connecting took %i ms', (tookMs, leftMs) => {
  const common = { kind: 'connected', connection: connectionOf(1), direction: 'inbound', remoteKey: nodeIdOf(101), dialed: undefined } as const;
  expect(timerOf(newPeers().connected({ ...common, remoteAddress: 'them:1', tookMs }, startMs))).toBe(startMs + leftMs);
});

test('its own timer is enough to find a peer that is gone', () => {
  const peers = newPeers();
  inbound(peers, 1);
  receive(peers, 1, hello());
  let outputs = receive(peers, 1, ack);
  let nowMs = startMs;
  const seen: string[] = [];
  for (let turns = 0; turns < 20 && disconnects(outputs).length === 0; turns++) {
    nowMs = timerOf(outputs) ?? Number.NaN;
    outputs = peers.timer(nowMs);
    seen.push(...typesSent(outputs));
  }
  expect(seen).toEqual(['Ping', 'GetBlockHeight', 'Ping', 'Disconnect']);
  expect(nowMs - startMs).toBe(65_000);
  expect(kinds(outputs)).toContain('gone');
  expect(events(outputs)).toContainEqual(expect.objectContaining({ kind: 'peer-gone', reason: 'unresponsive' }));
});

test('pings are answered; a pong that nobody asked for is ignored', () => {
  const peers = newPeers();
  readyInbound(peers, 1);
  expect(sent(receive(peers, 1, ping))).toEqual([{ type: 'Pong', body: { nonce: 5n, time: startMs } }]);
  expect(kinds(receive(peers, 1, { type: 'Pong', body: { nonce: 6n, time: startMs } }))).toEqual([]);
  expect(peers.ready()[0]?.rtt.lastMs).toBeUndefined();
});

/** A peer that does not listen, and a second process with its key, which is told that there is one. */
function withSecondProcess(): Peers {
  const peers = newPeers({ limits: { ...defaultLimits('mainnet'), maxPeers: 1 } });
  readyInbound(peers, 1, 150);
  inbound(peers, 2, 150);
  expect(sent(receive(peers, 2, hello({ nonce: 151n })))).toContainEqual({ type: 'HelloAck', body: { refusal: 'duplicate' } });
  expect(peers.ready().map(({ connection }) => connection)).toEqual([1]);
  return peers;
}

test('a second process with the key of a peer is none while the first answers, which is asked at once', () => {
  const peers = withSecondProcess();
  for (let seconds = 5; seconds <= 120; seconds += 5) {
    const nowMs = startMs + 1_000 * seconds;
    for (const message of sent(peers.timer(nowMs)))
      if (message.type === 'Ping') peers.session(connectionOf(1), { type: 'Pong', body: { nonce: message.body.nonce, time: nowMs } }, nowMs + 50);
  }
  expect(peers.ready().map(({ connection, missedPings }) => [connection, missedPings])).toEqual([[1, 0]]);
});

test('… and is the peer once the first was found gone, a quarter of a minute later', () => {
  const peers = withSecondProcess();
  for (const seconds of [5, 10, 15]) peers.timer(startMs + 1_000 * seconds);
  expect(peers.ready()).toEqual([]);
  inbound(peers, 3, 150);
  receive(peers, 3, hello({ nonce: 151n }));
  expect(kinds(receive(peers, 3, ack))).toContain('ready');
});

test('a duplicate is reason to ask whether the older one is alive', () => {
  const peers = newPeers();
  readyInbound(peers, 1, 150);
  const first = peers.peer(connectionOf(1));
  expect(first?.missedPings).toBe(0);
  inbound(peers, 2, 150);
  receive(peers, 2, hello({ nonce: 150n }));
  let outputs = peers.timer(startMs + 5_000);
  expect(typesSent(outputs)).toEqual(['Ping']);
  outputs = peers.timer(startMs + 10_000);
  outputs = peers.timer(startMs + 15_000);
  expect(outputs).toContainEqual({ kind: 'disconnect', connection: 1, code: 'unresponsive', detail: '' });
});

test('of two dials to one node the node that is dialled says which stays', () => {
  const peers = newPeers();
  outbound(peers, 1, 'there:1', 150);
  receive(peers, 1, hello());
  receive(peers, 1, ack);
  outbound(peers, 2, 'there:2', 150);
  expect(typesSent(receive(peers, 2, hello()))).toEqual([]);
  expect(peers.ready().map(({ connection }) => connection)).toEqual([1]);
  const outputs = receive(peers, 2, ack);
  expect(outputs).toContainEqual({ kind: 'disconnect', connection: 1, code: 'duplicate', detail: '' });
  expect(peers.ready().map(({ connection }) => connection)).toEqual([2]);
});

test('the second of two dials takes over when the first is lost before the node has said', () => {
  const peers = newPeers();
  outbound(peers, 1, 'there:1', 150);
  receive(peers, 1, hello());
  outbound(peers, 2, 'there:2', 150);
  receive(peers, 2, hello());
  expect(typesSent(peers.closed(connectionOf(1), 'connection-reset', false, startMs))).toEqual(['HelloAck']);
  expect(kinds(receive(peers, 2, ack))).toContain('ready');
});

test('an inbound connection that ends before it is a peer is told of, with the reason', () => {
  const peers = newPeers();
  inbound(peers, 1);
  const ended = peers.closed(connectionOf(1), 'frame-size: a frame of 9 bytes', false, startMs);
  expect(events(ended)).toMatchObject([{ kind: 'handshake-ended', reason: 'frame-size: a frame of 9 bytes' }]);
  readyInbound(peers, 2);
  expect(events(peers.closed(connectionOf(2), 'closed-by-peer', false, startMs)).map(({ kind }) => kind)).toEqual(['peer-gone']);
});

test('addresses are dialled at the start, when added, and again after a wait', () => {
  const peers = newPeers({ connect: ['a:1'], limits: defaultLimits('mainnet') });
  const started = peers.start(startMs);
  expect(started).toEqual([
    { kind: 'discover' },
    { kind: 'publish', event: { kind: 'dialing', address: 'a:1', phase: 'CONFIGURED' } },
    { kind: 'dial', address: 'a:1' },
    { kind: 'set-timer', timer: 'peers', atMs: startMs + 120_000 },
  ]);
  const failed = peers.dialFailed('a:1', 'refused', startMs);
  expect(events(failed)).toEqual([{ kind: 'dial-failed', address: 'a:1', reason: 'refused', nextTryMs: startMs + 5_000 }]);
  expect(timerOf(failed)).toBe(startMs + 5_000);
  expect(kinds(peers.timer(startMs + 5_000))).toContain('dial');
  peers.dialFailed('a:1', 'refused', startMs + 5_000);
  expect(kinds(peers.addNode('a:1', startMs + 6_000))).toContain('dial');
  expect(kinds(peers.removeNode('a:1', startMs + 6_000))).not.toContain('dial');
  expect(waitingOf(peers)).toEqual([]);
});

test('a dial that finds this node itself is the last to that address', () => {
  const peers = newPeers({ connect: ['me:1'] });
  peers.start(startMs);
  const outputs = peers.dialFailed('me:1', 'self: the other end has our own key', startMs);
  expect(events(outputs)).toEqual([{ kind: 'dial-failed', address: 'me:1', reason: 'self: the other end has our own key', nextTryMs: undefined }]);
  expect(kinds(peers.addNode('me:1', startMs + 1))).toEqual([]);
});

test('an address does not wait while another connection with its node is under way', () => {
  const peers = newPeers({ self: nodeIdOf(1), connect: ['a:1'] });
  peers.start(startMs);
  outbound(peers, 1, 'a:1', 150);
  readyInbound(peers, 2, 150);
  // The peer has seen both, and keeps the one that the smaller id dialled; its Hello on that one is still to come.
  receive(peers, 2, { type: 'Disconnect', body: { code: 'duplicate' } });
  expect(waitingOf(peers)).toEqual([]);
  receive(peers, 1, hello({ nonce: 150n }));
  expect(kinds(receive(peers, 1, ack))).toContain('ready');
  expect(kinds(peers.timer(startMs + 9_000))).not.toContain('dial');
});

test('a violation sends a dialled peer into ever longer waits, not into a loop', () => {
  const peers = newPeers({ connect: ['a:1'], limits: { ...defaultLimits('mainnet'), violationsForShortBan: 100 } });
  peers.start(startMs);
  let nowMs = startMs;
  const waitsMs: number[] = [];
  for (let id = 1; id <= 4; id++) {
    outbound(peers, id, 'a:1', 150, nowMs);
    receive(peers, id, hello(), nowMs);
    receive(peers, id, ack, nowMs);
    peers.violation(connectionOf(id), { code: 'malformed', detail: '' }, nowMs);
    peers.closed(connectionOf(id), 'closed-locally', false, nowMs);
    const nextTryMs = waitingOf(peers)[0]?.nextTryMs ?? Number.NaN;
    waitsMs.push(nextTryMs - nowMs);
    nowMs = nextTryMs;
    expect(kinds(peers.timer(nowMs))).toContain('dial');
  }
  expect(waitsMs).toEqual([5_000, 10_000, 20_000, 40_000]);
});

test('nobody is dialled while there is no room, and somebody as soon as there is', () => {
  const peers = newPeers({ connect: ['a:1'], limits: { ...defaultLimits('mainnet'), maxPeers: 1 } });
  readyInbound(peers, 1);
  expect(kinds(peers.start(startMs))).not.toContain('dial');
  expect(kinds(peers.disconnect(connectionOf(1), 'requested', startMs))).toContain('dial');
});

test('peers are in the order of their connections, with the heights that they announced last', () => {
  const peers = newPeers();
  for (const id of [3, 1, 2]) readyInbound(peers, id);
  expect(peers.ready().map(({ connection }) => connection)).toEqual([1, 2, 3]);
  peers.heightOf(connectionOf(2), 12, tipHash);
  expect(peers.ready().map(({ height }) => height)).toEqual([9, 12, 9]);
});

test('session messages are the first five of the protocol', () => {
  expect((['Hello', 'HelloAck', 'Ping', 'Pong', 'Disconnect'] as const).every(isSessionMessage)).toBe(true);
  expect((['GetBlockHeight', 'BlockVote', 'TransactionVotes'] as const).some(isSessionMessage)).toBe(false);
});

test('a clock that is set back to the very time when something is due sets the timer anew', () => {
  const peers = newPeers({ limits: defaultLimits('mainnet') });
  peers.start(startMs);
  peers.dialFailed('x:1', 'refused', startMs + 120_000);
  expect(timerOf(peers.dialFailed('x:1', 'refused', startMs + 115_000))).toBe(startMs + 115_000);
});
