import { expect, it } from 'vitest';
import type { NodeId } from '../../../src-shared/domain/ids.ts';
import { defaultLimits } from '../../../src-shared/domain/net-limits.ts';
import { AddressBook } from './address-book.ts';

const nodeIdOf = (number: number): NodeId => number.toString(16).padStart(64, '0') as NodeId;
const registered = (...numbers: readonly number[]) => numbers.map((number) => ({ address: `203.0.113.${number}:24000`, nodeId: nodeIdOf(number) }));

it('the masternodes of an epoch take the place of those before', () => {
  const book = new AddressBook(defaultLimits('mainnet'), () => 0);
  book.register(registered(1, 2, 3), 0);
  book.succeeded(book.get('203.0.113.2:24000')!, 0);
  book.configure('203.0.113.3:24000', 'configured', 0);
  book.register(registered(1, 4), 1);
  expect(book.get('203.0.113.1:24000')?.members).toEqual([nodeIdOf(1)]);
  // One that answered is an address like any other now, one that the operator named stays, and one that nobody ever reached is gone.
  const roles = Object.fromEntries(book.states().map(({ address, role }) => [address, role]));
  expect(roles).toEqual({
    '203.0.113.1:24000': 'masternode',
    '203.0.113.2:24000': 'peer',
    '203.0.113.3:24000': 'configured',
    '203.0.113.4:24000': 'masternode',
  });
  book.register([], 2);
  expect(book.states().map(({ address }) => address)).toEqual(['203.0.113.2:24000', '203.0.113.3:24000']);
});
