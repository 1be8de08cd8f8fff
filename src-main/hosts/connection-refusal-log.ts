import type { Logger } from '../node/logger.ts';
import type { ConnectFailure, ConnectFailureCode } from '../node/transport/transport.ts';
import { LineLimit } from './line-limit.ts';

const maxLines = 20;

/** Says why a connection was refused before its key was known, and how many more there were. Each reason has lines of its own: a flood of one hides no other. */
export function connectionRefusalLog(
  log: Pick<Logger, 'info'>,
  monotonicMs: () => number,
): (remoteAddress: string | undefined, failure: ConnectFailure) => void {
  /** One for each code that came: there are few. */
  const limits = new Map<ConnectFailureCode, LineLimit>();
  return (remoteAddress, { code, detail }) => {
    const limit = limits.get(code) ?? new LineLimit(maxLines, monotonicMs);
    limits.set(code, limit);
    const { allowed, leftOut } = limit.take();
    if (leftOut > 0) log.info('more connections were refused', { reason: code, count: leftOut });
    if (allowed) log.info('connection-refused', { address: remoteAddress ?? 'unknown', reason: detail === '' ? code : `${code}: ${detail}` });
  };
}
