/**
 * How often properties and simulated networks are tried, times this: as it stands for a check that is run all day, `TIME_TEST_RUNS=10` for a night.
 */
export const runsFactor = Number(process.env.TIME_TEST_RUNS ?? 1);
if (!(runsFactor > 0)) throw new Error(`TIME_TEST_RUNS must be a number above 0, not ${process.env.TIME_TEST_RUNS}`);

/** `count` in a check. */
export const testRuns = (count: number): number => Math.ceil(count * runsFactor);
