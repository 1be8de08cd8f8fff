<<<<<<< ours
import { type BlockCertificate, type BlockHeader, type HashedBlock, hashBlock, hashCertificate } from '../src-main/core/codec/block.ts';
import { blockVoteMessage } from '../src-main/core/codec/block-vote.ts';
import type { Coin } from '../src-main/core/codec/coin.ts';
import { encodeSetElement } from '../src-main/core/codec/coin.ts';
import { maxBlocksPerMessage } from '../src-main/core/codec/message.ts';
import { ProposerSequence } from '../src-main/core/consensus/proposer.ts';
import { blockVersion, maxMessageBytes } from '../src-main/core/constants.ts';
import { combineMuHash, decodeMuHash, deltaOf, emptyMuHash, finalizeMuHash } from '../src-main/core/crypto/muhash.ts';
import { BlockTransition } from '../src-main/core/ledger/apply-block.ts';
import { transactionsRootOf } from '../src-main/core/ledger/check-block.ts';
import { paramsOf } from '../src-main/core/params.ts';
import { nodeKeyOf } from '../src-main/node/keys/node-key.ts';
import type { BlockHash, OutpointKey } from '../src-shared/domain/ids.ts';
import { outpointKey } from '../src-shared/domain/ids.ts';
import { type BenchGenesis, BenchNode, coinUnits, makeBenchGenesis } from './bench-network.ts';
import { payOn } from './payments.ts';
=======
import { randomBytes } from 'node:crypto';
import type { MessageBodies } from '../src-main/core/codec/message.ts';
import type { BlockHash } from '../src-shared/domain/ids.ts';
import { BenchNode } from './bench-network.ts';
import { blocksOf, chainBlocks, chainMembers, type Decided, makeChain, makeChainGenesis, transactionsPerBlock } from './chain.ts';
>>>>>>> theirs
import { RawPeer } from './raw-peer.ts';
import type { Figure } from './result.ts';

/** Protocol section 9. */
const withinSeconds = 5;
<<<<<<< ours
const members = 4;
=======
const slowMs = 2_000;
>>>>>>> theirs

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
<<<<<<< ours
    await peer.dial(node.address);
    const reached = node.ask({ kind: 'await-height', height: blocks }, 'height');
    let startMs: number | undefined;
    peer.onMessage = (message) => {
      if (message.type !== 'GetBlocks') return;
      startMs ??= Date.now();
      serve(peer, chain, message.body.from, message.body.count);
    };
    node.tell({ kind: 'reset', loopDelay: true });
    // A request that came with the end of the handshake has been missed.
    peer.send({ type: 'BlockAnnouncement', body: { height: tip.header.height, tipHash: tip.hash } });
=======
    const reached = node.ask({ kind: 'await-height', height: chainBlocks }, 'height');
    node.tell({ kind: 'reset' });
    for (const peer of peers) await peer.dial(node.address);
>>>>>>> theirs
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
    console.log(Date.now(), server === slow ? 'slow' : server === lying ? 'lying' : 'good', body.from, body.count, answer.blocks.length);
    setTimeout(() => peer.send({ type: 'Blocks', body: answer }), afterMs);
  };
  return peer;
}
<<<<<<< ours
=======

function withLastByteChanged(block: Uint8Array): Uint8Array {
  const changed = block.slice();
  changed[changed.length - 1] = (changed[changed.length - 1] ?? 0) ^ 1;
  return changed;
}
>>>>>>> theirs
