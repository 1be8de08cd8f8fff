import type { ConnectionStatus } from '../api/connection-status.ts';
import { useLocalNow } from '../ui/clock.ts';
import { useConnection } from './connection-store.ts';
import { overviewTopic } from './topics.ts';

/** The overview comes every second, also when nothing changes; a busy machine may be late. */
const silentAfterMs = 5_000;

export type Hearing = 'yes' | 'not-yet' | 'silent' | 'no';

/** Whether what is shown is of now. */
export function hearingOf(status: ConnectionStatus, receivedMs: number, nowMs: number): Hearing {
  if (status.kind === 'connecting') return 'not-yet';
  if (status.kind !== 'open') return 'no';
  if (receivedMs === 0) return 'not-yet';
  return nowMs - receivedMs > silentAfterMs ? 'silent' : 'yes';
}

export function useHearing(): Hearing {
  const status = useConnection((state) => state.status);
  const receivedMs = overviewTopic.store((state) => state.receivedMs);
  return hearingOf(status, receivedMs, useLocalNow());
}
