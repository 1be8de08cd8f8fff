import { encodeAddress, parseAddress } from '../../../src-shared/domain/address.ts';
import { formatTime } from '../../../src-shared/domain/amount.ts';
import type { Lock } from '../../../src-shared/domain/ids.ts';
import { unspendableLock } from '../../core/codec/genesis.ts';
import { checkGenesisFile, type GenesisFile } from '../../core/codec/genesis-file.ts';
import { dustUnits } from '../../core/constants.ts';
import { createGenesis, type Genesis } from '../../core/genesis.ts';
import { tiers } from '../../core/tiers.ts';
import type { CarriedOver } from '../../node/audit/carried-over.ts';
import { wordsOfGenesisFileError } from '../network-genesis.ts';
import { type GenesisPlan, GenesisPlanError } from './genesis-plan.ts';

/** A genesis file with what it comes to. */
export interface MadeGenesis {
  readonly file: GenesisFile;
  readonly genesis: Genesis;
  /** Units of balances too small for an output: left behind. */
  readonly leftBehind: bigint;
}

type Founder = GenesisFile['masternodes'][number];
type Allocation = GenesisFile['allocations'][number];

/**
 * The genesis of a plan, the same bytes for everybody who makes it of the same plan and chain. With `carried` every balance of the old chain is an allocation;
 * the collaterals of those who go on are taken out of their owners' balances, so that no money is made. Throws GenesisPlanError.
 */
export function makeGenesis(plan: GenesisPlan, carried: CarriedOver | undefined): MadeGenesis {
  const { network } = plan;
  const balances = new Map(carried?.balances);
  const masternodes = plan.masternodes.map((one, index) => founderOf(one, `masternodes[${index}]`, network, carried));
  if (carried !== undefined) for (const [index, founder] of masternodes.entries()) takeCollateral(founder, `masternodes[${index}]`, network, balances);
  const given = plan.allocations.map(({ address, units, label }): Allocation => {
    const amount = { amount: units.toString(), label };
    return address === undefined ? { ...amount, unspendable: true } : { ...amount, address };
  });
  const kept = [...balances].filter(([, units]) => units >= dustUnits);
  const label = carried === undefined ? '' : `from block ${carried.height}`;
  const carriedOver = kept.map(([lock, units]): Allocation => {
    const amount = { amount: units.toString(), label };
    return lock === unspendableLock ? { ...amount, unspendable: true } : { ...amount, address: encodeAddress(lock, network) };
  });
  const file: GenesisFile = { network, time: plan.time, masternodes, allocations: [...given, ...carriedOver] };
  const read = checkGenesisFile(file);
  if (!read.ok) throw new GenesisPlanError(wordsOfGenesisFileError(read.error));
  const leftBehind = [...balances.values()].filter((units) => units < dustUnits).reduce((sum, units) => sum + units, 0n);
  return { file, genesis: createGenesis(read.contents), leftBehind };
}

/** With what the old registration says where the plan says nothing. */
function founderOf(one: GenesisPlan['masternodes'][number], path: string, network: GenesisPlan['network'], carried: CarriedOver | undefined): Founder {
  const old = carried?.members.find(({ nodeId }) => nodeId === one.nodeKey);
  const addressOf = (lock: Lock | undefined): string | undefined => lock && encodeAddress(lock, network);
  const tier = one.tier ?? old?.tier;
  const ownerAddress = one.ownerAddress ?? addressOf(old?.ownerLock);
  const missing = carried === undefined ? 'is missing' : `is missing, and node key ${one.nodeKey} has no registration at block ${carried.height}`;
  if (tier === undefined) throw new GenesisPlanError(`${path}.tier ${missing}`);
  if (ownerAddress === undefined) throw new GenesisPlanError(`${path}.owner_address ${missing}`);
  return {
    nodeKey: one.nodeKey,
    tier,
    ownerAddress,
    // Who moves the ownership does not mean to pay the old owner.
    rewardAddress: one.rewardAddress ?? (one.ownerAddress === undefined ? addressOf(old?.rewardLock) : undefined) ?? ownerAddress,
    serviceAddress: one.serviceAddress ?? old?.serviceAddress ?? '',
  };
}

function takeCollateral({ tier, ownerAddress }: Founder, path: string, network: GenesisPlan['network'], balances: Map<Lock, bigint>): void {
  const { collateralUnits } = tiers[tier];
  const parsed = parseAddress(ownerAddress, network);
  // The genesis file's own check says what is wrong with it.
  if (collateralUnits === 0n || !parsed.ok) return;
  const held = balances.get(parsed.lock) ?? 0n;
  if (held < collateralUnits)
    throw new GenesisPlanError(
      `${path}: ${ownerAddress} holds ${formatTime(held)} TIME of the old chain, and the collateral of ${tier} is ${formatTime(collateralUnits)}`,
    );
  balances.set(parsed.lock, held - collateralUnits);
}

/** As it is written to disk: the same text for everybody. */
export const genesisText = (file: GenesisFile): string => `${JSON.stringify(file, undefined, 2)}\n`;
