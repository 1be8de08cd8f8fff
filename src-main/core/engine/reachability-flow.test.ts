import { describe, expect, test } from 'vitest';
import { defaultLimits } from '../../../src-shared/domain/net-limits.ts';
import type { ConnectionId } from '../net/connection-id.ts';
import { genesisOf, keyOf, TestNode } from './test-node.fixture.ts';

const genesis = genesisOf(1);
const listening = (limits = defaultLimits('devnet')): TestNode => new TestNode(genesis, 0, {}, { listenPort: 24_200, limits });
const seenAs = (observedAddress: string) => ({ hello: { observedAddress } });
const asked = (node: TestNode): { readonly to: ConnectionId | undefined; readonly nonce: bigint; readonly port: number }[] =>
  node.sent.flatMap(({ to, message }) => (message.type === 'DialBackRequest' ? [{ to: to[0], ...message.body }] : []));
const answer = (node: TestNode, connection: ConnectionId, reached: boolean, address = '203.0.113.7:24200'): void =>
  node.receive(connection, 'DialBackResult', { nonce: asked(node).findLast(({ to }) => to === connection)?.nonce ?? 0n, address, reached });

describe('a node that listens', () => {
  test('asks two peers soon after it has some, and again after an hour', () => {
    const node = listening();
    const [a, b, c] = [
      node.connect(1, 51, 0, { remoteAddress: '8.1.0.1:5000', ...seenAs('203.0.113.7:5000') }),
      node.connect(2, 52, 0, { remoteAddress: '8.1.0.2:5000' }),
      node.connect(3, 53, 0, { remoteAddress: '9.1.0.1:24200', dialed: 'node.example:24200' }),
    ];
    expect(node.engine.views.reachability().state).toBe('unknown');
    node.pass(10_000);
    // The one that it dialled comes first, the other is of another network.
    expect(asked(node).map(({ to, port }) => [to, port])).toEqual([
      [c, 24_200],
      [a, 24_200],
    ]);
    expect(node.engine.views.reachability().state).toBe('checking');
    answer(node, c, true);
    expect(node.engine.views.reachability().state).toBe('checking');
    answer(node, a, true);
    expect(node.engine.views.reachability()).toMatchObject({ state: 'reachable', address: '203.0.113.7:24200', checkedAtMs: node.nowMs });
    expect(node.events.filter(({ kind }) => kind === 'reachability')).toEqual([{ kind: 'reachability', reachable: true, address: '203.0.113.7:24200' }]);
    node.pass(3_599_000);
    expect(asked(node)).toHaveLength(2);
    node.pass(1_000);
    expect(asked(node)).toHaveLength(4);
    for (const peer of [a, b, c]) answer(node, peer, false);
    expect(node.engine.views.reachability().state).toBe('unreachable');
    expect(node.events.findLast(({ kind }) => kind === 'reachability')).toMatchObject({ reachable: false });
  });

  test('a clock that is set back a day does not put off the next look by a day', () => {
    const node = listening();
    const peer = node.connect(1, 51, 0, seenAs('203.0.113.7:5000'));
    node.input({ kind: 'check-reachability' });
    answer(node, peer, true);
    // The hour is over by a clock that only goes on; the other one was set meanwhile.
    node.nowMs -= 86_400_000 - 3_600_000;
    node.input({ kind: 'timer', timer: 'reachability' });
    expect(asked(node)).toHaveLength(2);
    // So it is while a look is under way: who does not answer is not waited for until then.
    node.nowMs -= 86_400_000;
    node.input({ kind: 'timer', timer: 'reachability' });
    expect(node.engine.views.reachability().state).toBe('reachable');
  });

  test('asks when it is told to, and not twice at once', () => {
    const node = listening();
    const peer = node.connect(1, 51, 0, seenAs('203.0.113.7:5000'));
    node.input({ kind: 'check-reachability' });
    node.input({ kind: 'check-reachability' });
    expect(asked(node)).toHaveLength(1);
    // Of another port: it was not this node that it tried.
    answer(node, peer, true, '203.0.113.7:80');
    expect(node.engine.views.reachability()).toMatchObject({ state: 'unknown', checkedAtMs: undefined });
    node.input({ kind: 'check-reachability' });
    answer(node, peer, true);
    expect(node.engine.views.reachability().state).toBe('reachable');
  });

  test('believes no answer of an address that is not its own: as peers see it, or as the router says', () => {
    for (const [address, state] of [
      ['198.51.100.1:24200', 'unknown'],
      ['look.example:24200', 'unknown'],
      ['203.0.113.7:24200', 'reachable'],
      ['203.0.113.9:24200', 'reachable'],
    ] as const) {
      const node = listening();
      const peer = node.connect(1, 51, 0, seenAs('203.0.113.7:5000'));
      node.connect(2, 52, 0, seenAs('look.example:5000'));
      node.input({ kind: 'port-mapped', external: { host: '203.0.113.9', port: 24_200 } });
      node.input({ kind: 'check-reachability' });
      answer(node, peer, true, address);
      node.pass(15_000);
      expect(node.engine.views.reachability().state, address).toBe(state);
    }
  });

  test('does not wait for who is silent or gone', () => {
    const node = listening();
    node.connect(1, 51);
    const leaver = node.connect(2, 52);
    node.input({ kind: 'check-reachability' });
    node.input({ kind: 'closed', connection: leaver, reason: 'reset', offence: false });
    node.pass(14_999);
    expect(node.engine.views.reachability().state).toBe('checking');
    node.pass(1);
    expect(node.engine.views.reachability().state).toBe('unknown');
    // Nobody could say: it is tried again sooner.
    node.pass(300_000);
    expect(asked(node)).toHaveLength(3);
  });

  test('asks peers on the Internet where there are any, since others see it from inside', () => {
    const node = listening();
    node.connect(1, 51, 0, { remoteAddress: '192.168.1.5:5000' });
    const outside = node.connect(2, 52, 0, { remoteAddress: '8.8.8.8:5000' });
    node.input({ kind: 'check-reachability' });
    expect(asked(node).map(({ to }) => to)).toEqual([outside]);
  });

  test('tells and checks the port that the router maps', () => {
    const node = listening();
    node.connect(1, 51, 0, seenAs('203.0.113.7:5000'));
    expect(node.engine.views.reachability()).toMatchObject({ address: '203.0.113.7:24200', mapped: undefined });
    node.input({ kind: 'port-mapped', external: { host: '203.0.113.9', port: 30_000 } });
    expect(node.engine.views.reachability()).toMatchObject({ address: '203.0.113.9:30000', mapped: { host: '203.0.113.9', port: 30_000 } });
    node.pass(10_000);
    expect(asked(node).map(({ port }) => port)).toEqual([30_000]);
    node.connect(2, 52);
    expect(node.sentOf('Hello').map(({ listenPort }) => listenPort)).toEqual([24_200, 30_000]);
    node.input({ kind: 'port-mapped', external: undefined });
    node.connect(3, 53);
    expect(node.sentOf('Hello').at(-1)?.listenPort).toBe(24_200);
  });

  test('shows what peers see it as, by how many', () => {
    const node = listening();
    for (const [index, address] of ['203.0.113.7:1', '203.0.113.8:2', '203.0.113.7:3', 'no address'].entries())
      node.connect(index + 1, 51 + index, 0, seenAs(address));
    expect(node.engine.views.reachability().observed).toEqual([
      { host: '203.0.113.7', peers: 2 },
      { host: '203.0.113.8', peers: 1 },
    ]);
  });
});

