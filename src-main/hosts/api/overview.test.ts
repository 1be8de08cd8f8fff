import { expect, it } from 'vitest';
import type { ConsensusView } from '../../core/engine/views.ts';
import type { EngineView } from '../../node/views.ts';
import { overviewOf } from './overview.ts';
import { type FakeServices, fakeServices } from './services.fixture.ts';

interface Change {
  readonly consensus?: Partial<ConsensusView>;
  readonly views?: Partial<EngineView>;
  readonly backlogBytes?: number;
  readonly afterMs?: number;
}

function services({ consensus, views, backlogBytes = 0, afterMs = 0 }: Change): FakeServices {
  const healthy = fakeServices();
  const changed = fakeServices({
    views: { ...healthy.views, consensus: () => ({ ...healthy.views.consensus(), ...consensus }), ...views },
    storage: { ...healthy.storage, backlogBytes },
  });
  changed.setNow(healthy.nowMs() + afterMs);
  return changed;
}

it.each<[string, Change, string, readonly string[]]>([
  ['all is well', {}, 'good', []],
  ['nobody is there', { views: { peers: () => [] } }, 'bad', ['no-peers', 'below-quorum']],
  ['blocks are missing here', { views: { behindBy: () => 3 } }, 'attention', ['behind']],
  ['a block is late by a slot', { afterMs: 19_000 }, 'good', []],
  ['no block came for two slots', { afterMs: 30_000 }, 'bad', ['no-block']],
  ['a quorum contradicts itself, which says it all', { consensus: { halted: true }, afterMs: 30_000, views: { peers: () => [] } }, 'bad', ['halted']],
  ['its key is used elsewhere', { consensus: { signing: { kind: 'own-key-elsewhere' } } }, 'bad', ['own-key-elsewhere']],
  ['its records are an old copy', { consensus: { signing: { kind: 'restored-old-copy', through: { epoch: 0, height: 5 } } } }, 'bad', ['restored-old-copy']],
  ['it listens', { consensus: { signing: { kind: 'listening', untilMs: undefined } } }, 'attention', ['listening']],
  ['the disk does not keep up', { backlogBytes: 9_000_000 }, 'attention', ['disk-slow']],
  ['the disk holds back catching up, as it may', { backlogBytes: 9_000_000, views: { behindBy: () => 300 } }, 'attention', ['behind']],
])('%s', async (_name, change, verdict, reasons) => {
  expect(await overviewOf(services(change))).toMatchObject({ verdict, reasons });
});

it('a node that just started is starting, unless it has stopped following the chain', async () => {
  const { info } = fakeServices();
  const started = (change: Change): FakeServices => ({ ...services(change), info: { ...info, startedAtMs: services(change).nowMs() - 1_000 } });
  expect(await overviewOf(started({ views: { peers: () => [] } }))).toMatchObject({ reasons: ['starting'] });
  expect(await overviewOf(started({ consensus: { halted: true } }))).toMatchObject({ reasons: ['halted'] });
});
