import type { BlockHash, Hash, NodeId } from '../../../src-shared/domain/ids.ts';
import type { BlockHeader, HashedBlock } from '../codec/block.ts';
import { isMasternodeKind, type MasternodePayload } from '../codec/masternode-payload.ts';
import { decodeTransaction, kindOfEncoded } from '../codec/transaction.ts';
import type { ApplyContext } from '../ledger/apply-block.ts';
import { type BlockContext, isSlotBlock } from '../ledger/check-block.ts';
import { masternodePayloadOf } from '../masternodes/check-masternode.ts';
import { mayCloseEpoch } from '../masternodes/epoch-close.ts';
import { checkLatePrecommits } from '../masternodes/late-precommits.ts';
import type { Registry } from '../masternodes/registry.ts';
import { RegistryTransition } from '../masternodes/registry-transition.ts';
import { type Params, slotOf } from '../params.ts';
import type { CoinSource } from '../ports.ts';

/** What a block's rules take from the chain before it: of the tip for who decides, of any height for who goes over the chain again. */
export interface ChainPoint {
  readonly tip: { readonly height: number; readonly hash: BlockHash; readonly timeMs: number };
  /** After the tip. */
  readonly registry: Registry;
}
export interface ChainRules {
  readonly genesis: { readonly hash: Hash; readonly time: number };
  readonly params: Params;
}

/** Of a block without its coins: `checkBlock`. `proposerOf`: of the block's height. */
export const blockContextOf = ({ tip, registry }: ChainPoint, { genesis, params }: ChainRules, proposerOf: (round: number) => NodeId): BlockContext => ({
  parent: { height: tip.height, hash: tip.hash, time: tip.timeMs },
  snapshot: registry.snapshot,
  parentSnapshot: registry.parentSnapshot(tip.height),
  mayClose: (timeMs) => mayCloseEpoch(registry, genesis.time, params, timeMs),
  checkLate: (block) => checkLatePrecommits(block, registry),
  proposerOf,
  genesisTime: genesis.time,
  params,
});

/** Of what a block does to the coins; `terms` gathers what its masternode transactions do. */
export const applyContextOf = (
  { tip, registry }: ChainPoint,
  { genesis, params }: ChainRules,
  coins: CoinSource,
): ApplyContext & { readonly terms: RegistryTransition } => ({
  coins,
  snapshot: registry.snapshot,
  eligible: (member) => registry.isEligible(member),
  params,
  genesisTime: genesis.time,
  parentTime: tip.timeMs,
  terms: new RegistryTransition(registry, tip.height + 1),
});

/** The registry after a block with these masternode transactions. */
export const registryAfter = (
  { tip, registry }: ChainPoint,
  { genesis, params }: ChainRules,
  {
    header,
    previousCertificate,
    latePrecommits,
  }: Pick<HashedBlock, 'previousCertificate' | 'latePrecommits'> & { readonly header: Pick<BlockHeader, 'time' | 'closesEpoch'> },
  operations: readonly MasternodePayload[],
): Registry =>
  registry.after(
    {
      height: tip.height + 1,
      previousHash: tip.hash,
      timeMs: header.time,
      isSlotBlock: isSlotBlock({ params, genesisTime: genesis.time }, tip.timeMs, header.time),
      closesEpoch: header.closesEpoch,
      certificateSigners: previousCertificate?.precommits.map(({ nodeId }) => nodeId) ?? [],
      lateSigners: latePrecommits,
      operations,
    },
    params.epochSlotBlocks,
  );

/** What the masternode transactions of a block do, in its order. Throws what decoding them throws. */
export const operationsIn = (transactions: readonly Uint8Array[]): readonly MasternodePayload[] =>
  transactions.flatMap((encoded) => {
    const kind = kindOfEncoded(encoded);
    return kind !== undefined && isMasternodeKind(kind) ? (masternodePayloadOf(decodeTransaction(encoded)) ?? []) : [];
  });

/** When the slot after the tip's begins. */
export const nextSlotMs = ({ timeMs }: Pick<ChainPoint['tip'], 'timeMs'>, { genesis, params }: ChainRules): number =>
  genesis.time + (slotOf(params, genesis.time, timeMs) + 1) * params.blockIntervalMs;
