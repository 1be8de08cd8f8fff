import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { StandardInput } from './standard-input.ts';

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

it('reads nothing unless it is asked for, so that a program that needs nothing ends', () => {
  const { stream, input } = inputOf('');
  input.close();
  expect(stream.listenerCount('data') + stream.listenerCount('readable')).toBe(0);
});
