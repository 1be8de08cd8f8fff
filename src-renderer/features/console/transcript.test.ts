import { expect, test } from 'vitest';
import { shownLine } from '../../../src-shared/api/shown-line.ts';
import { begin, clear, emptyTranscript, finish, leave, maxCharacters, maxEntries, maxHistory, open, recalled, type Transcript } from './transcript.ts';

const typed = (transcript: Transcript, line: string): Transcript => begin(transcript, shownLine(line), 7);
const value = (of: unknown, isSecret = false) => ({ kind: 'value', value: of, isSecret, tookMs: 1 }) as const;
const outcomes = ({ entries }: Transcript): string[] => entries.map(({ outcome }) => outcome.kind);

test('a line is shown and remembered, twice in a row once, and one with a secret neither whole nor at all', () => {
  let transcript = open(emptyTranscript);
  for (const line of ['uptime', 'uptime', 'walletpassphrase hunter2', 'uptime', 'getpeerinfo']) transcript = typed(transcript, line);
  expect(transcript.entries.map(({ line }) => line)).toEqual(['uptime', 'uptime', 'walletpassphrase ••••', 'uptime', 'getpeerinfo']);
  expect(transcript.history).toEqual(['uptime', 'getpeerinfo']);
  expect(JSON.stringify(transcript)).not.toContain('hunter2');
});

test('who leaves the page leaves no secret in it, also none that is still on its way', () => {
  let transcript = open(emptyTranscript);
  for (const line of ['getwords', 'uptime', 'exportnodekey']) transcript = typed(transcript, line);
  transcript = finish(transcript, 1, value({ words: 'abandon' }, true));
  transcript = finish(transcript, 2, value(7));
  expect(JSON.stringify(transcript)).toContain('abandon');
  transcript = finish(leave(transcript), 3, value({ text: 'abandon' }, true));
  expect(outcomes(transcript)).toEqual(['forgotten', 'value', 'forgotten']);
  expect(JSON.stringify(transcript)).not.toContain('abandon');
});

test('nothing grows for ever', () => {
  let transcript = open(emptyTranscript);
  for (let line = 0; line < maxHistory + 5; line++) transcript = typed(transcript, `getblockhash ${line}`);
  expect([transcript.entries.length, transcript.history.length, transcript.history[0]]).toEqual([maxEntries, maxHistory, 'getblockhash 5']);
  // Of an entry that is not there any more, nothing is kept.
  expect(finish(transcript, 1, value('x')).entries).toEqual(transcript.entries);
  for (const line of ['getblock a', 'getblock b', 'getblock c']) {
    transcript = typed(transcript, line);
    transcript = finish(transcript, transcript.lastId, value('x'.repeat(maxCharacters / 2)));
  }
  expect(outcomes(transcript)).toEqual(['value']);
  transcript = finish(typed(clear(transcript), 'getblock d'), transcript.lastId + 1, value('x'.repeat(maxCharacters + 1)));
  expect(outcomes(transcript)).toEqual(['value']);
});

test('arrow keys go through the history and back to what is being typed', () => {
  expect([recalled(3, undefined, true), recalled(3, 2, true), recalled(3, 0, true)]).toEqual([2, 1, 0]);
  expect([recalled(3, 0, false), recalled(3, 2, false), recalled(3, undefined, false), recalled(0, undefined, true)]).toEqual([
    1,
    undefined,
    undefined,
    undefined,
  ]);
});
