import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fromHex } from '../../core/crypto/hex.ts';
import { verifySignature } from '../../core/crypto/signature.ts';
import { loadOrCreateNodeKey, nodeKeyOf } from './node-key.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'node-key-'));
  path = join(folder, 'node.key');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('is made once and is the same ever after', async () => {
  const made = await loadOrCreateNodeKey(path);
  const loaded = await loadOrCreateNodeKey(path);
  expect(loaded.nodeId).toBe(made.nodeId);
  expect(loaded.secretKey64).toEqual(made.secretKey64);
  expect((await loadOrCreateNodeKey(join(folder, 'other.key'))).nodeId).not.toBe(made.nodeId);
});

test.skipIf(process.platform === 'win32')('is for its owner only', async () => {
  await loadOrCreateNodeKey(path);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test('derives and signs as RFC 8032, section 7.1, test 2 says', () => {
  const key = nodeKeyOf(fromHex('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb'));
  expect(key.nodeId).toBe('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c');
  expect(key.publicKey.toString('hex')).toBe(key.nodeId);
  const message = new Uint8Array([0x72]);
  const signature = key.sign(message);
  expect(Buffer.from(signature).toString('hex')).toBe(
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  );
  expect(verifySignature({ publicKey: key.publicKey, message, signature })).toBe(true);
});

test('the file is text that says what it is, and a Windows editor may have saved it', async () => {
  const made = await loadOrCreateNodeKey(path);
  const text = await readFile(path, 'latin1');
  expect(text).toBe(`TIME NODE KEY 1\nseed ${made.secretKey64.subarray(0, 32).toString('hex')}\nnode ${made.nodeId}\n`);
  await writeFile(path, text.replaceAll('\n', '\r\n'));
  expect((await loadOrCreateNodeKey(path)).nodeId).toBe(made.nodeId);
});

test.each<[string, (text: string) => string, string]>([
  ['empty', () => '', 'damaged'],
  ['cut off', (text) => text.slice(0, 60), 'damaged'],
  ['with one digit changed', (text) => text.replace(/seed (.)/, (_, digit) => `seed ${digit === '0' ? '1' : '0'}`), 'damaged'],
  ['with more in it', (text) => `${text}node\n`, 'damaged'],
  ['of zeros, as a crash may leave it', (text) => '\0'.repeat(text.length), 'damaged'],
  ['of a later version', (text) => text.replace('KEY 1', 'KEY 2'), 'unsupported-version'],
])('a file %s is refused and left as it is', async (_, change, code) => {
  await loadOrCreateNodeKey(path);
  const changedText = change(await readFile(path, 'latin1'));
  await writeFile(path, changedText);
  await expect(loadOrCreateNodeKey(path)).rejects.toMatchObject({ name: 'NodeKeyError', code });
  expect(await readFile(path, 'latin1')).toBe(changedText);
});

test('what cannot be read is not replaced either', async () => {
  await expect(loadOrCreateNodeKey(folder)).rejects.toMatchObject({ code: 'data-directory-unusable', detail: expect.stringContaining(`${folder}: EISDIR`) });
});
