import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { limitNames, limitSpecs } from '../../../src-shared/domain/net-limits.ts';
import { configReference } from './config-docs.ts';
import { settingNames } from './config-keys.ts';

it('docs/config.md says what the tables say', () => {
  const file = readFileSync(new URL('../../../docs/config.md', import.meta.url), 'utf8');
  expect(file === configReference(), 'run: node scripts/run.mjs scripts/generate-config-docs.ts').toBe(true);
});

it('explains every key, once', () => {
  const rows = configReference().split('\n');
  for (const key of [...settingNames, ...limitNames.map((name) => limitSpecs[name].key)])
    expect(rows.filter((row) => row.startsWith(`| \`${key}\` |`)).length, key).toBe(1);
});
