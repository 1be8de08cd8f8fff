/** A number from 0 on that is below `below`. */
export type Random = (below: number) => number;

/** Mulberry32: the same numbers again from the same seed. What they decide is repeated; when exactly it happens is the machine's. */
export function randomOf(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** TIME_SOAK_SEED, or another one each time, which is printed: not in a test's name, which must not change. */
export function drawnSeed(): number {
  const seed = Number(process.env.TIME_SOAK_SEED ?? Date.now() % 100_000);
  console.log(`seed ${seed}`);
  return seed;
}
