import { expect, test } from 'vitest';
import type { HealthAlert } from '../../../src-shared/api/methods/health.ts';
import { newsOf } from './alert-news.ts';

const behind = (sincems: number, blocks = 1): HealthAlert => ({ code: 'behind', severity: 'warning', sincems, blocks });
const noPeers: HealthAlert = { code: 'no-peers', severity: 'critical', sincems: 5, keyelsewhere: false };

test.each<[string, HealthAlert[], HealthAlert[], HealthAlert[], HealthAlert[]]>([
  ['nothing new', [behind(1)], [behind(1)], [], []],
  ['other numbers are no news', [behind(1, 3)], [behind(1, 9)], [], []],
  ['one more', [behind(1)], [behind(1), noPeers], [noPeers], []],
  ['one is over', [behind(1), noPeers], [noPeers], [], [behind(1)]],
  ['the same again, later, is news', [behind(1)], [behind(2)], [behind(2)], [behind(1)]],
])('%s', (_name, before, now, raised, over) => expect(newsOf(before, now)).toEqual({ raised, over }));
