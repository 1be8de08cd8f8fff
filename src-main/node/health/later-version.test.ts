import { expect, test } from 'vitest';
import { laterVersion } from './later-version.ts';

const own = '/TIME:0.9.0/';
const later = '/TIME:0.10.0/';
const latest = '/TIME:1.0.0/';

test.each<[string, readonly string[], ReturnType<typeof laterVersion>]>([
  ['nobody says anything', [], undefined],
  ['all are of this version', [own, own, own], undefined],
  ['half are later, which is not most', [own, later, own, later], undefined],
  ['most are later', [own, later, later], { version: '0.10.0', peers: 2 }],
  ['few are much later', [own, later, later, latest], { version: '0.10.0', peers: 3 }],
  ['one lies', [own, own, '/TIME:99.0.0/'], undefined],
  ['others are no versions', ['/other:1.0/', '', '/TIME:1.0/', later], undefined],
  ['most are older', ['/TIME:0.8.9/', '/TIME:0.1.0/', later], undefined],
])('%s', (_name, peers, answer) => expect(laterVersion(own, peers)).toEqual(answer));
