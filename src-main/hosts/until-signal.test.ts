import { afterEach, expect, test, vi } from 'vitest';
import { untilSignal } from './until-signal.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(signal);
});

test('the first signal asks; the same that a launcher passes on too changes nothing, and a later one ends the process at once', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const exit = vi.spyOn(process, 'exit').mockReturnValue(undefined as never);
  const asked = untilSignal();
  process.emit('SIGTERM');
  expect(await asked).toBe('SIGTERM');
  process.emit('SIGTERM');
  vi.advanceTimersByTime(400);
  process.emit('SIGINT');
  expect(exit).not.toHaveBeenCalled();
  vi.advanceTimersByTime(200);
  process.emit('SIGINT');
  expect(exit).toHaveBeenCalledWith(1);
});
