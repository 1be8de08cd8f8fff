import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { argon2id } from '@noble/hashes/argon2.js';
import { mnemonicToSeedWebcrypto } from '@scure/bip39';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { toHex } from '../../core/crypto/hex.ts';
import { calibratedCost, costFor, kdfCosts, passphraseKey } from './passphrase-key.ts';
import { decodeRecord, encodeHeader, encodeRecord, vaultKind } from './sealed-record.ts';
import { createVault, openVault } from './wallet-vault.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wallet-vault-'));
  path = join(folder, 'wallet.vault');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const entropy = new Uint8Array(16);
/** What Argon2 costs is shown once; everywhere else the least will do. */
const cheap = async () => kdfCosts.none;
const refused = (code: string) => ({ name: 'VaultError', code });

describe('a vault', () => {
  test.each([
    { length: 16, passphrase: 'correct horse' },
    { length: 32, passphrase: '' },
  ])('gives back $length bytes of entropy to whoever has the passphrase "$passphrase", also after a restart', async ({ length, passphrase }) => {
    const secret = Uint8Array.from({ length }, (_, n) => n * 7);
    await createVault(path, { entropy: secret, passphrase }, cheap);
    const vault = await openVault(path, cheap);
    expect(vault.secrets).toBeUndefined();
    await expect(vault.unlock('correct hose')).rejects.toMatchObject(refused('wrong-passphrase'));
    expect(vault.secrets).toBeUndefined();
    const secrets = await vault.unlock(passphrase);
    expect(toHex(secrets.entropy)).toBe(toHex(secret));
    expect(vault.secrets).toBe(secrets);
  });

  test('may have an empty passphrase, which is as good as none and as fast', async () => {
    const vault = await createVault(path, { entropy, passphrase: '' });
    expect(decoded(await readFile(path)).cost).toEqual(kdfCosts.none);
    await expect(vault.unlock('x')).rejects.toMatchObject(refused('wrong-passphrase'));
    expect(toHex((await vault.unlock('')).entropy)).toBe(toHex(entropy));
  });

  test('takes the same passphrase from keyboards that compose letters differently', async () => {
    const vault = await createVault(path, { entropy, passphrase: 'caf\u00e9' }, cheap);
    expect((await vault.unlock('cafe\u0301')).entropy).toHaveLength(16);
  });

  test.skipIf(process.platform === 'win32')('is for its owner only', async () => {
    await createVault(path, { entropy, passphrase: '' });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test('never holds the entropy in the clear', async () => {
    const secret = Uint8Array.from({ length: 32 }, (_, n) => 200 - n);
    await createVault(path, { entropy: secret, passphrase: '' });
    expect((await readFile(path)).includes(Buffer.from(secret.subarray(0, 8)))).toBe(false);
  });

  test('is made of standard parts: RFC 9106, XChaCha20-Poly1305, the header as authenticated data', async () => {
    await createVault(path, { entropy, passphrase: '' });
    const record = decoded(await readFile(path));
    const key = argon2id('', record.salt, { t: record.cost.passes, m: record.cost.memoryKib, p: 1, dkLen: 32 });
    expect(xchacha20poly1305(key, record.nonce, encodeHeader(vaultKind, record)).decrypt(record.ciphertext)).toEqual(entropy);
  });

  test('made by this release opens for ever', async () => {
    const file =
      '54494d45564c5400010001000000080000000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728462fad5225080cd25dac5c9accebfc2dab4eb5f99c9104ff7e2235bb96e04aaf0d8936287fed19b2';
    await writeFile(path, Buffer.from(file, 'hex'));
    expect(toHex((await (await openVault(path)).unlock('')).entropy)).toBe('7f'.repeat(16));
  });
});

describe('a vault is never lost', () => {
  test('another one is not written over it', async () => {
    await createVault(path, { entropy, passphrase: '' });
    const before = await readFile(path);
    await expect(createVault(path, { entropy, passphrase: '' })).rejects.toMatchObject(refused('already-exists'));
    expect(await readFile(path)).toEqual(before);
  });

  test('entropy that has no words is refused before anything is written', async () => {
    await expect(createVault(path, { entropy: new Uint8Array(20), passphrase: '' })).rejects.toThrow(RangeError);
    expect(await readdir(folder)).toEqual([]);
  });

  test('a new passphrase replaces the old one, in memory and on disk, with a fresh salt and nonce', async () => {
    const vault = await createVault(path, { entropy, passphrase: '' }, cheap);
    const before = decoded(await readFile(path));
    await expect(vault.changePassphrase('wrong', 'new')).rejects.toMatchObject(refused('wrong-passphrase'));
    expect(decoded(await readFile(path))).toEqual(before);
    await vault.changePassphrase('', 'new');
    for (const one of [vault, await openVault(path, cheap)]) {
      await expect(one.unlock('')).rejects.toMatchObject(refused('wrong-passphrase'));
      expect(toHex((await one.unlock('new')).entropy)).toBe(toHex(entropy));
    }
    const after = decoded(await readFile(path));
    expect(after.salt).not.toEqual(before.salt);
    expect(after.nonce).not.toEqual(before.nonce);
  });

  test('a real passphrase costs at least what libsodium has for interactive use, also in place of an empty one', async () => {
    const vault = await createVault(path, { entropy, passphrase: '' });
    await vault.changePassphrase('', 'new');
    expect(decoded(await readFile(path)).cost.memoryKib).toBeGreaterThanOrEqual(kdfCosts.interactive.memoryKib);
  });
});

describe('a vault file', () => {
  test('that is not there says so', async () => {
    await expect(openVault(path)).rejects.toMatchObject(refused('not-found'));
  });

  test.each<[string, (bytes: Buffer) => Buffer, string]>([
    ['cut off', (bytes) => bytes.subarray(0, 40), 'damaged'],
    ['of zeros', (bytes) => Buffer.alloc(bytes.length), 'damaged'],
    ['of a later version', (bytes) => Buffer.concat([bytes.subarray(0, 8), Buffer.from([9, 0]), bytes.subarray(10)]), 'unsupported-version'],
  ])('%s is refused without a passphrase', async (_, change, code) => {
    await createVault(path, { entropy, passphrase: '' });
    await writeFile(path, change(await readFile(path)));
    await expect(openVault(path)).rejects.toMatchObject(refused(code));
  });

  test('with parameters put in by somebody else does not open: they are authenticated', async () => {
    await createVault(path, { entropy, passphrase: '' });
    const record = decoded(await readFile(path));
    await writeFile(path, encodeRecord(vaultKind, { ...record, nonce: Buffer.alloc(24) }));
    await expect((await openVault(path)).unlock('')).rejects.toMatchObject(refused('wrong-passphrase'));
  });
});

describe('lock', () => {
  test('overwrites the secrets, also those that somebody still holds', async () => {
    const vault = await createVault(path, { entropy: new Uint8Array(16).fill(5), passphrase: '' });
    const { entropy: held, seed } = await vault.unlock('');
    expect(seed.some((byte) => byte !== 0)).toBe(true);
    vault.lock();
    expect(vault.secrets).toBeUndefined();
    expect([...held, ...seed].every((byte) => byte === 0)).toBe(true);
    expect((await vault.unlock('')).entropy[0]).toBe(5);
  });

  test('beats an unlock that is under way', async () => {
    const vault = await createVault(path, { entropy, passphrase: '' });
    const unlocking = vault.unlock('');
    vault.lock();
    await expect(unlocking).rejects.toMatchObject(refused('locked-meanwhile'));
    expect(vault.secrets).toBeUndefined();
  });

  test('two unlocks at once share their secrets', async () => {
    const vault = await createVault(path, { entropy, passphrase: '' });
    const [one, other] = await Promise.all([vault.unlock(''), vault.unlock('')]);
    expect(one).toBe(other);
    expect(one.seed.some((byte) => byte !== 0)).toBe(true);
  });
});

describe('deriving the key', () => {
  test('leaves the event loop turning', async () => {
    let turns = 0;
    let done = false;
    const turn = (): void => {
      turns++;
      if (!done) setImmediate(turn);
    };
    setImmediate(turn);
    await passphraseKey('x', Buffer.alloc(16), kdfCosts.interactive);
    done = true;
    expect(turns).toBeGreaterThan(10);
  });

  test.each([
    { interactiveMs: 70, cost: kdfCosts.moderate },
    { interactiveMs: 250, cost: kdfCosts.moderate },
    { interactiveMs: 251, cost: kdfCosts.interactive },
    { interactiveMs: 10_000, cost: kdfCosts.interactive },
  ])('costs what is bearable on a machine that takes $interactiveMs ms for 64 MiB', ({ interactiveMs, cost }) => {
    expect(costFor(interactiveMs)).toBe(cost);
  });

  test('is measured with the clock it is given', async () => {
    const clockOf = (...times: readonly number[]) => {
      const left = [...times];
      return () => left.shift() ?? Number.NaN;
    };
    expect(await calibratedCost('x', clockOf(5, 105))).toBe(kdfCosts.moderate);
    expect(await calibratedCost('x', clockOf(5, 905))).toBe(kdfCosts.interactive);
  });
});

describe('BIP39 seeds', () => {
  // https://github.com/trezor/python-mnemonic/blob/master/vectors.json; its passphrase for all is TREZOR.
  test.each([
    [
      `${'abandon '.repeat(11)}about`,
      'c55257c360c07c72029aebc1b53c05ed0362ada38ead3e3e9efa3708e53495531f09a6987599d18264c1e1c92f2cf141630c7a3c4ab7c81b2f001698e7463b04',
    ],
    [
      'legal winner thank year wave sausage worth useful legal winner thank yellow',
      '2e8905819b8723fe2c1d161860e5ee1830318dbf49a83bd451cfb8440c28bd6fa457fe1296106559a3c80937a1c1069be3a3a5bd381ee6260e8d9739fce1f607',
    ],
    [
      `${'abandon '.repeat(23)}art`,
      'bda85446c68413707090a52022edd26a1c9462295029f2e60cd7c4f2bbd3097170af7a4d73245cafa9c3cca8d561a7c3de6f5d4a10be8ed2a5e608d68f92fcc8',
    ],
    [
      'void come effort suffer camp survey warrior heavy shoot primary clutch crush open amazing screen patrol group space point ten exist slush involve unfold',
      '01f5bced59dec48e362f2c45b5de68b9fd6c92c6634f44d6d40aab69056506f0e35524a518034ddc1192e1dacd32c1ed3eaa3c3b131c88ed8e7e54c49a5d0998',
    ],
  ])('%s', async (words, seed) => {
    expect(toHex(await mnemonicToSeedWebcrypto(words, 'TREZOR'))).toBe(seed);
  });

  test('the vault uses no BIP39 passphrase, as other wallets do by default', async () => {
    const { seed } = await (await createVault(path, { entropy, passphrase: '' })).unlock('');
    expect(toHex(seed)).toBe(toHex(await mnemonicToSeedWebcrypto(`${'abandon '.repeat(11)}about`, '')));
  });
});

function decoded(bytes: Buffer) {
  const result = decodeRecord(vaultKind, bytes);
  if (!result.ok) throw new Error(result.problem.code);
  return result.record;
}
