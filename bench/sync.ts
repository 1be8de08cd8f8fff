import { randomBytes } from 'node:crypto';
import type { MessageBodies } from '../src-main/core/codec/message.ts';
import type { BlockHash } from '../src-shared/domain/ids.ts';
import { BenchNode } from './bench-network.ts';
import { blocksOf, chainBlocks, chainMembers, type Decided, makeChain, makeChainGenesis, transactionsPerBlock } from './chain.ts';
import { RawPeer } from './raw-peer.ts';
import type { Figure } from './result.ts';

/** Protocol section 9. */
const withinSeconds = 5;
const slowMs = 2_000;

/** What a peer that is asked for blocks does. */
interface Server {
  /** More than it has. */
  readonly claimsBeyond: number;
  readonly afterMs: number;
  readonly blocks: (honest: MessageBodies['Blocks']) => MessageBodies['Blocks'];
}
const good: Server = { claimsBeyond: 0, afterMs: 0, blocks: (honest) => honest };
const slow: Server = { ...good, afterMs: slowMs };
/** Blocks that decode, link and are certified, but for a byte in the last one's last signature: the dearest lie to find. */
const lying: Server = {
  claimsBeyond: 1_000,
  afterMs: 0,
  blocks: (honest) => ({ ...honest, blocks: honest.blocks.map((block, index) => (index === honest.blocks.length - 1 ? withLastByteChanged(block) : block)) }),
};

/** A new node fetches a chain from one peer that has it ready in memory; from the first request until the last block is decided. */
export const sync = (): Promise<Figure[]> => syncFrom([good]);
/** The same from five, of which those that connect first, and so are asked first, are slow and lying. */
export const syncAmongHostile = (): Promise<Figure[]> => syncFrom([slow, lying, good, good, good]);

async function syncFrom(servers: readonly Server[]): Promise<Figure[]> {
  const bench = await makeChainGenesis();
  const chain = makeChain(bench);
  const node = new BenchNode(bench, { index: chainMembers, connect: [], masternode: false });
  let startMs: number | undefined;
  const peers = servers.map((server) => newPeer(bench, chain, server, () => (startMs ??= Date.now())));
  try {
    await node.next('ready');
    const reached = node.ask({ kind: 'await-height', height: chainBlocks }, 'height');
    node.tell({ kind: 'reset', loopDelay: true });
    for (const peer of peers) await peer.dial(node.address);
    const { atMs } = await reached;
    const { cpuMs, loopDelayP99Ms } = await node.ask({ kind: 'measure' }, 'measured');
    const seconds = (atMs - (startMs ?? atMs)) / 1_000;
    return [
      { name: `${chainBlocks} blocks of ${transactionsPerBlock} transactions`, value: seconds, unit: 's', limit: { what: 'target', value: withinSeconds } },
      { name: 'transactions a second', value: (chainBlocks * transactionsPerBlock) / seconds, unit: '1/s' },
      { name: 'CPU per transaction, all threads', value: (cpuMs * 1_000) / (chainBlocks * transactionsPerBlock), unit: 'µs' },
      { name: 'event loop delay, p99', value: loopDelayP99Ms, unit: 'ms' },
    ];
  } finally {
    await Promise.all(peers.map((peer) => peer.stop()));
    await node.stop();
    bench.remove();
  }
}

function newPeer(bench: Parameters<typeof makeChain>[0], chain: readonly Decided[], server: Server, onAsked: () => void): RawPeer {
  const tip = chain.at(-1)?.block;
  if (tip === undefined) throw new Error('a chain has a tip');
  const { claimsBeyond, afterMs, blocks } = server;
  const hash = claimsBeyond === 0 ? tip.hash : (randomBytes(32).toString('hex') as BlockHash);
  const peer = new RawPeer(bench, { height: tip.header.height + claimsBeyond, hash });
  peer.onMessage = ({ type, body }) => {
    if (type !== 'GetBlocks') return;
    onAsked();
    const answer = blocks(blocksOf(chain, body.from, body.count));
    setTimeout(() => peer.send({ type: 'Blocks', body: answer }), afterMs);
  };
  return peer;
}

function withLastByteChanged(block: Uint8Array): Uint8Array {
  const changed = block.slice();
  changed[changed.length - 1] = (changed[changed.length - 1] ?? 0) ^ 1;
  return changed;
}
