/** The least weight that decides: 3w >= 2t (protocol section 6). Nothing decides an empty snapshot, so its quorum is out of reach. */
export const quorumWeight = (total: number): number => (total === 0 ? 1 : Math.ceil((2 * total) / 3));

/** Percent of the whole, 0..100, for the length of a bar. */
export const percentOf = (part: number, total: number): number => (total === 0 ? 0 : Math.min(100, (part / total) * 100));
