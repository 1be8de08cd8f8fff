import { chmod, type link, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { codeOf, createFileDurably, writeFileDurably } from './durable-file.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'durable-file-'));
  path = join(folder, 'key');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const posix = process.platform !== 'win32';

describe('writeFileDurably', () => {
  test('makes the file and replaces it as a whole, leaving nothing else', async () => {
    await writeFileDurably(path, bytes('a longer first version'), 0o600);
    await writeFileDurably(path, bytes('second'), 0o600);
    expect(await readFile(path, 'utf8')).toBe('second');
    expect(await readdir(folder)).toEqual(['key']);
  });

  test.skipIf(!posix)('gives the permissions asked for', async () => {
    await writeFileDurably(path, bytes('x'), 0o600);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test('where it cannot publish the file, the old one stays and nothing is left behind', async () => {
    await mkdir(path);
    await writeFile(join(path, 'inside'), 'old');
    await expect(writeFileDurably(path, bytes('new'), 0o600)).rejects.toMatchObject({
      name: 'OperationalError',
      detail: expect.stringContaining(`${path}: E`),
    });
    expect(await readFile(join(path, 'inside'), 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['key']);
  });

  test('many writers at once leave one whole version', async () => {
    const versions = Array.from({ length: 20 }, (_, n) => `${n}`.repeat(50_000));
    await Promise.all(versions.map((version) => writeFileDurably(path, bytes(version), 0o600)));
    expect(versions).toContain(await readFile(path, 'utf8'));
    expect(await readdir(folder)).toEqual(['key']);
  });

  test.skipIf(!posix || process.getuid?.() === 0)('fails where the folder may not be written', async () => {
    await chmod(folder, 0o500);
    await expect(writeFileDurably(path, bytes('x'), 0o600)).rejects.toMatchObject({ code: 'data-directory-unusable' });
    await chmod(folder, 0o700);
  });
});

test('a full disk is called that, and leaves nothing behind', async () => {
  const full: typeof link = () => Promise.reject(Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }));
  await expect(createFileDurably(path, bytes('x'), 0o600, full)).rejects.toMatchObject({
    name: 'OperationalError',
    code: 'disk-full',
    detail: expect.stringContaining(path),
  });
  expect(await readdir(folder)).toEqual([]);
});

const noLinks: typeof link = () => Promise.reject(Object.assign(new Error('no hard links'), { code: 'ENOTSUP' }));
describe.each([
  ['with hard links', undefined],
  ['without hard links', noLinks],
])('createFileDurably %s', (_, linkFile) => {
  test('makes the file, with nothing beside it', async () => {
    await createFileDurably(path, bytes('new'), 0o600, linkFile);
    expect(await readFile(path, 'utf8')).toBe('new');
    expect(await readdir(folder)).toEqual(['key']);
  });

  test('never replaces a file, however it is made', async () => {
    await writeFile(path, '');
    await expect(createFileDurably(path, bytes('new'), 0o600, linkFile)).rejects.toMatchObject({ code: 'EEXIST' });
    expect(await readFile(path, 'utf8')).toBe('');
    expect(await readdir(folder)).toEqual(['key']);
  });
});

test('of many creators at once, one succeeds and the file is its', async () => {
  const versions = Array.from({ length: 10 }, (_, n) => `${n}`);
  const results = await Promise.allSettled(versions.map((version) => createFileDurably(path, bytes(version), 0o600)));
  const winners = versions.filter((_, n) => results[n]?.status === 'fulfilled');
  expect(winners).toEqual([await readFile(path, 'utf8')]);
  expect(results.flatMap((result) => (result.status === 'rejected' ? [codeOf(result.reason)] : []))).toEqual(Array(9).fill('EEXIST'));
});

test('a failing link that is not for lack of support is reported, not worked around', async () => {
  const full: typeof link = () => Promise.reject(Object.assign(new Error('full'), { code: 'EIO' }));
  await expect(createFileDurably(path, bytes('new'), 0o600, full)).rejects.toMatchObject({ code: 'disk-failure' });
  expect(await readdir(folder)).toEqual([]);
});
