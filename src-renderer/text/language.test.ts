import { expect, test } from 'vitest';
import { chooseLanguage, chosenLanguage, languageOf, regionOf } from './language.ts';

test.each<[string | null, readonly string[], string]>([
  ['de', ['en-US'], 'de'],
  [null, ['de-CH', 'en'], 'de'],
  [null, ['fr', 'de', 'en'], 'de'],
  [null, ['en-GB', 'de'], 'en'],
  [null, ['fr', 'ja'], 'en'],
  ['klingon', ['de'], 'de'],
  ['constructor', [], 'en'],
])('chosen %s, the system prefers %j: %s', (chosen, preferred, language) => expect(languageOf(chosen, preferred)).toBe(language));

test.each<['en' | 'de', readonly string[], string]>([
  ['en', ['en-GB', 'en'], 'en-GB'],
  ['de', ['en-GB', 'de-CH', 'de'], 'de-CH'],
  ['de', ['en-GB'], 'de'],
  ['en', [], 'en'],
  ['en', ['en-US@posix'], 'en'],
  ['en', ['en-US@posix', 'en-GB'], 'en-GB'],
])('the window speaks %s, the system prefers %j: dates as in %s', (language, preferred, region) => expect(regionOf(language, preferred)).toBe(region));

test('a choice is kept, and taken back', () => {
  const stored = new Map<string, string>();
  const storage = {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
    removeItem: (key: string) => void stored.delete(key),
  };
  chooseLanguage('de', storage);
  expect(chosenLanguage(storage)).toBe('de');
  chooseLanguage(null, storage);
  expect(chosenLanguage(storage)).toBeNull();
});
