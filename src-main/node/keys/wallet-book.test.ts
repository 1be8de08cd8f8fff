import { expect, test } from 'vitest';
import type { Lock, OutpointKey } from '../../../src-shared/domain/ids.ts';
import { maxLabels, maxRequests, maxSetAside, WalletBook } from './wallet-book.ts';
import { memoryWalletStore, type WalletStore } from './wallet-store.ts';

const shop = '33'.repeat(20) as Lock;
const lockNumber = (index: number) => index.toString(16).padStart(40, '0') as Lock;
const outpoint = (index: number) => `${'44'.repeat(32)}:${index}` as OutpointKey;
const bookOn = (store = memoryWalletStore()) => new WalletBook(store, store.load());

test('keeps labels, of strangers too, until they are emptied', async () => {
  const store = memoryWalletStore();
  const book = bookOn(store);
  await book.setLabel(shop, 'the shop');
  expect(bookOn(store).label(shop)).toBe('the shop');
  await book.setLabel(shop, '');
  expect([book.label(shop), bookOn(store).label(shop)]).toEqual(['', '']);
});

test('keeps coins set aside until they are given back', async () => {
  const store = memoryWalletStore();
  const book = bookOn(store);
  await book.putAside([outpoint(1), outpoint(2), outpoint(1)]);
  await book.giveBack([outpoint(1), outpoint(3)]);
  expect([...book.setAside()]).toEqual([outpoint(2)]);
  expect([...bookOn(store).setAside()]).toEqual([outpoint(2)]);
});

test('keeps requests, in the order in which they were made, and names their addresses', async () => {
  const store = memoryWalletStore();
  const book = bookOn(store);
  for (const index of [5, 1]) await book.addRequest({ lock: lockNumber(index), amount: undefined, label: `request ${index}`, createdMs: index });
  expect(
    bookOn(store)
      .requests()
      .map(({ createdMs }) => createdMs),
  ).toEqual([5, 1]);
  expect(book.label(lockNumber(5))).toBe('request 5');
  expect(await book.removeRequest(lockNumber(5))).toBe(true);
  expect(await book.removeRequest(lockNumber(5))).toBe(false);
  expect(
    bookOn(store)
      .requests()
      .map(({ createdMs }) => createdMs),
  ).toEqual([1]);
});

test('has room for so many of each, and what it has can still be changed', async () => {
  const full = {
    ...memoryWalletStore().load(),
    labels: new Map(Array.from({ length: maxLabels }, (_, index) => [lockNumber(index), 'x'] as const)),
    setAside: new Set(Array.from({ length: maxSetAside - 1 }, (_, index) => outpoint(index))),
    requests: Array.from({ length: maxRequests }, (_, index) => ({ lock: lockNumber(index), amount: undefined, label: '', createdMs: index })),
  };
  const book = bookOn(memoryWalletStore(full));
  const refused = { name: 'WalletError', code: 'too-many-entries' };
  await expect(book.setLabel(shop, 'one more')).rejects.toMatchObject(refused);
  await book.setLabel(lockNumber(0), 'another name');
  await expect(book.addRequest({ lock: shop, amount: undefined, label: '', createdMs: 1 })).rejects.toMatchObject(refused);
  await expect(book.putAside([outpoint(maxSetAside), outpoint(maxSetAside + 1)])).rejects.toMatchObject(refused);
  expect(book.setAside().size).toBe(maxSetAside - 1);
  await book.putAside([outpoint(maxSetAside)]);
});

test('what the disk refused is not there, and can be asked for again', async () => {
  const store = memoryWalletStore();
  let full = false;
  const refusing: WalletStore = { ...store, save: (change) => (full ? Promise.reject(new Error('the disk is full')) : store.save(change)) };
  const book = bookOn(refusing);
  const request = { lock: lockNumber(9), amount: undefined, label: '', createdMs: 1 };
  await book.setLabel(shop, 'the shop');
  await book.putAside([outpoint(1)]);
  await book.addRequest(request);
  const changes = [
    () => book.setLabel(shop, ''),
    () => book.setLabel(shop, 'another name'),
    () => book.putAside([outpoint(2)]),
    () => book.giveBack([outpoint(1)]),
    () => book.addRequest({ ...request, lock: lockNumber(8) }),
    () => book.removeRequest(lockNumber(9)),
  ];
  const seen = (from: WalletBook) => ({ label: from.label(shop), aside: [...from.setAside()], requests: from.requests().map(({ lock }) => lock) });
  const before = seen(book);
  full = true;
  for (const change of changes) await expect(change()).rejects.toThrow('full');
  expect(seen(book)).toEqual(before);
  full = false;
  for (const change of changes) await change();
  expect(seen(book)).toEqual({ label: 'another name', aside: [outpoint(2)], requests: [lockNumber(8)] });
  expect(seen(bookOn(store))).toEqual(seen(book));
});
