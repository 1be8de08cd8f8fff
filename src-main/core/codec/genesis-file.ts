import { parseAddress } from '../../../src-shared/domain/address.ts';
import { isAmount } from '../../../src-shared/domain/amount.ts';
import { type Lock, type NodeId, parseHex32 } from '../../../src-shared/domain/ids.ts';
import { type NetworkName, networks } from '../../../src-shared/domain/networks.ts';
import { dustUnits, maxGenesisOutputs, maxSnapshotMembers } from '../constants.ts';
import type { Tier } from '../snapshot.ts';
import { tiers } from '../tiers.ts';
import { type GenesisAllocation, type GenesisContents, type GenesisMasternode, maxGenesisLabelBytes, unspendableLock } from './genesis.ts';
import { isServiceAddress } from './service-address.ts';

/** The JSON of a genesis file: what `timed genesis` writes and `genesis_file` names. */
export interface GenesisFile {
  readonly network: NetworkName;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly masternodes: readonly {
    /** 64 lower-case hex digits. */
    readonly nodeKey: string;
    readonly tier: Tier;
    readonly ownerAddress: string;
    readonly rewardAddress: string;
    /** host:port, or empty. */
    readonly serviceAddress: string;
  }[];
  readonly allocations: readonly ({
    /** Decimal, in units. */
    readonly amount: string;
    readonly label: string;
  } & ({ readonly address: string } | { readonly unspendable: true }))[];
}

export type GenesisFileErrorCode =
  | 'not-json'
  | 'wrong-type'
  | 'missing-field'
  | 'unknown-field'
  | 'bad-network'
  | 'bad-time'
  | 'bad-node-key'
  | 'duplicate-node-key'
  | 'bad-tier'
  | 'bad-address'
  | 'bad-service-address'
  | 'bad-amount'
  | 'bad-label'
  | 'too-many-masternodes'
  | 'too-many-outputs'
  | 'too-much-money';

export interface GenesisFileError {
  readonly code: GenesisFileErrorCode;
  /** Of the field, like `masternodes[2].tier`; empty for the whole file. */
  readonly path: string;
  readonly detail: string;
}
export type ReadGenesis = { readonly ok: true; readonly contents: GenesisContents } | { readonly ok: false; readonly error: GenesisFileError };

/** A genesis may hand out half of what an amount can be: the rest is room for rewards, 100 TIME a slot, for thousands of years. */
const maxGenesisUnits = 2n ** 63n;

/** Ends the reading at the first error; never leaves this file. */
class Refusal extends Error {
  readonly error: GenesisFileError;
  constructor(error: GenesisFileError) {
    super(error.code);
    this.error = error;
  }
}
function refuse(code: GenesisFileErrorCode, path: string, detail: string): never {
  throw new Refusal({ code, path, detail });
}

/** Reads the text of a genesis file, strictly: an unknown field is an error, since it would be a rule that this program does not keep. */
export function readGenesisFile(json: string): ReadGenesis {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    return { ok: false, error: { code: 'not-json', path: '', detail: String(error) } };
  }
  return checkGenesisFile(value);
}

/** The same for a value that is parsed already. Tells the first error. */
export function checkGenesisFile(value: unknown): ReadGenesis {
  try {
    return { ok: true, contents: contentsOf(value) };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, error: error.error };
    throw error;
  }
}

function contentsOf(value: unknown): GenesisContents {
  const file = fieldsOf(value, '', ['network', 'time', 'masternodes', 'allocations']);
  const network = networkOf(file.network);
  const masternodes = listOf(file.masternodes, 'masternodes').map((one, index) => masternodeOf(one, `masternodes[${index}]`, network));
  const allocations = listOf(file.allocations, 'allocations').map((one, index) => allocationOf(one, `allocations[${index}]`, network));

  const nodeKeys = new Set<NodeId>();
  for (const [index, { nodeKey }] of masternodes.entries()) {
    if (nodeKeys.has(nodeKey)) refuse('duplicate-node-key', `masternodes[${index}].nodeKey`, nodeKey);
    nodeKeys.add(nodeKey);
  }
  if (masternodes.length > maxSnapshotMembers) refuse('too-many-masternodes', 'masternodes', `${masternodes.length} are more than ${maxSnapshotMembers}`);
  if (masternodes.length + allocations.length > maxGenesisOutputs)
    refuse('too-many-outputs', '', `${masternodes.length} masternodes and ${allocations.length} allocations are more than ${maxGenesisOutputs}`);
  let total = 0n;
  for (const { tier } of masternodes) total += tiers[tier].collateralUnits;
  for (const { amount } of allocations) total += amount;
  if (total > maxGenesisUnits) refuse('too-much-money', 'allocations', `${total} units with the collaterals, of at most ${maxGenesisUnits}`);
  return { network, time: timeOf(file.time), masternodes, allocations };
}

