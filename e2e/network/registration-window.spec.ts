import { test } from './fixture.ts';
import { leaveAndRegister } from './registration-story.ts';

test('in its window a masternode leaves, and is registered again until it waits for the next epoch', async ({ page, devnet }) => {
  test.setTimeout(120_000);
  await leaveAndRegister(page, devnet.node(0));
});
