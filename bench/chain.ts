import { type BlockCertificate, type BlockHeader, type HashedBlock, hashBlock, hashCertificate } from '../src-main/core/codec/block.ts';
import { blockVoteMessage } from '../src-main/core/codec/block-vote.ts';
import type { Coin } from '../src-main/core/codec/coin.ts';
import { encodeSetElement } from '../src-main/core/codec/coin.ts';
import { type MessageBodies, maxBlocksPerMessage } from '../src-main/core/codec/message.ts';
import { ProposerSequence } from '../src-main/core/consensus/proposer.ts';
import { blockVersion, maxMessageBytes } from '../src-main/core/constants.ts';
import { combineMuHash, decodeMuHash, deltaOf, emptyMuHash, finalizeMuHash } from '../src-main/core/crypto/muhash.ts';
import { BlockTransition } from '../src-main/core/ledger/apply-block.ts';
import { transactionsRootOf } from '../src-main/core/ledger/check-block.ts';
import { RegistryTransition } from '../src-main/core/masternodes/registry-transition.ts';
import { paramsOf } from '../src-main/core/params.ts';
import { nodeKeyOf } from '../src-main/node/keys/node-key.ts';
import type { BlockHash, OutpointKey } from '../src-shared/domain/ids.ts';
import { outpointKey } from '../src-shared/domain/ids.ts';
import { type BenchGenesis, coinUnits, makeBenchGenesis } from './bench-network.ts';
import { payOn } from './payments.ts';

/** Protocol section 9. */
export const chainBlocks = 100;
export const transactionsPerBlock = 500;
export const chainMembers = 4;

export interface Decided {
  readonly block: HashedBlock;
  readonly certificate: BlockCertificate;
}

/** A devnet that has stood still for as long as the chain lasts. */
export const makeChainGenesis = (): Promise<BenchGenesis> => makeBenchGenesis(chainMembers, (chainBlocks + 10) * paramsOf.devnet.blockIntervalMs);

/** What an honest peer answers: as many blocks as fit one message. */
export function blocksOf(chain: readonly Decided[], from: number, count: number): MessageBodies['Blocks'] {
  const list: Uint8Array[] = [];
  let bytes = 0;
  let certificate: BlockCertificate | undefined;
  for (const { block, certificate: of } of chain.slice(from - 1, from - 1 + Math.min(count, maxBlocksPerMessage))) {
    bytes += block.encoded.length;
    if (bytes > maxMessageBytes - 200_000) break;
    list.push(block.encoded);
    certificate = of;
  }
  return { from, blocks: list, certificate };
}

/** Every block pays a coin of each of its transactions on: the outputs of one are the inputs of the next. */
export function makeChain(bench: BenchGenesis): Decided[] {
  const { genesis } = bench;
  const params = paramsOf.devnet;
  const snapshot = genesis.registry.snapshot;
  const keys = new Map(bench.nodeSeeds.map((seed) => nodeKeyOf(seed)).map((key) => [key.nodeId, key]));
  const proposers = new ProposerSequence(snapshot, 1);
  let { registry } = genesis;
  const coins = new Map<OutpointKey, Coin>(genesis.coins.map(({ outpoint, coin }) => [outpointKey(outpoint), coin]));
  let spendable = genesis.coins.filter(({ coin }) => coin.amount === coinUnits).slice(0, transactionsPerBlock);
  let set = decodeMuHash(genesis.setHashState) ?? emptyMuHash;
  let parent: { hash: BlockHash; time: number; certificate: BlockCertificate | undefined } = {
    hash: genesis.block.hash,
    time: genesis.time,
    certificate: undefined,
  };
  const chain: Decided[] = [];
  for (let height = 1; height <= chainBlocks; height++) {
    const time = genesis.time + height * params.blockIntervalMs;
    const proposer = proposers.at(height, 0);
    const transition = new BlockTransition(
      {
        coins: { coin: (key) => coins.get(key) },
        snapshot,
        eligible: () => true,
        params,
        genesisTime: genesis.time,
        parentTime: parent.time,
        terms: new RegistryTransition(registry, height),
      },
      height,
    );
    const paid = spendable.map(({ outpoint, coin }) => payOn(bench, outpoint, coin.amount));
    for (const one of paid) {
      const rejection = transition.add(one);
      if (rejection !== undefined) throw new Error(`${rejection.code} ${rejection.detail}`);
    }
    const coinbase = transition.coinbase(time, proposer);
    const { changes } = transition.finish(coinbase);
    const elements = (list: typeof changes.added): Uint8Array[] => list.map(({ outpoint, coin }) => encodeSetElement(outpoint, coin));
    set = combineMuHash(set, deltaOf(elements(changes.added), elements(changes.removed)));
    for (const { outpoint } of changes.removed) coins.delete(outpointKey(outpoint));
    for (const { outpoint, coin } of changes.added) coins.set(outpointKey(outpoint), coin);
    spendable = changes.added.filter(({ coin }) => !coin.coinbase);
    const body = [coinbase, ...paid];
    registry = registry.after(
      {
        height,
        previousHash: parent.hash,
        timeMs: time,
        isSlotBlock: true,
        closesEpoch: false,
        certificateSigners: parent.certificate?.precommits.map(({ nodeId }) => nodeId) ?? [],
        lateSigners: [],
        operations: [],
      },
      params.epochSlotBlocks,
    );
    const header: BlockHeader = {
      version: blockVersion,
      height,
      previousHash: parent.hash,
      time,
      round: 0,
      proposer,
      closesEpoch: false,
      transactionsRoot: transactionsRootOf(body),
      utxoSetHash: finalizeMuHash(set),
      registryHash: registry.hash,
      snapshotHash: snapshot.hash,
      previousCertificateHash: hashCertificate(parent.certificate),
    };
    const block = hashBlock(header, parent.certificate, body);
    const message = blockVoteMessage(genesis.hash, { height, round: 0, phase: 'precommit', blockHash: block.hash });
    const precommits = snapshot.members.map(({ nodeId }) => ({ nodeId, signature: keys.get(nodeId)?.sign(message) ?? new Uint8Array(64) }));
    const certificate = { height, round: 0, blockHash: block.hash, precommits };
    chain.push({ block, certificate });
    parent = { hash: block.hash, time, certificate };
  }
  return chain;
}
