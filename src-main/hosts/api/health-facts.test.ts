import { expect, test } from 'vitest';
import type { ConsensusView } from '../../core/engine/views.ts';
import type { FileDamage } from '../../node/audit/audit-service.ts';
import { alertCodes, healthRules } from '../../node/health/health-rules.ts';
import type { EngineView } from '../../node/views.ts';
import { healthFactsOf } from './health-facts.ts';
import { fakeServices } from './services.fixture.ts';

interface Change {
  readonly consensus?: Partial<ConsensusView>;
  readonly views?: Partial<EngineView>;
  readonly oldestWriteMs?: number;
  readonly damage?: FileDamage;
  readonly afterMs?: number;
  readonly freeDiskBytes?: number;
}

/** What holds of a node so changed, whoever it follows from. */
function holding({ consensus, views, oldestWriteMs = 0, damage, afterMs = 0, freeDiskBytes = 1e12 }: Change): readonly string[] {
  const healthy = fakeServices();
  const changed = fakeServices({
    views: { ...healthy.views, consensus: () => ({ ...healthy.views.consensus(), ...consensus }), ...views },
    storage: { ...healthy.storage, oldestWriteMs },
    audit: { ...healthy.audit, damage },
  });
  changed.setNow(healthy.nowMs() + afterMs);
  const facts = { ...healthFactsOf(changed, freeDiskBytes), settledMs: 60_000, slept: undefined };
  return alertCodes.filter((code) => healthRules[code].holds(facts, false) !== undefined);
}

test.each<[string, Change, readonly string[]]>([
  ['all is well', {}, []],
  ['nobody is there', { views: { peers: () => [] } }, ['no-peers', 'below-quorum']],
  ['blocks are missing here', { views: { behindBy: () => 3 } }, ['behind']],
  ['a block is late by a slot', { afterMs: 19_000 }, []],
  ['no block came for two slots', { afterMs: 30_000 }, ['no-block']],
  [
    'a quorum contradicts itself',
    { views: { halts: () => [{ height: 3, reason: '', sinceMs: 0, certificates: [], liftedBy: undefined }] }, consensus: { halted: true } },
    ['halted'],
  ],
  ['its operator has taken blocks off', { consensus: { signing: { kind: 'after-revert', through: { epoch: 0, height: 5 } } } }, ['after-revert']],
  ['its key is used elsewhere', { consensus: { signing: { kind: 'own-key-elsewhere' } } }, ['own-key-elsewhere']],
  ['its records are an old copy', { consensus: { signing: { kind: 'restored-old-copy', through: { epoch: 0, height: 5 } } } }, ['restored-old-copy']],
  ['it listens', { consensus: { signing: { kind: 'listening', untilMs: undefined } } }, ['listening']],
  ['it has no vote to listen for', { consensus: { votes: false, signing: { kind: 'listening', untilMs: undefined } } }, []],
  ['the disk does not keep up', { oldestWriteMs: 9_000 }, ['disk-slow']],
  ['the disk does not answer', { oldestWriteMs: 60_000 }, ['disk-hangs', 'disk-slow']],
  ['its file is damaged', { damage: { file: 'chain', what: 'page 7' } }, ['database-damaged']],
  ['the disk is full', { freeDiskBytes: 1_000 }, ['disk-full', 'disk-low']],
  ['its clock is somewhat off', { views: { clock: () => ({ state: 'warning', offsetMs: 6_000, members: 3 }) } }, ['clock-off']],
  ['the file of its wallet is damaged', { damage: { file: 'wallet', what: 'page 7' } }, ['database-damaged']],
  ['its clock is off', { views: { clock: () => ({ state: 'stopped', offsetMs: 16_000, members: 3 }) } }, ['clock-stopped']],
  ['nobody can dial it', { views: { reachability: () => ({ ...fakeServices().views.reachability(), state: 'unreachable' }) } }, ['unreachable']],
])('%s', (_name, change, codes) => expect(holding(change)).toEqual(codes));

test('a node that was not started to sign has no registration to judge', () => {
  const { info } = fakeServices();
  expect(healthFactsOf(fakeServices(), 1).masternode).toEqual({ status: 'active', signed: 0, counted: 0, neededPercent: 90 });
  expect(healthFactsOf(fakeServices({ info: { ...info, masternode: false } }), 1).masternode).toBeUndefined();
});
