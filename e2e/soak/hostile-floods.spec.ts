import { test } from '../network/fixture.ts';
import { oneByOne, settings, sufferAll } from '../network/hostile-floods.ts';

// biome-ignore lint/suspicious/noSkippedTests: other systems have neither /proc nor a whole network of loopback addresses
test.skip(process.platform !== 'linux', 'memory is read from /proc, and strangers come from 127.0.0.0/8');

test.use({ network: { settings } });

test('each attack by itself is not noticed by honest peers, and whoever does it is thrown out with a reason', async ({ devnet }) => {
  test.setTimeout(600_000);
  await sufferAll(devnet, oneByOne);
});
