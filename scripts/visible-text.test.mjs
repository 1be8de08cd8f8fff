// What people read is in the catalogues: no component has words of its own, or a second language would leave them in the first.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from '@swc/core';
import { expect, test } from 'vitest';
import { root } from './bootstrap.mjs';

/** Attributes that are shown or read out. */
const spoken = new Set(['aria-label', 'aria-description', 'title', 'placeholder', 'label', 'alt', 'description']);
const words = /\p{L}{2,}/u;

/** @param {string} source @returns {string[]} */
function literalsOf(source) {
  /** @type {string[]} */
  const found = [];
  /** @param {any} node */
  const visit = (node) => {
    if (node === null || typeof node !== 'object') return;
    if (node.type === 'JSXText' && words.test(node.value)) found.push(node.value.trim());
    if (node.type === 'JSXAttribute' && spoken.has(nameOf(node.name)) && node.value?.type === 'StringLiteral' && words.test(node.value.value))
      found.push(node.value.value);
    if (node.type === 'JSXExpressionContainer' && node.expression.type === 'StringLiteral' && words.test(node.expression.value))
      found.push(node.expression.value);
    for (const part of Object.values(node))
      if (Array.isArray(part)) part.forEach(visit);
      else visit(part);
  };
  visit(parseSync(source, { syntax: 'typescript', tsx: true }));
  return found;
}

/** @param {any} name */
const nameOf = (name) => (name.type === 'Identifier' ? name.value : '');

test('a component with words of its own is seen', () => {
  const source = `const A = () => <p title="A title" className="card"><b>{'Some'}</b> words {names.x} · <i aria-label={'Read out'} /></p>;`;
  expect(literalsOf(source)).toEqual(['A title', 'Some', 'words', 'Read out'].sort((a, b) => source.indexOf(a) - source.indexOf(b)));
});

test('no component has words of its own', () => {
  const files = globSync('src-renderer/**/*.tsx', { cwd: root });
  expect(files.length).toBeGreaterThan(40);
  expect(files.flatMap((file) => literalsOf(readFileSync(join(root, file), 'utf8')).map((literal) => `${file}: ${literal}`))).toEqual([]);
});
