import { expect, test } from 'vitest';
import type { Message } from '../codec/message.ts';
import type { EngineEvent } from '../events.ts';
import type { StoreOperation } from '../store-operation.ts';
import { connectionOf, genesisHash, nodeIdOf, peersOptions, tipHash } from './fake-network.fixture.ts';
import { Peers } from './peers.ts';
import type { PeersOptions, PeersOutput } from './peers-options.ts';

const minute = 60_000;
const malformed = { code: 'malformed', detail: 'bytes' } as const;

function newPeers(change: Partial<PeersOptions> = {}): Peers {
  const peers = new Peers(peersOptions(change));
  peers.setTip(7, tipHash);
  peers.start(0);
  return peers;
}
/** Answers what was done from the connection to the Hello's answer. */
function knock(peers: Peers, id: number, key: number, nowMs: number, host = `203.0.113.${id}`): PeersOutput[] {
  const connection = connectionOf(id);
  const hello: Message = {
    type: 'Hello',
    body: {
      magic: 'TIME',
      protocolVersion: 1,
      network: 2,
      genesisHash,
      userAgent: '',
      listenPort: 0,
      services: 0,
      height: 0,
      tipHash,
      time: nowMs,
      observedAddress: '',
      nonce: BigInt(key),
    },
  };
  return [
    ...peers.connected({ kind: 'connected', connection, direction: 'inbound', remoteKey: nodeIdOf(key), remoteAddress: `${host}:5`, dialed: undefined }, nowMs),
    ...peers.session(connection, hello, nowMs),
    ...peers.session(connection, { type: 'HelloAck', body: { refusal: undefined } }, nowMs),
  ];
}
const events = (outputs: readonly PeersOutput[]): EngineEvent[] => outputs.flatMap((output) => (output.kind === 'publish' ? [output.event] : []));
const stored = (outputs: readonly PeersOutput[]): StoreOperation[] => outputs.flatMap((output) => (output.kind === 'persist' ? output.operations : []));
const ended = (outputs: readonly PeersOutput[]): string[] =>
  outputs.flatMap((output) => (output.kind === 'disconnect' ? [`${output.connection} ${output.code}`] : []));

test('the third violation bans: stored, told, refused while it lasts, let in when it is over', () => {
  const peers = newPeers();
  for (const id of [1, 2]) {
    knock(peers, id, 5, 0);
    expect(stored(peers.violation(connectionOf(id), malformed, 0))).toEqual([]);
  }
  knock(peers, 3, 5, 0);
  const last = peers.violation(connectionOf(3), malformed, 0);
  const ban = { subject: { kind: 'node', nodeId: nodeIdOf(5) }, createdMs: 0, untilMs: 5 * minute, reason: 'malformed', by: 'violations' };
  expect(stored(last)).toEqual([{ kind: 'put-ban', ban }]);
  expect(events(last)).toContainEqual({ kind: 'banned', ban });
  expect(ended(last)).toEqual(['3 violation']);
  expect(ended(knock(peers, 4, 5, minute))).toEqual(['4 banned']);
  expect([peers.bans(), peers.violations().length]).toEqual([[ban], 3]);
  const over = peers.timer(5 * minute);
  expect(stored(over)).toEqual([{ kind: 'remove-bans', subjects: [ban.subject] }]);
  expect(events(over)).toEqual([{ kind: 'ban-ended', subject: ban.subject, by: 'time' }]);
  expect(ended(knock(peers, 5, 5, 5 * minute))).toEqual([]);
  expect(peers.peer(connectionOf(5))?.violations).toBe(3);
});

test('what may be in good faith ends nothing and counts for nothing', () => {
  const peers = newPeers();
  knock(peers, 1, 5, 0);
  expect(peers.violation(connectionOf(1), { code: 'missing-input', detail: '' }, 0)).toEqual([]);
  expect([peers.isReady(connectionOf(1)), peers.violations()]).toEqual([true, []]);
});

test('an operator bans a network: all its peers go, and come back when it is lifted', () => {
  const peers = newPeers();
  for (const [id, host] of [
    [1, '203.0.113.1'],
    [2, '203.0.113.2'],
    [3, '198.51.100.1'],
  ] as const)
    knock(peers, id, id + 10, 0, host);
  const subject = { kind: 'network', subnet: '203.0.113.0/24' } as const;
  expect(ended(peers.setBan(subject, undefined, 'unwanted', 0))).toEqual(['1 banned', '2 banned']);
  expect(ended(knock(peers, 4, 11, 1))).toEqual(['4 banned']);
  expect(events(peers.clearBans([subject], 2))).toEqual([{ kind: 'ban-ended', subject, by: 'operator' }]);
  expect(ended(knock(peers, 5, 11, 3))).toEqual([]);
  expect(peers.clearBans(undefined, 4)).toEqual([]);
});

test('bans hold after a restart, and one whose time has passed meanwhile ends at once', () => {
  const ban = { createdMs: 0, reason: 'unwanted', by: 'operator' } as const;
  const [first, second] = [11, 12].map((key) => ({ kind: 'node', nodeId: nodeIdOf(key) }) as const);
  if (first === undefined || second === undefined) throw new Error('two');
  const peers = new Peers(
    peersOptions({
      bans: [
        { ...ban, subject: first, untilMs: 10 },
        { ...ban, subject: second, untilMs: undefined },
      ],
    }),
  );
  peers.setTip(7, tipHash);
  const timer = peers.start(20).find((output) => output.kind === 'set-timer');
  expect(timer?.kind === 'set-timer' && timer.atMs).toBe(10);
  expect(stored(peers.timer(20))).toEqual([{ kind: 'remove-bans', subjects: [first] }]);
  expect([ended(knock(peers, 1, 11, 20)), ended(knock(peers, 2, 12, 20))]).toEqual([[], ['2 banned']]);
});

test('a connection that ends because its bytes were no frames is a violation of who is at its other end', () => {
  const peers = newPeers();
  for (const id of [1, 2, 3]) {
    knock(peers, id, 5, 0);
    peers.closed(connectionOf(id), 'frame-too-large', true, 0);
  }
  expect(peers.violations().map(({ code, detail }) => `${code} ${detail}`)).toEqual(Array(3).fill('bad-frame frame-too-large'));
  expect(ended(knock(peers, 4, 5, 1))).toEqual(['4 banned']);
  knock(peers, 5, 6, 1);
  peers.closed(connectionOf(5), 'it left', false, 1);
  expect(peers.violations().length).toBe(3);
});
