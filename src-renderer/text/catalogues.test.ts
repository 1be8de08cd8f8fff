import { describe, expect, test } from 'vitest';
import { languages } from './language.ts';
import { catalogues } from './text.ts';

type Entry = readonly [path: string, value: unknown];
type Words = (...args: readonly unknown[]) => unknown;

const entriesOf = (value: unknown, path = ''): Entry[] =>
  typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([key, part]) => entriesOf(part, `${path}.${key}`)) : [[path, value]];

/** Arguments that show where they are used: each of two sets differs from the other in one place. */
const facts = {
  freebytes: 1,
  seconds: 1,
  timeoffset: 1,
  percent: 1,
  needed: 2,
  blocks: 1,
  file: 'chain',
  problem: 'p',
  canrepair: true,
  waitingbytes: 1,
  peers: 1,
  of: 1,
  version: '1',
  address: 'a',
  reviving: false,
  keyelsewhere: false,
};
const history = { kind: 'gone', by: 'us', duration: 10 };
const contradiction = { kind: 'block-votes', phase: 'precommit', height: 7, round: 1, blockhashes: ['aa', 'bb'] };
const argumentsOf = (path: string, count: number): unknown[] => {
  if (path.startsWith('.health.alerts.')) return [facts];
  if (path === '.peers.history.what') return [history];
  if (path === '.consensus.contradiction') return [contradiction];
  if (path.endsWith('.reason')) return ['flood'];
  return Array.from({ length: count }, (_, i) => (i + 1) * 11);
};
const said = (words: unknown, args: readonly unknown[]): string => JSON.stringify((words as Words)(...args));

const english = new Map(entriesOf(catalogues.en));
/** Which arguments change what is said. */
function usedBy(words: Words, path: string): boolean[] {
  const args = argumentsOf(path, words.length);
  return args.map((arg, i) => {
    if (typeof arg !== 'number') return true;
    const others = args.with(i, arg * 90_000_001);
    return said(words, args) !== said(words, others);
  });
}

describe.each(languages.filter((language) => language !== 'en'))('%s', (language) => {
  const entries = entriesOf(catalogues[language]);

  test('has the keys of the English catalogue, and no others', () => {
    expect(entries.map(([path]) => path).sort()).toEqual([...english.keys()].sort());
  });
  test('leaves nothing empty, and nothing long in English', () => {
    const same = entries.filter(([path, value]) => typeof value === 'string' && (value === '' || (value.length > 24 && value === english.get(path))));
    expect(same.map(([path]) => path)).toEqual(['.peers.network.attribution']);
  });
  test('says what it is told where the English does', () => {
    const functions = entries.filter((entry): entry is [string, Words] => typeof entry[1] === 'function');
    expect(functions.length).toBeGreaterThan(60);
    for (const [path, words] of functions) expect([path, usedBy(words, path)]).toEqual([path, usedBy(english.get(path) as Words, path)]);
  });
  test('names every fact of every alert that the English names', () => {
    for (const [path, words] of entries.filter(([path]) => path.startsWith('.health.alerts.')))
      for (const [name, value] of Object.entries(facts)) {
        const others = { ...facts, [name]: typeof value === 'number' ? value * 100_000_000 : typeof value === 'boolean' ? !value : 'another' };
        const changes = (of: unknown): boolean => said(of, [facts]) !== said(of, [others]);
        expect([path, name, changes(words)]).toEqual([path, name, changes(english.get(path))]);
      }
  });
});
