import { describe, expect, test } from 'vitest';
import { completed, completionsOf } from './complete.ts';

/** Where the bar is, the cursor is. */
const at = (marked: string) => completionsOf(marked.replace('|', ''), marked.indexOf('|'));
const options = (marked: string): string[] => at(marked).options.map(({ text }) => text);

describe('completes', () => {
  test.each([
    ['getblockh|', ['getblockhash', 'getblockheader']],
    ['walletp|', ['walletpassphrase', 'walletpassphrasechange']],
    ['help sendto|', ['sendtoaddress']],
    ['masternode w|', ['winners']],
    ['cle|', ['clear', 'clearbanned']],
    ['addnode 127.0.0.1:1 |', ['add', 'remove', 'onetry', 'command=']],
    ['addnode 127.0.0.1:1 rem|', ['remove']],
    ['addnode command=on|', ['command=onetry']],
    ['getlogs 5 w|', ['warn']],
    ['sendtoaddress TIME2x 1 sub|', ['subtractfeefromamount=']],
    ['sendtoaddress TIME2x 1 subtractfeefromamount=|', ['subtractfeefromamount=true', 'subtractfeefromamount=false']],
    ['uptime |', []],
    ['uptime|', []],
    ['setlabel x "rem|', []],
    ['nothing rem|', []],
    ['getblockh| ab', ['getblockhash', 'getblockheader']],
  ])('%j with %j', (line, expected) => expect(options(line)).toEqual(expected));

  test('what it has anywhere, behind what begins with it', () => {
    const found = options('masternode|');
    expect(found[0]).toBe('masternodecount');
    expect(found.indexOf('estimatemasternodefee')).toBeGreaterThan(found.indexOf('masternodewinners'));
  });
});

test.each([
  ['walletpassphrase |', 'passphrase', []],
  ['walletpassphrase x |', 'timeout', ['timeout=']],
  ['getblock |', 'blockhash', ['blockhash=', 'verbosity=']],
  ['getblock ab 1 |', undefined, []],
] as const)('%j is at %j', (line, parameter, expected) => {
  expect(at(line).parameter?.name).toBe(parameter);
  if (parameter !== 'passphrase') expect(options(line).filter((text) => text.endsWith('='))).toEqual(expected);
});

test('takes the place of the word, and leaves what is behind it', () => {
  expect(completed('getblo ab', 6, 0, { text: 'getblockhash', means: '' })).toEqual({ line: 'getblockhash ab', cursor: 12 });
  expect(completed('setlabel la', 11, 9, { text: 'label=', means: '' })).toEqual({ line: 'setlabel label=', cursor: 15 });
  expect(completed('upt', 3, 0, { text: 'uptime', means: '' })).toEqual({ line: 'uptime ', cursor: 7 });
});