test('a node that does not listen asks nobody', () => {
  const node = new TestNode(genesis, 0);
  node.connect(1, 51);
  node.input({ kind: 'check-reachability' });
  node.input({ kind: 'port-mapped', external: { host: '203.0.113.9', port: 30_000 } });
  node.pass(20_000);
  expect(asked(node)).toEqual([]);
  expect(node.engine.views.reachability().state).toBe('not-listening');
});

describe('a peer that asks to be dialled', () => {
  const results = (node: TestNode) => node.sentOf('DialBackResult');

  test('is dialled at its own address and the port it names, and told what came of it', () => {
    const node = listening();
    // Whatever name it was dialled by: the socket knows where it is.
    const peer = node.connect(1, 51, 0, { remoteAddress: '203.0.113.7:24200', dialed: 'victim.example:24200' });
    node.receive(peer, 'DialBackRequest', { nonce: 5n, port: 30_000 });
    const [probe] = node.probes;
    expect(probe).toMatchObject({ address: '203.0.113.7:30000', nodeId: keyOf(51).nodeId });
    expect(results(node)).toEqual([]);
    const request = probe?.request ?? 0;
    node.input({ kind: 'probed', request, reached: true });
    node.input({ kind: 'probed', request, reached: true });
    expect(results(node)).toEqual([{ nonce: 5n, address: '203.0.113.7:30000', reached: true }]);
  });

  test('is told so at once where that is too often, or the port a service of the system', () => {
    const node = listening();
    const peer = node.connect(1, 51, 0, { remoteAddress: '203.0.113.7:5000', hello: { listenPort: 443 } });
    // The address that it listens at is looked at anyway.
    node.probes.length = 0;
    for (const port of [0, 22, 1_023]) node.receive(peer, 'DialBackRequest', { nonce: BigInt(port), port });
    expect(node.probes).toEqual([]);
    expect(results(node)).toEqual([0n, 22n, 1_023n].map((nonce) => ({ nonce, address: '', reached: false })));
    // It said from the beginning that it listens there.
    node.receive(peer, 'DialBackRequest', { nonce: 1n, port: 443 });
    node.receive(peer, 'DialBackRequest', { nonce: 2n, port: 443 });
    expect(node.probes.map(({ address }) => address)).toEqual(['203.0.113.7:443']);
    expect(results(node).at(-1)).toEqual({ nonce: 2n, address: '', reached: false });
  });

  test('through a proxy on this machine is not, where addresses mean something', () => {
    for (const [network, probes] of [
      ['devnet', 1],
      ['mainnet', 0],
    ] as const) {
      const node = listening(defaultLimits(network));
      const peer = node.connect(1, 51, 0, { remoteAddress: '127.0.0.1:5000' });
      node.receive(peer, 'DialBackRequest', { nonce: 1n, port: 30_000 });
      expect(node.probes).toHaveLength(probes);
    }
  });

  test('and leaves meanwhile is forgotten', () => {
    const node = listening();
    const peer = node.connect(1, 51, 0, { remoteAddress: '203.0.113.7:5000' });
    node.receive(peer, 'DialBackRequest', { nonce: 1n, port: 30_000 });
    node.input({ kind: 'closed', connection: peer, reason: 'reset', offence: false });
    node.input({ kind: 'probed', request: node.probes[0]?.request ?? 0, reached: true });
    expect(results(node)).toEqual([]);
  });
});
