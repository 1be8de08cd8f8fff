import type { Logger } from '../node/logger.ts';
import type { ConnectFailure } from '../node/transport/transport.ts';

/** Enough to see who and why; a flood of connections must not push everything else out of the log. */
const maxLines = 20;
const windowMs = 60_000;

/** Says why a connection was refused before its key was known, and how many more there were. */
export function connectionRefusalLog(
  log: Pick<Logger, 'info'>,
  monotonicMs: () => number,
): (remoteAddress: string | undefined, failure: ConnectFailure) => void {
  let windowEndMs = Number.NEGATIVE_INFINITY;
  let lines = 0;
  let unsaid = 0;
  return (remoteAddress, { code, detail }) => {
    if (monotonicMs() >= windowEndMs) {
      if (unsaid > 0) log.info('more connections were refused', { count: unsaid });
      windowEndMs = monotonicMs() + windowMs;
      lines = unsaid = 0;
    }
    if (lines++ >= maxLines) unsaid++;
    else log.info('connection-refused', { address: remoteAddress ?? 'unknown', reason: detail === '' ? code : `${code}: ${detail}` });
  };
}
