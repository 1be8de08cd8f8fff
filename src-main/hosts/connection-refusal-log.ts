import { hostGroup, parseNetworkAddress } from '../core/net/network-address.ts';
import type { Logger } from '../node/logging/logger.ts';
import type { ConnectFailure, ConnectFailureCode } from '../node/transport/transport.ts';
import { LineLimit } from './line-limit.ts';

const maxLines = 20;
/** For one reason, so that the others' are said too. */
const maxLinesPerHost = 4;
/** Hosts that are remembered, each with a reason; the oldest is forgotten, and may have its lines again. */
const maxHosts = 1_000;

/**
 * Says why a connection was refused before its key was known, and how many more there were. Each reason has lines of its own, and each host its part
 * of them: a flood of one hides no other.
 */
export function connectionRefusalLog(
  log: Pick<Logger, 'info'>,
  monotonicMs: () => number,
): (remoteAddress: string | undefined, failure: ConnectFailure) => void {
  /** One for each code that came: there are few. */
  const ofCodes = new Map<ConnectFailureCode, LineLimit>();
  const ofHosts = new Map<string, LineLimit>();
  const ofHost = (code: ConnectFailureCode, remoteAddress: string): LineLimit => {
    const key = `${code} ${hostGroup(parseNetworkAddress(remoteAddress)?.host ?? remoteAddress)}`;
    const limit = ofHosts.get(key) ?? new LineLimit(maxLinesPerHost, monotonicMs);
    ofHosts.delete(key);
    ofHosts.set(key, limit);
    const [oldest] = ofHosts.keys();
    if (ofHosts.size > maxHosts && oldest !== undefined) ofHosts.delete(oldest);
    return limit;
  };
  return (remoteAddress, { code, detail }) => {
    const ofCode = ofCodes.get(code) ?? new LineLimit(maxLines, monotonicMs);
    ofCodes.set(code, ofCode);
    const { allowed, leftOut } = ofCode.take(remoteAddress === undefined || ofHost(code, remoteAddress).take().allowed);
    if (leftOut > 0) log.info('more connections were refused', { reason: code, count: leftOut });
    if (allowed) log.info('connection-refused', { address: remoteAddress ?? 'unknown', reason: detail === '' ? code : `${code}: ${detail}` });
  };
}