function masternodeOf(value: unknown, path: string, network: NetworkName): GenesisMasternode {
  const fields = fieldsOf(value, path, ['nodeKey', 'tier', 'ownerAddress', 'rewardAddress', 'serviceAddress']);
  const key = textOf(fields.nodeKey, `${path}.nodeKey`);
  const nodeKey = parseHex32<NodeId>(key) ?? refuse('bad-node-key', `${path}.nodeKey`, `${JSON.stringify(key)} is not 64 lower-case hex digits`);
  const tier = textOf(fields.tier, `${path}.tier`);
  if (!Object.hasOwn(tiers, tier)) refuse('bad-tier', `${path}.tier`, `${JSON.stringify(tier)} is none of ${Object.keys(tiers).join(', ')}`);
  return {
    nodeKey,
    tier: tier as Tier,
    ownerLock: lockAt(fields.ownerAddress, `${path}.ownerAddress`, network),
    rewardLock: lockAt(fields.rewardAddress, `${path}.rewardAddress`, network),
    serviceAddress: serviceAddressOf(fields.serviceAddress, `${path}.serviceAddress`),
  };
}

function allocationOf(value: unknown, path: string, network: NetworkName): GenesisAllocation {
  const unspendable = typeof value === 'object' && value !== null && Object.hasOwn(value, 'unspendable');
  const fields = fieldsOf(value, path, ['amount', 'label', unspendable ? 'unspendable' : 'address']);
  if (unspendable && fields.unspendable !== true) refuse('wrong-type', `${path}.unspendable`, 'it is true, or not there');
  const label = textOf(fields.label, `${path}.label`);
  // Printable ASCII, so that a label is as long as its bytes and shows what it is.
  if (!/^[ -~]*$/.test(label) || label.length > maxGenesisLabelBytes)
    refuse('bad-label', `${path}.label`, `not printable ASCII of at most ${maxGenesisLabelBytes} characters`);
  return {
    lock: unspendable ? unspendableLock : lockAt(fields.address, `${path}.address`, network),
    amount: unitsOf(fields.amount, `${path}.amount`),
    label,
  };
}

const at = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

function fieldsOf(value: unknown, path: string, names: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) refuse('wrong-type', path, 'not an object');
  for (const name of Object.keys(value as object)) if (!names.includes(name)) refuse('unknown-field', at(path, name), `the fields are ${names.join(', ')}`);
  for (const name of names) if (!Object.hasOwn(value as object, name)) refuse('missing-field', at(path, name), '');
  return value as Record<string, unknown>;
}

const listOf = (value: unknown, path: string): readonly unknown[] => (Array.isArray(value) ? value : refuse('wrong-type', path, 'not a list'));
const textOf = (value: unknown, path: string): string => (typeof value === 'string' ? value : refuse('wrong-type', path, 'not a string'));

function networkOf(value: unknown): NetworkName {
  const name = textOf(value, 'network');
  return Object.hasOwn(networks, name)
    ? (name as NetworkName)
    : refuse('bad-network', 'network', `${JSON.stringify(name)} is none of ${Object.keys(networks).join(', ')}`);
}

const timeOf = (value: unknown): number =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : refuse('bad-time', 'time', 'not whole milliseconds since 1970');

function lockAt(value: unknown, path: string, network: NetworkName): Lock {
  const parsed = parseAddress(textOf(value, path), network);
  return parsed.ok ? parsed.lock : refuse('bad-address', path, `not an address of ${network}: ${parsed.error}`);
}

function serviceAddressOf(value: unknown, path: string): string {
  const address = textOf(value, path);
  if (!isServiceAddress(address)) refuse('bad-service-address', path, 'neither host:port nor empty');
  return address;
}

function unitsOf(value: unknown, path: string): bigint {
  const decimal = textOf(value, path);
  if (!/^(?:0|[1-9]\d{0,19})$/.test(decimal)) refuse('bad-amount', path, 'not a decimal number of units');
  const units = BigInt(decimal);
  if (!isAmount(units)) refuse('bad-amount', path, `${units} does not fit in 64 bits`);
  if (units < dustUnits) refuse('bad-amount', path, `${units} is below the least amount of an output, ${dustUnits}`);
  return units;
}
