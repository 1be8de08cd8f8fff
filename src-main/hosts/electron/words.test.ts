import { expect, test } from 'vitest';
import { wordsOf } from './words.ts';

test.each([
  ['de', 'Beenden'],
  ['de-AT', 'Beenden'],
  ['en-GB', 'Quit'],
  ['del', 'Quit'],
  ['fr-FR', 'Quit'],
])('a system that speaks %s has %s', (locale, quit) => expect(wordsOf(locale).menu.quit).toBe(quit));

test('progress names how far it is, in each language', () => {
  for (const locale of ['en', 'de']) {
    expect(wordsOf(locale).stopping(1, 4)).toMatch(/1 .* 4/);
    expect(wordsOf(locale).stopping(0, 1)).not.toMatch(/\d/);
  }
});
