import { Chaos, chaosNetwork } from './chaos.ts';
import { test } from './fixture.ts';
import { drawnSeed } from './random.ts';

// biome-ignore lint/suspicious/noSkippedTests: Windows has none of the signals that are sent here
test.skip(process.platform === 'win32', 'there are no signals to send');

test.use({ network: chaosNetwork });

/** `npm run soak` does it for minutes. */
const disturbedMs = 12_000;

test('ten nodes of all tiers are killed, held and stopped under payments: one chain, nothing lost, nobody signs twice, and it goes on', async ({ devnet }) => {
  test.setTimeout(180_000);
  await new Chaos(devnet, drawnSeed()).run(disturbedMs);
});
