import { expect, test } from 'vitest';
import type { NodeId } from '../../src-shared/domain/ids.ts';
import type { ConnectionId } from '../core/net/connection-id.ts';
import type { LogFields, Logger, NodeLog } from '../node/logging/logger.ts';
import { eventLog } from './event-log.ts';

function recorded() {
  const lines: [string, LogFields | undefined][] = [];
  const write = (message: string, fields?: LogFields): unknown => lines.push([message, fields]);
  const log = { error: write, warn: write, info: write, debug: write } as unknown as Logger;
  return { lines, log: { of: () => log } satisfies Pick<NodeLog, 'of'> };
}
const address = '203.0.113.5:24000';
const nodeId = 'aa'.repeat(32) as NodeId;

test('each line of a dial says its phase', () => {
  const { lines, log } = recorded();
  const write = eventLog(log, () => 0);
  write({ kind: 'dialing', address, phase: 'PHASE1-MN' }, undefined);
  write({ kind: 'dial-failed', address, reason: 'timeout', nextTryMs: 5 }, 'PHASE1-MN');
  write({ kind: 'peer-ready', connection: 1 as ConnectionId, nodeId, address, direction: 'outbound' }, 'PHASE1-MN');
  write({ kind: 'peer-refused', address, nodeId, code: 'full', by: 'peer' }, 'PHASE1-MN');
  expect(lines.map(([kind, fields]) => [kind, fields?.phase])).toEqual([
    ['dialing', 'PHASE1-MN'],
    ['dial-failed', 'PHASE1-MN'],
    ['peer-ready', 'PHASE1-MN'],
    ['peer-refused', 'PHASE1-MN'],
  ]);
  expect(lines[1]).toEqual(['dial-failed', { address, reason: 'timeout', nextTry: '1970-01-01T00:00:00.005Z', phase: 'PHASE1-MN' }]);
});

test('only our own address is never tried again', () => {
  const { lines, log } = recorded();
  const write = eventLog(log, () => 0);
  for (const reason of ['self: the other end has our own key', 'duplicate']) write({ kind: 'dial-failed', address, reason, nextTryMs: undefined }, undefined);
  expect(lines.map(([, fields]) => fields?.nextTry)).toEqual(['never', undefined]);
});

test('a ban that lasts says so, and one that ends says when', () => {
  const { lines, log } = recorded();
  const write = eventLog(log, () => 0);
  const ban = { subject: { kind: 'node', nodeId }, createdMs: 1, reason: 'flood', by: 'violations' } as const;
  write({ kind: 'banned', ban: { ...ban, untilMs: undefined } }, undefined);
  write({ kind: 'banned', ban: { ...ban, untilMs: 86_400_000 } }, undefined);
  expect(lines.map(([, fields]) => fields?.until)).toEqual(['it is lifted', '1970-01-02T00:00:00.000Z']);
});

test('who knocks all the time fills no log: a minute has some lines of it, the next says how many were left out', () => {
  const { lines, log } = recorded();
  let nowMs = 0;
  const write = eventLog(log, () => nowMs);
  const knock = () => write({ kind: 'peer-refused', address, nodeId, code: 'full', by: 'us' }, undefined);
  for (let i = 0; i < 1_000; i++) knock();
  expect(lines).toHaveLength(60);
  write({ kind: 'halted', height: 1, reason: 'two certificates', signers: [] }, undefined);
  expect(lines).toHaveLength(61);
  nowMs = 60_000;
  knock();
  expect(lines.slice(61)).toEqual([
    ['more of these were left out', { kind: 'peer-refused', count: 940 }],
    ['peer-refused', { address, nodeId, code: 'full', by: 'us' }],
  ]);
});
