import { EventEmitter } from 'node:events';
import { expect, test, vi } from 'vitest';
import { untilSignal } from './until-signal.ts';

test('the first signal asks; the same that a launcher passes on too changes nothing, and a later one ends the process at once', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  try {
    const signals = new EventEmitter();
    const exit = vi.fn<(code: number) => void>();
    const asked = untilSignal({ on: (signal, act) => signals.on(signal, act), exit });
    signals.emit('SIGTERM');
    expect(await asked).toBe('SIGTERM');
    signals.emit('SIGTERM');
    vi.advanceTimersByTime(400);
    signals.emit('SIGINT');
    expect(exit).not.toHaveBeenCalled();
    vi.advanceTimersByTime(200);
    signals.emit('SIGINT');
    expect(exit).toHaveBeenCalledWith(1);
  } finally {
    vi.useRealTimers();
  }
});
