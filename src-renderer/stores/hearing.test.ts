import { expect, test } from 'vitest';
import type { ConnectionStatus } from '../api/connection-status.ts';
import { hearingOf } from './hearing.ts';

const waiting: ConnectionStatus = { kind: 'waiting', why: 'not-running', retryAtMs: 0 };

test.each([
  ['connecting', { kind: 'connecting' }, 0, 'not-yet'],
  ['open, before the first value', { kind: 'open' }, 0, 'not-yet'],
  ['open and recent', { kind: 'open' }, 96_000, 'yes'],
  ['open and old', { kind: 'open' }, 94_999, 'silent'],
  ['lost, however recent', waiting, 100_000, 'no'],
  ['without a key', { kind: 'no-key' }, 0, 'no'],
] as const)('%s', (_name, status, receivedMs, hearing) => expect(hearingOf(status, receivedMs, 100_000)).toBe(hearing));
