import { test } from './fixture.ts';
import { leaveAndRegister } from './registration-story.ts';

// A person who has no mouse.
test.use({ hands: 'keyboard' });

test('in its window a masternode leaves, and is registered again until it waits for the next epoch', async ({ person, devnet }) => {
  test.setTimeout(120_000);
  await leaveAndRegister(person, devnet.node(0));
});
