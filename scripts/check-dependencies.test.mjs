import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from './bootstrap.mjs';
import { cruise, packageProblems } from './check-dependencies.mjs';

/** Rule, a file that breaks it, and what that file imports. */
/** @type {readonly (readonly [string, string, string])[]} */
const violations = [
  ['shared-stands-alone', 'src-shared/domain/a.ts', 'src-main/node/target.ts'],
  ['domain-below-api', 'src-shared/domain/b.ts', 'src-shared/api/target.ts'],
  ['domain-packages', 'src-shared/domain/c.ts', 'zod'],
  ['api-packages', 'src-shared/api/a.ts', 'fastify'],
  ['shared-no-builtin', 'src-shared/api/b.ts', 'node:fs'],
  ['core-is-pure', 'src-main/core/ledger/a.ts', 'src-main/node/target.ts'],
  ['core-is-pure', 'src-main/core/ledger/b.ts', 'src-shared/api/target.ts'],
  ['core-no-builtin', 'src-main/core/ledger/c.ts', 'node:crypto'],
  ['core-packages', 'src-main/core/ledger/d.ts', 'better-sqlite3'],
  ['core-parts-do-not-mix', 'src-main/core/ledger/e.ts', 'src-main/core/mempool/target.ts'],
  ['core-parts-below-engine', 'src-main/core/constants.ts', 'src-main/core/engine/target.ts'],
  ['node-below-hosts', 'src-main/node/a.ts', 'src-main/hosts/api/target.ts'],
  ['sim-packages', 'src-main/sim/a.ts', 'src-main/hosts/api/target.ts'],
  ['nothing-imports-sim', 'src-main/node/b.ts', 'src-main/sim/target.ts'],
  ['hosts-below-tools', 'src-main/hosts/api/a.ts', 'src-renderer/target.ts'],
  ['preload-is-small', 'src-main/hosts/electron/preload.ts', 'src-main/node/target.ts'],
  ['preload-no-builtin', 'src-main/hosts/electron/preload.ts', 'node:fs'],
  ['renderer-sees-shared-only', 'src-renderer/a.ts', 'src-main/core/mempool/target.ts'],
  ['renderer-no-builtin', 'src-renderer/b.ts', 'node:fs'],
  ['renderer-packages', 'src-renderer/c.ts', 'electron'],
  ['electron-in-its-host-only', 'src-main/node/c.ts', 'electron'],
  ['no-cycles', 'src-main/node/d-back.ts', 'src-main/node/d.ts'],
  ['resolvable', 'src-main/node/e.ts', 'src-main/node/absent.ts'],
  ['no-test-code', 'src-main/node/f.ts', 'src-main/node/target.test.ts'],
];

/** What must not be reported. */
/** @type {readonly (readonly [string, string])[]} */
const permitted = [
  ['src-main/core/engine/wiring.ts', 'src-main/core/mempool/target.ts'],
  ['src-main/core/mempool/f.ts', 'src-main/core/codec/target.ts'],
  ['src-main/core/ledger/g.test.ts', 'vitest'],
  ['src-main/sim/b.ts', 'src-main/node/target.ts'],
  ['src-main/hosts/api/b.ts', 'src-main/node/target.ts'],
  ['src-renderer/d.ts', 'src-shared/api/target.ts'],
];

const folder = mkdtempSync(join(tmpdir(), 'layer-rules-'));
/** @type {Set<string>} */
let reported;

/** @param {string} file @param {string} text */
function write(file, text) {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text, { flag: 'a' });
}

beforeAll(async () => {
  for (const [from, to] of [...violations.map(([, from, to]) => /** @type {const} */ ([from, to])), ...permitted]) {
    const isFile = to.startsWith('src-');
    write(from, `import '${isFile ? '../'.repeat(from.split('/').length - 1) + to : to}';\n`);
    if (isFile && !to.includes('absent')) write(to, '');
  }
  write('src-main/node/d.ts', "import './d-back.ts';\n");
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  const { violations: found } = await cruise(folder, ['src-shared', 'src-main', 'src-renderer']);
  reported = new Set(found.map(({ rule, from }) => `${rule.name} ${from}`));
}, 30_000);

afterAll(() => rmSync(folder, { recursive: true }));

test.each(violations)('%s reports %s importing %s', (rule, from) => {
  expect(reported).toContain(`${rule} ${from}`);
});

test.each(permitted)('%s may import %s', (from) => {
  expect([...reported].filter((entry) => entry.endsWith(` ${from}`))).toEqual([]);
});

test('a package that is imported and not declared is reported, and one that is declared and not imported', () => {
  const modules = [
    { source: 'src-main/a.ts', dependencies: ['zod', '@noble/hashes/sha2.js', 'node:fs', './b.ts'].map((module) => ({ module, resolved: module })) },
  ];
  expect(packageProblems(modules, { zod: '1.0.0', ws: '1.0.0' })).toEqual([
    '@noble/hashes is imported, and not in package.json',
    'ws is in package.json, and nothing imports it',
  ]);
});
