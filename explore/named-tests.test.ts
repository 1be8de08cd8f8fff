import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mutations } from './mutation.ts';

const sources = join(import.meta.dirname, '../src-main');
const argument = readFileSync(join(import.meta.dirname, '../docs/consensus.md'), 'utf8');

/** The last cell of each row of the tables under a heading. */
function lastCells(heading: string): readonly string[] {
  const [, section = ''] = argument.split(`\n## ${heading}\n`);
  const rows = (section.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('|-'));
  return rows.slice(1).map((row) => row.split('|').at(-2) ?? '');
}
const attacks = lastCells('Attacks');
const rules = lastCells('The registry');
const cited = [...attacks, ...rules];

/** A test's file as the argument names it: of core or a neighbour of it, with or without what they all end in. */
function fileOf(name: string): string | undefined {
  const file = name.endsWith('.ts') ? name : `${name}.test.ts`;
  return [join(sources, 'core', file), join(sources, file)].find((path) => existsSync(path));
}

interface Citation {
  readonly name: string;
  readonly words: readonly string[];
}
/** Files in backticks, each with the words in quotes that follow it. */
const citations: readonly Citation[] = cited.flatMap((cell) =>
  Array.from(cell.matchAll(/`((?:\.\.\/)?[\w-]+\/[\w/.-]+)`([^`;]*)/g), ([, name = '', after = '']) => ({
    name,
    words: Array.from(after.matchAll(/"([^"]+)"/g), ([, words = '']) => words),
  })),
);

test('every test that the argument names is there', () => {
  expect(citations.length).toBeGreaterThan(60);
  const missing = citations.flatMap(({ name, words }) => {
    const file = fileOf(name);
    if (file === undefined) return [name];
    const text = readFileSync(file, 'utf8');
    return words.filter((one) => !text.includes(one)).map((one) => `${name} "${one}"`);
  });
  expect(missing).toEqual([]);
});

test('whatever the simulator is said to show, it does', () => {
  const known = ['byzantine.ts', 'faults.ts'].map((file) => readFileSync(join(sources, 'sim', file), 'utf8')).join('');
  const named = attacks.flatMap((cell) =>
    Array.from(cell.matchAll(/simulator, ([^;|]*)/g)).flatMap(([, list = '']) => Array.from(list.matchAll(/`([^`]+)`/g), ([, name = '']) => name)),
  );
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((name) => !known.includes(`'${name}'`) && !name.includes('/'))).toEqual([]);
});

test('the argument lists the mistakes that are found, each once', () => {
  const rows = argument.split('\n').flatMap((line) => /^\| `([\w-]+)`(?::| \|)/.exec(line)?.[1] ?? []);
  expect(rows.toSorted()).toEqual(Object.keys(mutations).toSorted());
});
