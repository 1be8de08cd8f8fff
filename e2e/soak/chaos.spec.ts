import { Chaos, chaosNetwork } from '../network/chaos.ts';
import { test } from '../network/fixture.ts';
import { drawnSeed } from '../network/random.ts';

const minutes = Number(process.env.TIME_SOAK_MINUTES ?? 60);

test.use({ network: chaosNetwork });

test(`ten nodes of all tiers are killed, held and stopped under payments for ${minutes} minutes`, async ({ devnet }) => {
  test.setTimeout((minutes + 10) * 60_000);
  await new Chaos(devnet, drawnSeed()).run(minutes * 60_000);
});
