import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const configuration = readFileSync(new URL('../../../electron-builder.yml', import.meta.url), 'utf8');
const line = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(configuration)?.[1] ?? '';

/** Switches in the packaged app's executable, which nobody can turn by environment or command line. */
test.each([
  ['runAsNode', false],
  ['enableNodeOptionsEnvironmentVariable', false],
  ['enableNodeCliInspectArguments', false],
  ['grantFileProtocolExtraPrivileges', false],
  ['enableCookieEncryption', true],
  ['enableEmbeddedAsarIntegrityValidation', true],
  ['onlyLoadAppFromAsar', true],
])('the fuse %s is %s', (fuse, wanted) => expect(line('electronFuses')).toMatch(new RegExp(`[{ ]${fuse}: ${wanted}[,} ]`)));

test('what integrity is checked of is an archive, and the system knows the links', () => {
  expect(line('asar')).toBe('true');
  expect(line('protocols')).toContain('schemes: [ timecoin ]');
  expect(line('appId')).toBe('org.timecoin.node');
});
