import { expect, test } from 'vitest';
import { defaultLimits } from '../../../src-shared/domain/net-limits.ts';
import { AddressBook } from './address-book.ts';
import { nodeIdOf, seeded } from './fake-network.fixture.ts';

const dayMs = 86_400_000;
const newBook = (maxAddresses = 160): AddressBook => new AddressBook({ ...defaultLimits('mainnet'), maxAddresses }, seeded(1));
const told = (network: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({ address: `80.${network}.${index >> 8}.${index & 255}:1`, nodeId: undefined }));

test('a liar fills one share of the book, and pushes out nobody who ever answered', () => {
  const book = newBook();
  for (const entry of book.hear(told(1, 10), 'peer', 'honest', 0)) book.succeeded(entry, 0);
  book.hear(told(2, 5), 'peer', 'honest', 0);
  expect(book.hear(told(3, 1_000), 'peer', 'liar', 0)).toHaveLength(16);
  for (let liar = 0; liar < 100; liar++) book.hear(told(4 + liar, 1_000), 'peer', `liar ${liar}`, 0);
  expect(book.size).toBe(160);
  const kept = [...book.all()].map(({ address }) => address);
  for (const { address } of told(1, 10)) expect(kept).toContain(address);
  // Who told little still finds room where others told much.
  expect(book.hear(told(200, 1), 'peer', 'newcomer', 0)).toHaveLength(1);
});

test('what others say of a node never takes the place of what Noise proved', () => {
  const book = newBook();
  const [entry] = book.hear([{ address: '80.0.0.1:1', nodeId: nodeIdOf(1) }], 'peer', 'a', 0);
  if (entry === undefined) throw new Error('it is new');
  book.proven(entry, nodeIdOf(2));
  book.hear([{ address: '80.0.0.1:1', nodeId: nodeIdOf(3) }], 'peer', 'b', 0);
  expect(book.states()[0]?.nodeId).toBe(nodeIdOf(2));
});

test('forgotten after a week without success, but not what the operator or the snapshot names', () => {
  const book = newBook();
  book
    .hear(told(1, 2), 'peer', 'a', 0)
    .slice(1)
    .map((entry) => book.succeeded(entry, dayMs));
  book.configure('81.0.0.1:1', 'configured', 0);
  book.configure('81.0.0.2:1', 'peer', 0);
  book.register([{ address: '81.0.0.3:1', nodeId: nodeIdOf(1) }], 0);
  book.forget(7 * dayMs + 1, 0);
  expect([...book.all()].map(({ address }) => address)).toEqual(['80.1.0.1:1', '81.0.0.1:1', '81.0.0.2:1', '81.0.0.3:1']);
  book.forget(8 * dayMs + 1, 0);
  expect(book.size).toBe(3);
});

test('told are addresses that answered within a day, at random, and none twice', () => {
  const book = newBook();
  const entries = book.hear(told(1, 16), 'peer', 'a', 0);
  for (const entry of entries.slice(0, 12)) book.succeeded(entry, 0);
  const sample = book.sample(10, dayMs - 1, () => true);
  expect(new Set(sample).size).toBe(10);
  for (const entry of sample) expect(entries.slice(0, 12)).toContain(entry);
  expect(book.sample(10, dayMs, () => true)).toEqual([]);
});

test('what is stored comes back, as one address of many', () => {
  const book = newBook();
  const [entry] = book.hear(told(1, 1), 'dns', 'dns', 5);
  if (entry === undefined) throw new Error('it is new');
  book.proven(entry, nodeIdOf(7));
  book.succeeded(entry, 9);
  book.configure('81.0.0.1:1', 'configured', 0);
  const operations = book.takeOperations();
  expect(operations).toHaveLength(1);
  expect(book.takeOperations()).toEqual([]);
  const [put] = operations;
  const again = newBook();
  again.restore(put?.kind === 'put-addresses' ? put.records : []);
  expect(again.states()).toMatchObject([{ address: '80.1.0.0:1', nodeId: nodeIdOf(7), role: 'peer', source: 'dns', lastSuccessMs: 9 }]);
  again.remove([...again.all()][0] as typeof entry);
  expect(again.takeOperations()).toEqual([{ kind: 'remove-addresses', addresses: ['80.1.0.0:1'] }]);
});
