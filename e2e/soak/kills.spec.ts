import { expect, test } from '@playwright/test';
import { firstPort } from '../network/devnet.ts';
import { killAgainAndAgain } from '../network/kills.ts';
import { drawnSeed, randomOf } from '../network/random.ts';

const kills = Number(process.env.TIME_SOAK_KILLS ?? 1_000);
const lanes = 4;
const lifeMs = 10_000;

test(`killed at ${kills} instants under payments: a node starts each time, with all that it had said`, async () => {
  expect(kills % lanes).toBe(0);
  test.setTimeout((kills / lanes) * lifeMs + 300_000);
  const seed = drawnSeed();
  const said = await Promise.all(Array.from({ length: lanes }, (_, lane) => killAgainAndAgain(kills / lanes, randomOf(seed + lane), firstPort + 100 * lane)));
  for (const words of said) console.log(words);
});
