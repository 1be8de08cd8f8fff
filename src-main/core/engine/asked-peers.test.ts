import { expect, test } from 'vitest';
import { genesisOf, TestNode } from './test-node.fixture.ts';

test('the addresses that this node asked for are welcome, however often a peer comes back', () => {
  const node = new TestNode(genesisOf(4), 0);
  for (let time = 1; time <= 20; time++) {
    const connection = node.connect(time, 1);
    expect(node.sentOf('GetPeers')).toHaveLength(time);
    node.receive(connection, 'GetPeers', {});
    node.receive(connection, 'Peers', { peers: [{ address: `93.184.216.${time}:24200`, nodeId: undefined }] });
    node.input({ kind: 'closed', connection, reason: 'reset', offence: false });
  }
  expect(node.events.filter(({ kind }) => kind === 'rate-limited')).toEqual([]);
});
