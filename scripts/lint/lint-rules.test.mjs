import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../bootstrap.mjs';
import { capture } from '../child-process.mjs';

const impure = {
  'arrow-function.ts': 'export const a = async (x: number) => x;\n',
  'async-function.ts': 'export async function a(x: number, y: number) {\n  return x + y;\n}\n',
  'async-method.ts': 'export class A {\n  async method() {\n    return 1;\n  }\n}\n',
  'clock.ts': 'export const a = Date.now();\n',
  'new-date.ts': 'export const a = new Date();\n',
  'promise.ts': 'export const a = Promise.resolve(1);\n',
  'random.ts': 'export const a = Math.random();\n',
  'waiting.ts': "export const a = await import('./clock.ts');\n",
};
const inexact = {
  'fraction.ts': 'export const a = 0.5;\n',
  'parse.ts': "export const a = Number.parseFloat('1');\n",
  'rounding.ts': 'export const a = (x: number) => Math.round(x);\n',
};
const clean = { 'clean.ts': 'export const a = (x: bigint) => (x * 3n) / 2n;\n' };
const everywhere = {
  'any.ts': 'export const a = (x: any) => x;\n',
  'console.ts': "console.log('1');\n",
  'floating.ts': 'async function save() {\n  return 1;\n}\n\nexport function a() {\n  save();\n}\n',
  'formatting.ts': 'export const a = "double";\n',
  'CamelCase.ts': 'export const a = 1;\n',
};

const folder = mkdtempSync(join(tmpdir(), 'lint-rules-'));
/** The findings; a plugin that cannot work says so in a notice. */
let reported = '';

/** @param {string} path @param {Record<string, string>} files */
function write(path, files) {
  for (const [name, text] of Object.entries(files)) {
    const file = join(folder, path, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

beforeAll(async () => {
  const configuration = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8'));
  write('.', { 'biome.json': JSON.stringify({ ...configuration, $schema: undefined, vcs: undefined }) });
  cpSync(join(root, 'scripts/lint'), join(folder, 'scripts/lint'), { recursive: true });
  write('src-main/core/ledger', { ...impure, ...inexact, ...clean });
  write('src-main/node', everywhere);
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
  const { output } = await capture(process.execPath, [biome, 'check', '--max-diagnostics=none', '--reporter=github', 'src-main'], { cwd: folder });
  reported = output
    .split('\n')
    .filter((line) => /^::(error|warning)/.test(line))
    .join('\n');
  expect(output).not.toContain('::notice');
}, 30_000);

afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ...Object.keys({ ...impure, ...inexact }).map((name) => `src-main/core/ledger/${name}`),
  ...Object.keys(everywhere).map((name) => `src-main/node/${name}`),
])('%s is reported', (file) => {
  expect(reported).toContain(file);
});

test('what keeps the rules is not reported', () => {
  expect(reported).not.toContain('clean.ts');
});
