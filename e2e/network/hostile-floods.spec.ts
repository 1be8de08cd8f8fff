import { test } from './fixture.ts';
import { settings, sufferAll, together } from './hostile-floods.ts';

// biome-ignore lint/suspicious/noSkippedTests: other systems have neither /proc nor a whole network of loopback addresses
test.skip(process.platform !== 'linux', 'memory is read from /proc, and strangers come from 127.0.0.0/8');

test.use({ network: { settings } });

test('whatever a stranger does, honest peers do not notice, and the stranger is thrown out with a reason', async ({ devnet }) => {
  test.setTimeout(600_000);
  await sufferAll(devnet, together);
});
