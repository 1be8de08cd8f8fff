import { defaultLimits, type NetLimits } from '../../src-shared/domain/net-limits.ts';
import { type Params, paramsOf } from '../core/params.ts';
import { acrossContinents, anywhere, type Latency } from './latency.ts';
import type { Prng } from './prng.ts';
import { addressOfNode } from './sim-genesis.ts';

/** Where a cluster's machines stand, and at what pace their network goes. */
export interface Setting {
  readonly params: Params;
  readonly limits: NetLimits;
  readonly addressOf: (index: number) => string;
  readonly latency: (random: Prng) => Latency;
  /** What each machine's line carries, in either direction. */
  readonly bytesPerMs: number;
  /** Every node is told of every other; else masternodes find one another by what the chain says of them. */
  readonly connectsAll: boolean;
  /** Of messages of votes so many are put together and read once, the others travel as parcels (`VoteParcels`). */
  readonly wholeVotesEvery: number;
}

/** The devnet's pace, on lines of every length: what faults are looked for in. */
export const practice: Setting = {
  params: paramsOf.devnet,
  limits: defaultLimits('devnet'),
  addressOf: addressOfNode,
  latency: anywhere,
  bytesPerMs: Number.POSITIVE_INFINITY,
  connectsAll: true,
  wholeVotesEvery: 1,
};

/** The same on lines of a hundred megabits: a full block to some peers takes a second or so. */
export const homes: Setting = { ...practice, bytesPerMs: 12_500 };

/** A gigabit each way, as a data centre or fibre to the home has it. */
const gigabitBytesPerMs = 125_000;

/** A public network: the pace and limits of the testnet, whose blocks come often enough to be seen, each node in a network of its own, across continents. */
export const wan: Setting = {
  params: { ...paramsOf.testnet, network: paramsOf.devnet.network },
  limits: defaultLimits('testnet'),
  addressOf: (index) => `${20 + (index % 100)}.${10 + Math.floor(index / 100)}.0.1:24200`,
  latency: acrossContinents,
  bytesPerMs: gigabitBytesPerMs,
  connectsAll: false,
  wholeVotesEvery: 1_000,
};

/** Many across continents at the devnet's pace, so that faults and healing fit into minutes. */
export const oceans: Setting = { ...wan, params: paramsOf.devnet, wholeVotesEvery: 10 };
