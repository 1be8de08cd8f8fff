import type { Hello } from '../../src-main/core/codec/message.ts';
import { HostilePeer } from './hostile-peer.ts';
import type { TestNode } from './node.ts';

/** So many peers that say this of themselves and answer whether they are there. Resolves, when the node has them, with what ends them. */
export async function answeringPeers(node: TestNode, count: number, changed: Partial<Hello>): Promise<() => void> {
  const peers = await Promise.all(Array.from({ length: count }, () => HostilePeer.ready(node, changed)));
  const answering = setInterval(() => {
    for (const peer of peers)
      for (const message of peer.received.splice(0))
        if (message.type === 'Ping') peer.say({ type: 'Pong', body: { nonce: message.body.nonce, time: Date.now() } });
  }, 200);
  return () => {
    clearInterval(answering);
    for (const peer of peers) peer.socket.destroy();
  };
}
