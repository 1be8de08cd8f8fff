import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { StandardInput } from './standard-input.ts';

/** What a terminal is asked to: to pass each key on, instead of showing it. */
function terminal() {
  const raw: boolean[] = [];
  const stream = Object.assign(new PassThrough(), { isTTY: true, setRawMode: (isRaw: boolean) => void raw.push(isRaw) });
  const said: string[] = [];
  return { stream, raw, said, input: new StandardInput(stream, (what) => said.push(what)) };
}

function inputOf(text: string, isTTY = false) {
  const stream = Object.assign(new PassThrough(), { isTTY });
  const said: string[] = [];
  stream.write(text);
  const input = new StandardInput(stream, (what) => said.push(what));
  return { stream, said, input };
}

it('gives one line after the other, however they came, and says where there are no more', async () => {
  const { stream, said, input } = inputOf('first\nsecond words\r\nthi');
  expect(await input.line('one: ')).toBe('first');
  expect(await input.line('two: ')).toBe('second words');
  stream.end('rd');
  expect(await input.line('three: ')).toBe('third');
  expect(await input.line('four: ')).toBeUndefined();
  expect(said).toEqual([]);
});

it('gives what is left', async () => {
  const { stream, input } = inputOf('secret\na\n\nb\n');
  stream.end();
  expect(await input.line('')).toBe('secret');
  expect(await input.rest()).toEqual(['a', '', 'b']);
  expect(await input.rest()).toEqual([]);
});

it('asks a person, and shows nothing of what they type', async () => {
  const { said, input } = inputOf('hunter2\n', true);
  expect(await input.line('passphrase: ')).toBe('hunter2');
  expect(said).toEqual(['passphrase: ', '\n']);
  input.close();
});

it('shows nothing of what is left either, and Ctrl-D ends it', async () => {
  const { stream, raw, said, input } = terminal();
  stream.write('abandon ability\nhunter2\n\u0004');
  expect(await input.rest()).toEqual(['abandon ability', 'hunter2']);
  expect(raw).toEqual([true, false]);
  expect(said.join('')).toMatch(/Ctrl-D/);
  expect(said.join('')).not.toMatch(/abandon|hunter2/);
});

it('reads nothing unless it is asked for, so that a program that needs nothing ends', () => {
  const { stream, input } = inputOf('');
  input.close();
  expect(stream.listenerCount('data') + stream.listenerCount('readable')).toBe(0);
});
