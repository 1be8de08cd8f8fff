import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testRuns } from '../domain/test-runs.fixture.ts';
import { quoteWord, splitLine } from './split-line.ts';

const texts = (line: string): string[] => splitLine(line).words.map(({ text }) => text);

it.each([
  ['', []],
  ['  getblock\t ab  1 ', ['getblock', 'ab', '1']],
  [`setlabel TIME2x "two words" 'and "more"'`, ['setlabel', 'TIME2x', 'two words', 'and "more"']],
  [String.raw`"a \"b\" \\ \n" c\d`, [String.raw`a "b" \ \n`, String.raw`c\d`]],
  [`label="a b"c`, ['label=a bc']],
  [`createrawtransaction [{"txid": "a]b\\"", "vout": 1}] {"x": 1.5}`, ['createrawtransaction', `[{"txid": "a]b\\"", "vout": 1}]`, '{"x": 1.5}']],
  ['inputs=[1, 2] a[b c]', ['inputs=[1, 2]', 'a[b', 'c]']],
  ['""', ['']],
])('%j', (line, words) => {
  expect(texts(line)).toEqual(words);
  expect(splitLine(line).open).toBeUndefined();
});

it.each([
  [`a "b c`, 'b c', '"'],
  [`a 'b c`, 'b c', "'"],
  ['a [1, {"x": "]"', '[1, {"x": "]"', '['],
  ['a x={"y"', 'x={"y"', '{'],
])('%j is not closed', (line, last, opening) => {
  expect(splitLine(line).open).toBe(opening);
  expect(texts(line).at(-1)).toBe(last);
});

describe('whatever is typed', () => {
  it('is split into words that lie one behind the other in the line, with nothing but spaces between', () => {
    const piece = fc.constantFrom(' ', '"', "'", '\\', '[', ']', '{', '}', 'a=', 'x', '1', '\t');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 24 }), (pieces) => {
        const line = pieces.join('');
        let between = '';
        let at = 0;
        for (const { start, end } of splitLine(line).words) {
          expect(end).toBeGreaterThan(start);
          between += line.slice(at, start);
          at = end;
        }
        expect((between + line.slice(at)).trim()).toBe('');
      }),
      { numRuns: testRuns(300) },
    );
  });
  it('comes back as it was when it is quoted', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 12 }), { maxLength: 4 }), (list) => {
        const { words, open } = splitLine(list.map(quoteWord).join(' '));
        expect([words.map(({ text }) => text), words.every(({ quoted }) => quoted), open]).toEqual([list, true, undefined]);
      }),
      { numRuns: testRuns(200) },
    );
  });
});
