import { expect, test } from 'vitest';
import type { Client } from '../api/client.ts';
import { fill, topicStore } from './topic-store.ts';

test('a store has the newest value and when it came, and keeps it when nobody looks', () => {
  const { store } = topicStore('wallet');
  let push: ((value: unknown) => void) | undefined;
  let ended = false;
  const subscribe = ((_topic: string, listener: (value: unknown) => void) => {
    push = listener;
    return () => {
      ended = true;
    };
  }) as Client['subscribe'];
  const end = fill(store, 'wallet', { subscribe }, () => 7);
  expect(store.getState()).toEqual({ value: undefined, receivedMs: 0 });
  const value = { nowms: 1 };
  push?.(value);
  end();
  expect(ended).toBe(true);
  expect(store.getState()).toEqual({ value, receivedMs: 7 });
});
