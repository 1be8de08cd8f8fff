import { expect, it } from 'vitest';
import { defaultLimits } from '../../../src-shared/domain/net-limits.ts';
import { countFailure } from './dial-backoff.ts';

const limits = defaultLimits('mainnet');
const most = limits.maxPeerFailures;

it.each([
  ['refused', true, true],
  ['timeout: proxy', true, true],
  ['refused', false, false],
  ['proxy-failed: proxy: connect ECONNREFUSED 127.0.0.1:9050', true, false],
  ['the peer said full', true, false],
] as const)('%s, with other peers %s: an address is given up in time: %s', (reason, isOnline, isGivenUp) => {
  const entry = { role: 'peer' as const, failures: 0, timesFull: 0 };
  const verdicts = Array.from({ length: 2 * most }, () => countFailure(entry, reason, limits, isOnline));
  expect(verdicts.includes(true)).toBe(isGivenUp);
  expect(entry.failures).toBe(isGivenUp ? 2 * most : entry.timesFull > 0 ? 0 : most - 1);
});
