import { describe, expect, it } from 'vitest';
import type { NodeId } from '../../src-shared/domain/ids.ts';
import type { ConnectionId } from '../core/net/connection-id.ts';
import { ConnectionHistory } from './connection-history.ts';

const nodeId = 'aa'.repeat(32) as NodeId;
const otherId = 'bb'.repeat(32) as NodeId;
const connection = 1 as ConnectionId;
const address = '203.0.113.5:24000';

describe('a connection', () => {
  it('is told with the phase of its dial, how long it lasted and why it ended', () => {
    const history = new ConnectionHistory();
    history.onEvent({ kind: 'dialing', address, phase: 'PHASE1-MN' }, 1_000);
    history.onEvent({ kind: 'peer-ready', connection, nodeId, address, direction: 'outbound' }, 2_000);
    expect(history.phaseOf(connection)).toBe('PHASE1-MN');
    history.onEvent({ kind: 'peer-gone', connection, nodeId, address, reason: 'unresponsive' }, 9_500);
    expect(history.newest(10)).toMatchObject([
      { kind: 'gone', atMs: 9_500, nodeId, address, direction: 'outbound', phase: 'PHASE1-MN', reason: 'unresponsive', durationMs: 7_500 },
      { kind: 'connected', atMs: 2_000, nodeId, address, direction: 'outbound', phase: 'PHASE1-MN' },
    ]);
    expect(history.phaseOf(connection)).toBeUndefined();
  });
  it('that somebody else dialled has no phase, even from an address that is being dialled', () => {
    const history = new ConnectionHistory();
    history.onEvent({ kind: 'dialing', address, phase: 'PHASE2-PEER' }, 1);
    history.onEvent({ kind: 'peer-ready', connection, nodeId, address, direction: 'inbound' }, 2);
    expect(history.newest(1)).toMatchObject([{ direction: 'inbound', phase: undefined }]);
  });
  it('has lasted no less than nothing when the clock was set back', () => {
    const history = new ConnectionHistory();
    history.onEvent({ kind: 'peer-ready', connection, nodeId, address, direction: 'inbound' }, 5_000);
    history.onEvent({ kind: 'peer-gone', connection, nodeId, address, reason: 'closed-by-peer' }, 1_000);
    expect(history.newest(1)).toMatchObject([{ durationMs: 0 }]);
  });
});

describe('what was not to be', () => {
  it('says who refused whom, and which way', () => {
    const history = new ConnectionHistory();
    history.onEvent({ kind: 'dialing', address, phase: 'PHASE2-PEER' }, 1);
    history.onEvent({ kind: 'peer-refused', address, nodeId, code: 'full', by: 'peer' }, 2);
    history.onEvent({ kind: 'peer-refused', address: '198.51.100.7:5555', nodeId: otherId, code: 'banned', by: 'us' }, 3);
    history.inboundFailed(undefined, 'too-many-connections: the limit is 20 of one host', 4);
    expect(history.newest(10)).toMatchObject([
      { kind: 'refused', address: '', direction: 'inbound', reason: 'too-many-connections: the limit is 20 of one host' },
      { kind: 'refused', direction: 'inbound', phase: undefined, by: 'us', reason: 'banned' },
      { kind: 'refused', direction: 'outbound', phase: 'PHASE2-PEER', by: 'peer', reason: 'the peer said full' },
    ]);
  });
  it('says when it is tried again', () => {
    const history = new ConnectionHistory();
    history.onEvent({ kind: 'dialing', address, phase: 'PHASE3-PEER' }, 1);
    history.onEvent({ kind: 'dial-failed', address, reason: 'timeout', nextTryMs: 9_000 }, 2);
    expect(history.newest(10)).toMatchObject([{ kind: 'failed', direction: 'outbound', phase: 'PHASE3-PEER', reason: 'timeout', nextTryMs: 9_000 }]);
  });
});

describe('what is kept', () => {
  it('is bounded, and attempts in vain push out no connection and no ban', () => {
    const history = new ConnectionHistory();
    history.onEvent({ kind: 'peer-ready', connection, nodeId, address, direction: 'inbound' }, 1);
    const subject = { kind: 'node', nodeId } as const;
    history.onEvent({ kind: 'banned', ban: { subject, createdMs: 2, untilMs: 3, reason: 'flood', by: 'violations' } }, 2);
    history.onEvent({ kind: 'ban-ended', subject, by: 'time' }, 3);
    for (let i = 0; i < 2_000; i++) {
      history.onEvent({ kind: 'dialing', address: `192.0.2.1:${i}`, phase: 'PHASE2-PEER' }, 4);
      history.onEvent({ kind: 'dial-failed', address: `192.0.2.1:${i}`, reason: 'refused', nextTryMs: undefined }, 4);
      history.inboundFailed(`198.51.100.1:${i}`, 'too-many-connections', 4);
    }
    const all = history.newest(Number.MAX_SAFE_INTEGER);
    expect(all).toHaveLength(503);
    expect(all.slice(-3)).toMatchObject([{ kind: 'ban-ended', by: 'time' }, { kind: 'banned', reason: 'flood', by: 'violations' }, { kind: 'connected' }]);
    expect(all[0]).toMatchObject({ address: '198.51.100.1:1999' });
    for (let i = 0; i < 600; i++) history.onEvent({ kind: 'peer-ready', connection: i as ConnectionId, nodeId, address, direction: 'inbound' }, 5);
    const still = history.newest(Number.MAX_SAFE_INTEGER);
    expect(still).toHaveLength(1_002);
    expect(still.filter(({ kind }) => kind === 'banned' || kind === 'ban-ended')).toHaveLength(2);
  });
  it('can be asked for by node, its bans among it, or by address', () => {
    const history = new ConnectionHistory();
    history.onEvent({ kind: 'peer-ready', connection, nodeId, address, direction: 'inbound' }, 1);
    history.onEvent({ kind: 'peer-ready', connection, nodeId: otherId, address: '198.51.100.7:5555', direction: 'inbound' }, 2);
    history.onEvent({ kind: 'ban-ended', subject: { kind: 'node', nodeId }, by: 'operator' }, 3);
    history.onEvent({ kind: 'dial-failed', address, reason: 'timeout', nextTryMs: undefined }, 4);
    expect(history.newest(9, { nodeId }).map(({ kind }) => kind)).toEqual(['ban-ended', 'connected']);
    expect(history.newest(9, { address }).map(({ kind }) => kind)).toEqual(['failed', 'connected']);
    expect(history.newest(9, { nodeId, address }).map(({ atMs }) => atMs)).toEqual([4, 3, 1]);
    expect(history.newest(1).map(({ atMs }) => atMs)).toEqual([4]);
  });
});
