import { setTimeout as delay } from 'node:timers/promises';
import { expectSteady, fullyConnected } from '../network/connections.ts';
import { test } from '../network/fixture.ts';
import { payFinally } from '../network/payments.ts';

const minutes = Number(process.env.TIME_SOAK_MINUTES ?? 60);
const count = 10;
const tellEveryMs = 60_000;

test.use({ network: { count } });

test(`ten nodes stay connected for ${minutes} minutes`, async ({ devnet }) => {
  test.setTimeout((minutes + 5) * 60_000);
  const { nodes } = devnet;
  const before = await fullyConnected(nodes);
  const sinceMs = Date.now();
  for (const endMs = performance.now() + minutes * 60_000; performance.now() < endMs; ) {
    await delay(Math.min(tellEveryMs, Math.max(0, endMs - performance.now())));
    const { pings, pongs } = await expectSteady(nodes, before, sinceMs);
    console.log(`${Math.round((Date.now() - sinceMs) / 1_000)} s: ${pongs} of ${pings} pings answered`);
    await payFinally(nodes[0]!, nodes, 5_000);
  }
});
