import { expect, test } from 'vitest';
import type { LogFields } from '../node/logger.ts';
import { connectionRefusalLog } from './connection-refusal-log.ts';

test('twenty refusals a minute for one reason are said in full, the rest by their number, and other reasons beside them', () => {
  const lines: [string, LogFields | undefined][] = [];
  let nowMs = 5;
  const refused = connectionRefusalLog({ info: (message, fields) => void lines.push([message, fields]) }, () => nowMs);
  refused(undefined, { code: 'network-error', detail: '' });
  for (let i = 0; i < 40; i++) refused(`192.0.2.1:${i}`, { code: 'handshake-failed', detail: 'a frame of 3 bytes' });
  expect(lines).toHaveLength(21);
  expect(lines.slice(0, 2)).toEqual([
    ['connection-refused', { address: 'unknown', reason: 'network-error' }],
    ['connection-refused', { address: '192.0.2.1:0', reason: 'handshake-failed: a frame of 3 bytes' }],
  ]);
  nowMs += 60_000;
  refused('192.0.2.2:1', { code: 'timeout', detail: 'handshake' });
  refused('192.0.2.1:9', { code: 'handshake-failed', detail: '' });
  expect(lines.slice(21)).toEqual([
    ['connection-refused', { address: '192.0.2.2:1', reason: 'timeout: handshake' }],
    ['more connections were refused', { reason: 'handshake-failed', count: 20 }],
    ['connection-refused', { address: '192.0.2.1:9', reason: 'handshake-failed' }],
  ]);
  nowMs += 60_000;
  refused('192.0.2.2:2', { code: 'timeout', detail: 'handshake' });
  expect(lines).toHaveLength(25);
});
