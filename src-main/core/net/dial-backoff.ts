import { type ConnectionCode, parseConnectionReason } from '../../../src-shared/domain/connection-reasons.ts';
import type { NetLimits } from '../../../src-shared/domain/net-limits.ts';
import type { DisconnectCode } from '../codec/message.ts';
import type { Random } from '../ports.ts';
import type { AddressEntry } from './address-book.ts';
import type { AddressRole } from './network-state.ts';

/** Waits vary by this much either way, so that nodes that lost one another at once do not meet at once again and again. */
const backoffJitter = 0.2;

const maxFailures: { readonly [R in AddressRole]: (limits: NetLimits) => number } = {
  configured: () => Number.POSITIVE_INFINITY,
  masternode: ({ maxMasternodeFailures }) => maxMasternodeFailures,
  peer: ({ maxPeerFailures }) => maxPeerFailures,
};

/** The wait after that many failures in a row: 5, 10, 20 … 300 s, before jitter. */
export const backoffMs = ({ firstBackoffMs, maxBackoffMs }: Pick<NetLimits, 'firstBackoffMs' | 'maxBackoffMs'>, failures: number): number =>
  Math.min(maxBackoffMs, firstBackoffMs * 2 ** Math.max(0, failures - 1));

/** How long an address is left alone now. */
export const waitMs = (limits: NetLimits, { failures, timesFull }: Pick<AddressEntry, 'failures' | 'timesFull'>, random: Random): number =>
  Math.ceil(backoffMs(limits, failures + timesFull) * (1 - backoffJitter + 2 * backoffJitter * random()));

/**
 * An attempt came to nothing, or a connection ended. Answers whether the address is given up. Who had no place is alive, and where all are full they are those who will have one: it is
 * waited for as long as for any other, and never given up for that, nor thought less of.
 */
export function countFailure(entry: Pick<AddressEntry, 'role' | 'failures' | 'timesFull'>, reason: string, limits: NetLimits, isOnline: boolean): boolean {
  const { code } = parseConnectionReason(reason);
  if (code === ('full' satisfies DisconnectCode)) {
    entry.timesFull++;
    return false;
  }
  const most = maxFailures[entry.role](limits);
  // Without any peer, or where the proxy is at fault, it is this machine that has no network; the waits grow all the same.
  entry.failures = isOnline && code !== ('proxy-failed' satisfies ConnectionCode) ? entry.failures + 1 : Math.min(entry.failures + 1, most - 1);
  return entry.failures >= most;
}
