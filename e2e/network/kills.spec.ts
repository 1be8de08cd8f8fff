import { test } from '@playwright/test';
import { firstPort } from './devnet.ts';
import { killAgainAndAgain } from './kills.ts';
import { drawnSeed, randomOf } from './random.ts';

/** `npm run soak` does it a thousand times. */
const kills = 52;
/** Most of a life is waiting: for the start, and while it listens. */
const lanes = 4;

test(`killed at ${kills} instants under payments: a node starts each time, with all that it had said`, async () => {
  test.setTimeout(300_000);
  const seed = drawnSeed();
  const said = await Promise.all(Array.from({ length: lanes }, (_, lane) => killAgainAndAgain(kills / lanes, randomOf(seed + lane), firstPort + 100 * lane)));
  for (const words of said) console.log(words);
});
