import { useSyncExternalStore } from 'react';
import { overviewTopic } from '../stores/topics.ts';

const tickMs = 1_000;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let now = Date.now();

function tick(): void {
  now = Date.now();
  for (const listener of listeners) listener();
}

/** One timer for all that counts seconds, running while something does. */
function listen(listener: () => void): () => void {
  listeners.add(listener);
  now = Date.now();
  timer ??= setInterval(tick, tickMs);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** This machine's time in ms, a second at a time. */
export const useLocalNow = (): number => useSyncExternalStore(listen, () => now);

/** The node's time in ms, a second at a time: what the node dates is counted by the node's own clock. */
export function useNodeNow(): number {
  const local = useLocalNow();
  const offsetMs = overviewTopic.store(({ value, receivedMs }) => (value === undefined ? 0 : value.nowms - receivedMs));
  return local + (Math.abs(offsetMs) < tickMs ? 0 : offsetMs);
}
