import type { Tier } from '../snapshot.ts';
import { nameOf } from './primitives.ts';

/** One byte, the same wherever a tier is written. */
export const tierCodec = nameOf<Tier>({ free: 0, bronze: 1, silver: 2, gold: 3 });
