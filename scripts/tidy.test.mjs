// The repository looks at itself: what no compiler or linter checks, and what a reviewer should not have to.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './bootstrap.mjs';

const maxLines = 400;
const maxBinaryBytes = 1_000_000;
const code = /\.(ts|tsx|mjs|cjs|css)$/;
const leftovers = /\b(TODO|FIXME|XXX|HACK)\b/;
// `any` is the linter's matter, which tells it from the word.
const suppressions = /@ts-(ignore|nocheck)/;

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)))
  .map((path) => ({ path, bytes: readFileSync(join(root, path)) }));
// This file names what it looks for.
const sources = files
  .filter(({ path }) => code.test(path) && path !== 'scripts/tidy.test.mjs')
  .map(({ path, bytes }) => ({ path, text: bytes.toString('utf8') }));

/** @param {RegExp} pattern */
const linesWith = (pattern) =>
  sources.flatMap(({ path, text }) => text.split('\n').flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [])));

test('the repository is seen', () => {
  expect(sources.length).toBeGreaterThan(50);
});

test(`a file of code has at most ${maxLines} lines`, () => {
  expect(sources.filter(({ text }) => text.split('\n').length > maxLines).map(({ path }) => path)).toEqual([]);
});

test('nothing unfinished is left in the code', () => {
  expect(linesWith(leftovers)).toEqual([]);
});

test('no check of types is silenced', () => {
  expect(linesWith(suppressions)).toEqual([]);
});

test('every silenced lint says why', () => {
  expect(linesWith(/biome-ignore(?!\S* [\w/]+: \S)/)).toEqual([]);
});

test('tests wait for events, and take the port they are given', () => {
  const inTests = linesWith(/(await sleep\(|setTimeout\(resolve, [1-9])|listen\((?!0\b)\d+/).filter((line) => /\.(test|spec)\.tsx?:/.test(line));
  expect(inTests).toEqual([]);
});

test('text ends with one line break and has no tabs or carriage returns', () => {
  expect(sources.filter(({ text }) => !/[^\n]\n$/.test(text) || /[\t\r]/.test(text)).map(({ path }) => path)).toEqual([]);
});

test('large files are not kept in the repository', () => {
  expect(files.filter(({ bytes, path }) => bytes.length > maxBinaryBytes && path !== 'package-lock.json').map(({ path }) => path)).toEqual([]);
});

test('every script in package.json is explained', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const explained = ['README.md', 'CONTRIBUTING.md'].map((name) => readFileSync(join(root, name), 'utf8')).join('\n');
  expect(Object.keys(scripts).filter((name) => !new RegExp(`npm (run )?${name}\\b`).test(explained))).toEqual([]);
});
