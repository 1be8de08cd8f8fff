import { expect, test } from 'vitest';
import type { LogFields } from '../node/logging/logger.ts';
import { connectionRefusalLog } from './connection-refusal-log.ts';

test('some refusals a minute are said in full, of each reason and each host, and the rest by their number', () => {
  const lines: [string, LogFields | undefined][] = [];
  let nowMs = 5;
  const refused = connectionRefusalLog({ info: (message, fields) => void lines.push([message, fields]) }, () => nowMs);
  refused(undefined, { code: 'network-error', detail: '' });
  for (let port = 1; port <= 40; port++) refused(`192.0.2.1:${port}`, { code: 'handshake-failed', detail: 'a frame of 3 bytes' });
  expect(lines).toHaveLength(1 + 4);
  expect(lines.slice(0, 2)).toEqual([
    ['connection-refused', { address: 'unknown', reason: 'network-error' }],
    ['connection-refused', { address: '192.0.2.1:1', reason: 'handshake-failed: a frame of 3 bytes' }],
  ]);
  for (let host = 2; host < 40; host++) refused(`192.0.2.${host}:1`, { code: 'handshake-failed', detail: '' });
  expect(lines).toHaveLength(1 + 20);
  refused('192.0.2.1:1', { code: 'timeout', detail: 'handshake' });
  expect(lines).toHaveLength(1 + 20 + 1);
  nowMs += 60_000;
  refused('192.0.2.1:9', { code: 'handshake-failed', detail: '' });
  expect(lines.slice(22)).toEqual([
    ['more connections were refused', { reason: 'handshake-failed', count: 36 + 22 }],
    ['connection-refused', { address: '192.0.2.1:9', reason: 'handshake-failed' }],
  ]);
});
