import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { askRepair } from './ask-repair.ts';

const never = new Promise<never>(() => {});
const terminal = (answer?: string) => {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  if (answer !== undefined) input.write(`${answer}\n`);
  const output = new PassThrough();
  return { input, output, said: () => String(output.read() ?? '') };
};

test.each([
  ['y', true],
  [' YES ', true],
  ['n', false],
  ['', false],
  ['yesterday', false],
])('"%s" at a terminal', async (answer, isWanted) => {
  const { input, output, said } = terminal(answer);
  expect(await askRepair({ input, output, detail: '/data/chain.sqlite: page 7', cancelled: never })).toBe(isWanted);
  expect(said()).toContain('/data/chain.sqlite: page 7');
});

test('where nobody can answer nobody is asked', async () => {
  const { output, said } = terminal();
  expect(await askRepair({ input: new PassThrough(), output, detail: '', cancelled: never })).toBe(false);
  expect(said()).toBe('');
});

test('who stops the program instead of answering wants no repair', async () => {
  const { input, output } = terminal();
  expect(await askRepair({ input, output, detail: '', cancelled: Promise.resolve() })).toBe(false);
});
