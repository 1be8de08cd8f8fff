import { setTimeout as delay } from 'node:timers/promises';
import { expect } from '@playwright/test';
import { expectSteady, fullyConnected } from './connections.ts';
import { test } from './fixture.ts';
import { payFinally } from './payments.ts';

const count = 10;
/** Five rounds of pings: `npm run soak` does the same for an hour. */
const watchMs = 10_000;

test.use({ network: { count } });

test('ten nodes stay connected, each with each by one connection, and answer each other', async ({ devnet }) => {
  test.setTimeout(120_000);
  const { nodes } = devnet;
  const before = await fullyConnected(nodes);
  const sinceMs = Date.now();
  await delay(watchMs);
  const { pings } = await expectSteady(nodes, before, sinceMs);
  // Each of ninety ends pings every two seconds.
  expect(pings).toBeGreaterThan((count * (count - 1) * watchMs) / 2_000 / 2);
  await payFinally(nodes[0]!, nodes, 5_000);
});
