import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Lock, OutpointKey } from '../../../src-shared/domain/ids.ts';
import { isShowableLabel } from '../../../src-shared/domain/payment-uri.ts';
import { kdfCosts } from './passphrase-key.ts';
import { seal } from './seal.ts';
import { backupKind, encodeRecord, maxBackupContentBytes } from './sealed-record.ts';
import { maxAccounts } from './wallet.ts';
import { type BackupContent, encodeBackup, openBackup } from './wallet-backup.ts';
import { maxLabels, maxRequests, maxSetAside } from './wallet-book.ts';

const cost = kdfCosts.none;
const entropy = Uint8Array.from({ length: 16 }, (_, n) => 17 * n);
const hex = (bytes: number) => fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((array) => Buffer.from(array).toString('hex'));
const lock = hex(20).map((text) => text as Lock);
const label = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => text === '' || isShowableLabel(text));
const contents: fc.Arbitrary<BackupContent> = fc.record({
  network: fc.constant('testnet' as const),
  createdMs: fc.nat(),
  accounts: fc.array(label, { minLength: 1, maxLength: 5 }),
  branches: fc.array(
    fc
      .record({ account: fc.nat(5), branch: fc.constantFrom('receive' as const, 'change' as const), used: fc.nat(500), more: fc.nat(500) })
      .map(({ more, ...rest }) => ({ ...rest, next: rest.used + more })),
    { maxLength: 6 },
  ),
  labels: fc.array(fc.tuple(lock, label), { maxLength: 10 }).map((pairs) => new Map(pairs)),
  requests: fc.array(fc.record({ lock, amount: fc.option(fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }), { nil: undefined }), label, createdMs: fc.nat() }), {
    maxLength: 5,
  }),
  setAside: fc.array(
    hex(32).map((txid) => `${txid}:3` as OutpointKey),
    { maxLength: 5 },
  ),
});
const sample: BackupContent = {
  network: 'testnet',
  createdMs: 1,
  accounts: ['main'],
  branches: [{ account: 0, branch: 'receive', next: 3, used: 1 }],
  labels: new Map([['11'.repeat(20) as Lock, 'rent']]),
  requests: [],
  setAside: [],
};

test('comes back as it was, with its words', async () => {
  await fc.assert(
    fc.asyncProperty(contents, fc.constantFrom(16, 32), async (content, length) => {
      const secret = new Uint8Array(length).fill(9);
      const opened = await openBackup(await encodeBackup(secret, content, 'secret', cost), 'secret', 'testnet');
      expect(opened).toEqual({ ok: true, content, entropy: Buffer.from(secret) });
    }),
  );
});

test('with any bit changed, any byte less or more, is refused', async () => {
  const file = await encodeBackup(entropy, sample, 'secret', cost);
  for (let bit = 0; bit < file.length * 8; bit++) {
    const flipped = Buffer.from(file);
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(await openBackup(flipped, 'secret', 'testnet')).toMatchObject({ ok: false });
  }
  for (let length = 0; length < file.length; length++) expect(await openBackup(file.subarray(0, length), 'secret', 'testnet')).toMatchObject({ ok: false });
  expect(await openBackup(Buffer.concat([file, Buffer.alloc(1)]), 'secret', 'testnet')).toMatchObject({ ok: false });
});

test('holds neither words nor labels in the clear', async () => {
  const file = await encodeBackup(entropy, sample, 'secret', cost);
  expect(file.includes(Buffer.from(entropy.subarray(0, 8)))).toBe(false);
  expect(file.includes('rent')).toBe(false);
});

test.each([
  ['another passphrase', 'other', 'testnet', 'wrong-passphrase'],
  ['another network', 'secret', 'mainnet', 'other-network'],
] as const)('of %s says so', async (_, passphrase, network, problem) => {
  expect(await openBackup(await encodeBackup(entropy, sample, 'secret', cost), passphrase, network)).toEqual({ ok: false, problem });
});

test.each<[string, Uint8Array]>([
  ['no words', Buffer.from([0, 1, 2])],
  ['no list', Buffer.concat([Buffer.from([16]), Buffer.alloc(16)])],
  ['no JSON', Buffer.concat([Buffer.from([16]), Buffer.alloc(16), Buffer.from('{')])],
  ['something else', Buffer.concat([Buffer.from([16]), Buffer.alloc(16), Buffer.from('{"network":"testnet"}')])],
  ['progress that takes an hour to derive', withChanged({ branches: [{ account: 0, branch: 'receive', next: 2 ** 31, used: 0 }] })],
  [
    'the same in many accounts',
    withChanged({ branches: Array.from({ length: 100 }, (_, account) => ({ account, branch: 'receive', next: 100_000, used: 0 })) }),
  ],
])('sealed well, with %s, is damaged', async (_, content) => {
  expect(await openBackup(encodeRecord(backupKind, await seal(backupKind, content, 'secret', cost)), 'secret', 'testnet')).toEqual({
    ok: false,
    problem: 'damaged',
  });
});

test('with its lists full fits', async () => {
  const text = '字'.repeat(100);
  const many = <T>(count: number, of: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => of(index));
  const lockNumber = (index: number) => index.toString(16).padStart(40, '0') as Lock;
  const full: BackupContent = {
    network: 'testnet',
    createdMs: 1,
    accounts: many(maxAccounts, () => text),
    branches: many(maxAccounts, (account) => ({ account, branch: 'receive', next: 1_000, used: 1_000 })),
    labels: new Map(many(maxLabels, (index) => [lockNumber(index), text])),
    requests: many(maxRequests, (index) => ({ lock: lockNumber(index), amount: 2n ** 64n - 1n, label: text, createdMs: 2 ** 50 })),
    setAside: many(maxSetAside, (index) => `${index.toString(16).padStart(64, '0')}:4294967295` as OutpointKey),
  };
  const file = await encodeBackup(entropy, full, 'secret', cost);
  expect(file.length).toBeLessThan(maxBackupContentBytes);
  expect(await openBackup(file, 'secret', 'testnet')).toMatchObject({ ok: true });
});

function withChanged(change: object): Buffer {
  const plain = { network: 'testnet', createdMs: 1, accounts: [''], branches: [], labels: [], requests: [], setAside: [], ...change };
  return Buffer.concat([Buffer.from([16]), Buffer.alloc(16), Buffer.from(JSON.stringify(plain))]);
}
