import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { NodeId, Txid } from '../../src-shared/domain/ids.ts';
import { testRuns } from '../../src-shared/domain/test-runs.fixture.ts';
import { decodeMessage, encodeMessage, itemsClaimed, type Message, messageTypeOf } from '../core/codec/message.ts';
import { hashVoteBundle } from '../core/codec/vote-bundle.ts';
import { SharedReader } from './shared-reader.ts';

const idOf = (value: number): string => value.toString(16).padStart(64, '0');
const bundle = fc.record({ member: fc.nat(9), first: fc.nat(1_000), votes: fc.integer({ min: 1, max: 30 }) }).map(({ member, first, votes }) => {
  const list = Array.from({ length: votes }, (_, index) => ({ txid: idOf(first + index) as Txid, choice: 'accept', code: 'none' }) as const);
  const signature = new Uint8Array(64).fill(member);
  return hashVoteBundle({ nodeId: idOf(member) as NodeId, epoch: 1, votes: list, signature }).encoded;
});

test('a parcel is as long as the message, begins like it, and is read as the same', () => {
  fc.assert(
    fc.property(fc.array(bundle, { minLength: 1, maxLength: 20 }), (bundles) => {
      const reader = new SharedReader(1_000_000);
      const message: Message = { type: 'TransactionVotes', body: { bundles } };
      const [whole, parcel] = [reader.encode(message), reader.encode(message)];
      expect(whole).toEqual(encodeMessage(message));
      expect(parcel).not.toEqual(whole);
      expect(parcel.length).toBe(whole.length);
      expect([messageTypeOf(parcel), itemsClaimed('TransactionVotes', parcel)]).toEqual(['TransactionVotes', bundles.length]);
      expect(reader.message(parcel)).toEqual(decodeMessage(whole));
    }),
    { numRuns: testRuns(30) },
  );
});

test('what is longer than parcels are is put together', () => {
  const reader = new SharedReader(1_000_000);
  const message: Message = { type: 'TransactionVotes', body: { bundles: Array.from({ length: 10 }, () => new Uint8Array(20_000).fill(1)) } };
  reader.encode(message);
  expect(reader.encode(message)).toEqual(encodeMessage(message));
});
