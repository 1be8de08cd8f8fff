import { expect, test } from 'vitest';
import type { LogFields } from '../node/logger.ts';
import { connectionRefusalLog } from './connection-refusal-log.ts';

test('twenty refusals a minute are said in full, and the rest by their number', () => {
  const lines: [string, LogFields | undefined][] = [];
  let nowMs = 5;
  const refused = connectionRefusalLog({ info: (message, fields) => void lines.push([message, fields]) }, () => nowMs);
  refused(undefined, { code: 'network-error', detail: '' });
  for (let i = 0; i < 40; i++) refused(`192.0.2.1:${i}`, { code: 'handshake-failed', detail: 'a frame of 3 bytes' });
  expect(lines).toHaveLength(20);
  expect(lines.slice(0, 2)).toEqual([
    ['connection-refused', { address: 'unknown', reason: 'network-error' }],
    ['connection-refused', { address: '192.0.2.1:0', reason: 'handshake-failed: a frame of 3 bytes' }],
  ]);
  nowMs += 60_000;
  refused('192.0.2.2:1', { code: 'timeout', detail: 'handshake' });
  expect(lines.slice(20)).toEqual([
    ['more connections were refused', { count: 21 }],
    ['connection-refused', { address: '192.0.2.2:1', reason: 'timeout: handshake' }],
  ]);
  nowMs += 60_000;
  refused('192.0.2.2:2', { code: 'timeout', detail: 'handshake' });
  expect(lines).toHaveLength(23);
});
