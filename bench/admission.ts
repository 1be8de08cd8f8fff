import { BenchNode, makeBenchGenesis } from './bench-network.ts';
import { payments } from './payments.ts';
import { RawPeer } from './raw-peer.ts';
import type { Figure } from './result.ts';

const perMessage = 100;
const warmUp = 2_000;
/** With the warm-up just under what a mempool holds. */
const measured = 7_900;
/** What one peer may send is not measured here. */
const unlimited = 1_000_000;
/** architecture.md, and what the event loop is held to. */
const maxLoopDelayMs = 50;

/** Transfers that a peer sends as fast as the socket takes them, until the node has checked, verified, stored and voted on them. */
export async function admission(signaturesPerSecond: number): Promise<Figure[]> {
  const { perSecond, cpuMs } = await flood(4, undefined);
  return [
    { name: 'admitted a second', value: perSecond, unit: '1/s', limit: { what: 'signatures verified on one core', value: signaturesPerSecond } },
    { name: 'CPU per transaction, all threads', value: (cpuMs * 1_000) / measured, unit: 'µs' },
  ];
}

/** The same with the only masternode of its network: every transaction becomes final, and blocks are full. */
export async function loopDelay(syncDelayMs: number): Promise<Figure[]> {
  const { loopDelayP99Ms, loopDelayMaxMs, inBlocks, perSecond } = await flood(1, syncDelayMs);
  const disk = syncDelayMs === 0 ? '' : `, disk that syncs in ${syncDelayMs} ms`;
  return [
    { name: `event loop delay, p99${disk}`, value: loopDelayP99Ms, unit: 'ms', limit: { what: 'at most', value: maxLoopDelayMs } },
    { name: `event loop delay, longest${disk}`, value: loopDelayMaxMs, unit: 'ms' },
    { name: `admitted a second${disk}`, value: perSecond, unit: '1/s' },
    { name: `transactions in blocks${disk}`, value: inBlocks, unit: '' },
  ];
}

async function flood(members: number, syncDelayMs: number | undefined) {
  const bench = await makeBenchGenesis(members);
  const node = new BenchNode(bench, {
    index: 0,
    connect: [],
    masternode: true,
    limits: { transactionsPerSecond: unlimited },
    ...(syncDelayMs === undefined ? {} : { syncDelayMs }),
  });
  const peer = new RawPeer(bench);
  try {
    await node.next('ready');
    await peer.dial(node.address);
    await node.ask({ kind: 'await-peers', count: 1 }, 'peers');
    const encoded = payments(bench, 0, warmUp + measured).map((one) => one.encoded);
    const send = async (from: number, to: number): Promise<number> => {
      const admitted = node.ask({ kind: 'await-admitted', count: to }, 'admitted');
      const startMs = performance.now();
      for (let at = from; at < to; at += perMessage)
        peer.send({ type: 'TransactionBroadcast', body: { transactions: encoded.slice(at, Math.min(to, at + perMessage)) } });
      await admitted;
      return performance.now() - startMs;
    };
    await send(0, warmUp);
    node.tell({ kind: 'reset', loopDelay: true });
    const elapsedMs = await send(warmUp, warmUp + measured);
    // What is final fills a block, which is built, checked and applied now.
    if (members === 1) await node.ask({ kind: 'await-height', height: 1 }, 'height');
    const { loopDelayP99Ms, loopDelayMaxMs, cpuMs, transactionsInBlocks } = await node.ask({ kind: 'measure' }, 'measured');
    return { perSecond: (measured * 1_000) / elapsedMs, loopDelayP99Ms, loopDelayMaxMs, cpuMs, inBlocks: transactionsInBlocks };
  } finally {
    await peer.stop();
    await node.stop();
    bench.remove();
  }
}
