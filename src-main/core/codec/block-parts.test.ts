import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { BlockHash, Hash, NodeId } from '../../../src-shared/domain/ids.ts';
import { testRuns } from '../../../src-shared/domain/test-runs.fixture.ts';
import { type BlockCertificate, type BlockHeader, decodeBlockParts, decodeHeaderOf, encodedTransactionsOf, hashBlock, type LatePrecommit } from './block.ts';
import { hashTransaction } from './transaction.ts';

const hex = (byte: number): string => byte.toString(16).padStart(2, '0').repeat(32);
const byte = fc.nat(255);
const signed = (one: number) => ({ nodeId: hex(one) as NodeId, signature: new Uint8Array(64).fill(one) });
const header = byte.map((one): BlockHeader => {
  const hash = hex(one) as Hash;
  const roots = { transactionsRoot: hash, utxoSetHash: hash, registryHash: hash, snapshotHash: hash, previousCertificateHash: hash };
  const head = { version: one, height: one, previousHash: hex(one) as BlockHash, time: one, round: one, proposer: hex(one) as NodeId };
  return { ...head, closesEpoch: one % 2 === 0, ...roots };
});
const certificate = fc.option(
  fc
    .array(byte, { maxLength: 4 })
    .map((signers): BlockCertificate => ({ height: 1, round: 0, blockHash: hex(1) as BlockHash, precommits: signers.map(signed) })),
  { nil: undefined },
);
const late = fc.array(
  byte.map((one): LatePrecommit => ({ height: one, round: 0, ...signed(one) })),
  { maxLength: 3 },
);
const transactions = fc.array(
  fc
    .uint8Array({ maxLength: 20 })
    .map((payload) => hashTransaction({ version: 1, kind: 'transfer', inputs: [], outputs: [], timestamp: 1, payload, witnesses: [] })),
  { maxLength: 5 },
);

it('one block’s header and transactions are read without the rest of it', () => {
  fc.assert(
    fc.property(header, certificate, transactions, late, (head, previous, some, precommits) => {
      const { encoded } = hashBlock(head, previous, some, precommits);
      const whole = decodeBlockParts(encoded);
      expect(decodeHeaderOf(encoded)).toEqual(whole.header);
      expect(encodedTransactionsOf(encoded)).toEqual(whole.transactions);
      for (let cut = 0; cut < encoded.length; cut += 7) expect(() => encodedTransactionsOf(encoded.subarray(0, cut))).toThrow(RangeError);
    }),
    { numRuns: testRuns(50) },
  );
});
