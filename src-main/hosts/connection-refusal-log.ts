import type { Logger } from '../node/logger.ts';
import type { ConnectFailure } from '../node/transport/transport.ts';
import { LineLimit } from './line-limit.ts';

const maxLines = 20;

/** Says why a connection was refused before its key was known, and how many more there were. */
export function connectionRefusalLog(
  log: Pick<Logger, 'info'>,
  monotonicMs: () => number,
): (remoteAddress: string | undefined, failure: ConnectFailure) => void {
  const limit = new LineLimit(maxLines, monotonicMs);
  return (remoteAddress, { code, detail }) => {
    const { allowed, leftOut } = limit.take();
    if (leftOut > 0) log.info('more connections were refused', { count: leftOut });
    if (allowed) log.info('connection-refused', { address: remoteAddress ?? 'unknown', reason: detail === '' ? code : `${code}: ${detail}` });
  };
}
