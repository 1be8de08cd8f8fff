import { expect } from '@playwright/test';
import { blockMs } from '../network/chain.ts';
import { test } from '../network/fixture.ts';
import { leaveAndRegister } from '../network/registration-story.ts';

/** Five slots and the one that closes the epoch, each of which may take a round or two. */
const epochMs = 60_000 + 2 * blockMs;

for (const hands of ['mouse', 'keyboard'] as const) {
  test.describe(`by ${hands}`, () => {
    test.use({ hands });
    test('a registration made in the window is watched until it is active, votes and is paid', async ({ person, page, devnet }) => {
      test.setTimeout(4 * epochMs);
      const node = devnet.node(0);
      await leaveAndRegister(person, node);
      await expect(page.getByTestId('registration-state')).toHaveAttribute('data-state', 'active', { timeout: epochMs });
      await person.press(page.getByTestId('registration-close'));
      await expect(page.getByTestId('own-state')).toHaveAttribute('data-state', 'active');
      await expect(page.getByTestId('rewards-today')).toHaveText(/[1-9]/, { timeout: 3 * blockMs });
      const { registration } = await node.call('masternodestatus');
      expect(registration).toMatchObject({ status: 'active', weight: 10 });
    });
  });
}
