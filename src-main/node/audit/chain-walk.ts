import type { BlockHash, Hash, NodeId } from '../../../src-shared/domain/ids.ts';
import type { NetworkName } from '../../../src-shared/domain/networks.ts';
import { type Block, decodeBlockParts } from '../../core/codec/block.ts';
import { slotRewardUnits } from '../../core/constants.ts';
import { type ChainPoint, type ChainRules, operationsIn, registryAfter } from '../../core/engine/block-rules.ts';
import { EpochProposers } from '../../core/engine/epoch-proposers.ts';
import type { Genesis } from '../../core/genesis.ts';
import { isSlotBlock } from '../../core/ledger/check-block.ts';
import { decodeRegistryState, encodeRegistryState } from '../../core/masternodes/registry-state.ts';
import { paramsOf } from '../../core/params.ts';
import { OperationalError } from '../operational-error.ts';
import type { ChainRows } from './chain-rows.ts';

/** What an audit needs of a genesis, as it crosses to its thread. */
export interface AuditGenesis {
  readonly network: NetworkName;
  readonly hash: Hash;
  readonly timeMs: number;
  readonly blockHash: BlockHash;
  /** Encoded. */
  readonly registry: Uint8Array;
  /** Units, of all its coins. */
  readonly units: bigint;
}

export const auditGenesisOf = ({ network, hash, time, block, registry, coins }: Genesis): AuditGenesis => ({
  network,
  hash,
  timeMs: time,
  blockHash: block.hash,
  registry: encodeRegistryState(registry),
  units: coins.reduce((sum, { coin }) => sum + coin.amount, 0n),
});

/**
 * The chain once more from its genesis on, block after block, as far as it follows from blocks alone: the registry with its epochs and snapshots, who
 * proposes, and what is issued. Who steps with blocks that break the rules of the registry gets an InvariantError, or a state that no header has.
 */
export class ChainWalk {
  readonly rules: ChainRules;
  #point: ChainPoint;
  #issuedUnits: bigint;
  readonly #proposers: EpochProposers;

  constructor({ network, hash, timeMs, blockHash, registry, units }: AuditGenesis) {
    this.rules = { genesis: { hash, time: timeMs }, params: paramsOf[network] };
    this.#point = { tip: { height: 0, hash: blockHash, timeMs }, registry: decodeRegistryState(registry) };
    this.#issuedUnits = units;
    const registryNow = (): ChainPoint['registry'] => this.#point.registry;
    this.#proposers = new EpochProposers({
      get registry() {
        return registryNow();
      },
    });
  }

  /** After the blocks so far. */
  get point(): ChainPoint {
    return this.#point;
  }
  /** By the genesis and all blocks so far; fees only change hands. */
  get issuedUnits(): bigint {
    return this.#issuedUnits;
  }

  /** Of the next block. */
  proposerOf(round: number): NodeId {
    return this.#proposers.at(this.#point.tip.height + 1, round);
  }

  /** What the next block issues, if it has this time (protocol section 7). */
  rewardUnits(timeMs: number): bigint {
    const { tip, registry } = this.#point;
    const isSlot = isSlotBlock({ params: this.rules.params, genesisTime: this.rules.genesis.time }, tip.timeMs, timeMs);
    return isSlot && registry.snapshot.members.some((member) => registry.isEligible(member)) ? slotRewardUnits : 0n;
  }

  /** Throws what decoding its masternode transactions throws. */
  step(block: Block, hash: BlockHash): void {
    const { header } = block;
    const registry = registryAfter(this.#point, this.rules, block, operationsIn(block.transactions));
    this.#issuedUnits += this.rewardUnits(header.time);
    this.#point = { tip: { height: header.height, hash, timeMs: header.time }, registry };
  }
}

/** Units that the genesis and the blocks up to this height have issued. Throws where a block does not decode or breaks the registry's rules. */
export function issuedBy(rows: Pick<ChainRows, 'block'>, genesis: AuditGenesis, through: number): bigint {
  const walk = new ChainWalk(genesis);
  for (let height = 1; height <= through; height++) {
    const row = rows.block(height);
    if (row === undefined) throw new OperationalError('database-damaged', `block ${height} is missing`);
    walk.step(decodeBlockParts(row.encoded), row.hash);
  }
  return walk.issuedUnits;
}
