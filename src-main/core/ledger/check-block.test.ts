import { describe, expect, it } from 'vitest';
import type { NodeId } from '../../../src-shared/domain/ids.ts';
import { type BlockCertificate, type BlockHeader, decodeBlock, type HashedBlock, hashBlock } from '../codec/block.ts';
import { blockVoteMessage } from '../codec/block-vote.ts';
import { type HashedTransaction, hashTransaction } from '../codec/transaction.ts';
import { dustUnits, earlyBlockBytes, maxBlockBytes } from '../constants.ts';
import { fromHex } from '../crypto/hex.ts';
import { type BlockContext, certificateSignatureItems, checkBlock, checkCertificate, hasBodyOfHeader } from './check-block.ts';
import { blockHashNumber, blockOf, hashNumber, lockNumber, memberNumber, nodeNumber, snapshotOf, transfer, txidNumber } from './ledger-fixtures.ts';
import { makeCoinbase } from './reward.ts';

const snapshot = snapshotOf([memberNumber(1, 10), memberNumber(2, 10), memberNumber(3, 10), memberNumber(4, 1)]);
const intervalMs = 10_000;
const genesisTime = 1_000_000;
const context: BlockContext = {
  parent: { height: 41, hash: blockHashNumber(41), time: genesisTime + 5 * intervalMs + 3_000 },
  snapshot,
  parentSnapshot: snapshot,
  mayClose: () => false,
  checkLate: () => undefined,
  proposerOf: (round) => nodeNumber(1 + (round % 4)),
  genesisTime,
  params: { blockIntervalMs: intervalMs },
};
const slot = (number: number, ms = 0): number => genesisTime + number * intervalMs + ms;
const signed = (...numbers: number[]): BlockCertificate['precommits'] => numbers.map((n) => ({ nodeId: nodeNumber(n), signature: new Uint8Array(64).fill(n) }));
const certificate: BlockCertificate = { height: 41, round: 3, blockHash: blockHashNumber(41), precommits: signed(1, 2, 3) };
const pay = (number: number, outputs = 1): HashedTransaction =>
  transfer({
    inputs: [{ txid: txidNumber(number), vout: 0 }],
    outputs: Array.from({ length: outputs }, () => ({ amount: dustUnits, lock: lockNumber(1) })),
    signers: [1],
  });
const coinbase = makeCoinbase(42, slot(6), []);
const transactions = [coinbase, pay(1), pay(2)];
const fields: Partial<BlockHeader> = { height: 42, previousHash: blockHashNumber(41), time: slot(6), proposer: nodeNumber(1) };
const good = blockOf(transactions, fields, certificate);
const headed = (change: Partial<BlockHeader>): HashedBlock => blockOf(transactions, { ...fields, ...change }, certificate);
const holding = (...some: HashedTransaction[]): HashedBlock => blockOf(some, fields, certificate);
const certified = (change: Partial<BlockCertificate> | undefined): HashedBlock =>
  blockOf(transactions, fields, change === undefined ? undefined : { ...certificate, ...change });
/** Twenty-eight kilobytes each. */
const filling = (bytes: number): HashedTransaction[] => {
  const filled: HashedTransaction[] = [];
  for (let total = 0, number = 100; total < bytes; number++) {
    const one = pay(number, 1_000);
    filled.push(one);
    total += one.encoded.length;
  }
  return filled;
};

describe('hasBodyOfHeader', () => {
  const under = (body: Partial<Pick<HashedBlock, 'previousCertificate' | 'transactions'>>): HashedBlock => {
    const { previousCertificate, transactions: own } = { ...good, ...body };
    return hashBlock(good.header, previousCertificate, own);
  };

  it('is so of a block as it was made', () => {
    expect(hasBodyOfHeader(good)).toBe(true);
    expect(hasBodyOfHeader(decodeBlock(good.encoded))).toBe(true);
  });
  it.each([
    ['a transaction less', under({ transactions: transactions.slice(0, -1) })],
    ['another order', under({ transactions: [...transactions].reverse() })],
    ['a certificate of other members', under({ previousCertificate: { ...certificate, precommits: signed(1, 2, 4) } })],
    ['no certificate', under({ previousCertificate: undefined })],
  ])('is not so with %s under the same header', (_, block) => {
    expect(block.hash).toBe(good.hash);
    expect(hasBodyOfHeader(block)).toBe(false);
  });
});

describe('checkBlock', () => {
  it.each([
    ['a block in the next slot', good],
    ['the same decoded', decodeBlock(good.encoded)],
    ['a block with nothing but its coinbase', holding(coinbase)],
    ['a block many slots later', headed({ time: slot(500) })],
    ['a block of a later round by that round’s proposer', headed({ round: 2, proposer: nodeNumber(3) })],
    ['everybody’s certificate', certified({ precommits: signed(1, 2, 3, 4) })],
    [
      'an early block with half a block of transactions',
      blockOf([coinbase, ...filling(earlyBlockBytes)], { ...fields, time: context.parent.time + 1 }, certificate),
    ],
  ])('passes %s', (_, block) => {
    expect(checkBlock(block, context)).toBeUndefined();
  });

  it.each([
    ['another version', headed({ version: 2 }), 'bad-version'],
    ['its parent’s height', headed({ height: 41 }), 'bad-height'],
    ['a height that leaves one out', headed({ height: 43 }), 'bad-height'],
    ['another parent', headed({ previousHash: blockHashNumber(40) }), 'bad-parent'],
    ['the parent’s time', headed({ time: context.parent.time }), 'bad-time'],
    ['a time before the parent’s', headed({ time: slot(4) }), 'bad-time'],
    ['the end of the epoch', headed({ closesEpoch: true }), 'bad-epoch-flag'],
    ['another snapshot', headed({ snapshotHash: hashNumber(9) }), 'bad-snapshot-hash'],
    ['a proposer whose turn it is not', headed({ proposer: nodeNumber(2) }), 'bad-proposer'],
    ['a proposer of another round', headed({ round: 1 }), 'bad-proposer'],
    ['another transactions root', headed({ transactionsRoot: hashNumber(9) }), 'bad-transactions-root'],
    ['no transactions', holding(), 'bad-coinbase'],
    ['no coinbase', holding(pay(1)), 'bad-coinbase'],
    ['a coinbase that is not first', holding(pay(1), coinbase), 'bad-coinbase'],
    ['two coinbases', holding(coinbase, makeCoinbase(43, slot(6), [])), 'bad-coinbase'],
    ['a transaction twice', holding(coinbase, pay(1), pay(2), pay(1)), 'duplicate-transaction'],
    ['a transaction that breaks a rule', holding(coinbase, transfer({ inputs: [], outputs: [], signers: [] })), 'no-inputs'],
    ['a coinbase in another place', holding(coinbase, hashTransaction({ ...pay(1).transaction, kind: 'coinbase' })), 'bad-coinbase'],
    ['more than two megabytes', holding(coinbase, ...filling(maxBlockBytes)), 'too-large'],
    ['no certificate', certified(undefined), 'bad-certificate'],
    ['a certificate of another height', certified({ height: 40 }), 'bad-certificate'],
    ['a certificate of another block', certified({ blockHash: blockHashNumber(40) }), 'bad-certificate'],
    ['a certificate without a quorum', certified({ precommits: signed(1, 2) }), 'bad-certificate'],
    ['a certificate whose hash is not in the header', headed({ previousCertificateHash: hashNumber(9) }), 'bad-certificate'],
    ['an early block of a few transactions', headed({ time: context.parent.time + 1 }), 'early-block-too-small'],
    ['an early block at the last millisecond of the slot', headed({ time: slot(6) - 1 }), 'early-block-too-small'],
    [
      'an early block that is full only with its coinbase',
      blockOf(
        [makeCoinbase(42, slot(5), Array(10_000).fill({ amount: 1_000n, lock: lockNumber(1) })), ...filling(earlyBlockBytes - 100_000)],
        {
          ...fields,
          time: context.parent.time + 1,
        },
        certificate,
      ),
      'early-block-too-small',
    ],
  ])('refuses %s', (_, block, code) => {
    expect(checkBlock(block, context)?.code).toBe(code);
  });

  it('names the transaction that breaks a rule', () => {
    const bad = transfer({ inputs: [{ txid: txidNumber(1), vout: 0 }], outputs: [], signers: [1] });
    expect(checkBlock(holding(coinbase, bad), context)).toMatchObject({ code: 'no-outputs', detail: expect.stringContaining(bad.txid) });
  });

  it('commits to witnesses: the same transactions signed otherwise are another block', () => {
    const resigned = transactions.map((one, index) =>
      index === 0
        ? one
        : hashTransaction({ ...one.transaction, witnesses: one.transaction.witnesses.map((w) => ({ ...w, signature: new Uint8Array(64).fill(1) })) }),
    );
    expect(resigned.map(({ txid }) => txid)).toEqual(transactions.map(({ txid }) => txid));
    expect(checkBlock(hashBlock(good.header, certificate, resigned), context)?.code).toBe('bad-transactions-root');
  });
});

describe('the first block after the genesis', () => {
  const first: BlockContext = { ...context, parent: { height: 0, hash: blockHashNumber(0), time: genesisTime } };
  const at = (time: number, carried?: BlockCertificate): HashedBlock =>
    blockOf([makeCoinbase(1, time, [])], { ...fields, height: 1, previousHash: blockHashNumber(0), time }, carried);

  it('carries no certificate, and is of slot 1 or later unless it is early', () => {
    expect(checkBlock(at(slot(1)), first)).toBeUndefined();
    expect(checkBlock(at(slot(1) - 1), first)?.code).toBe('early-block-too-small');
    expect(checkBlock(at(slot(1), { ...certificate, height: 0, blockHash: blockHashNumber(0) }), first)?.code).toBe('bad-certificate');
  });
});

describe('checkCertificate', () => {
  const check = (...numbers: number[]) => checkCertificate({ ...certificate, precommits: signed(...numbers) }, snapshot)?.detail;

  it('wants two thirds of the weight of distinct members in snapshot order', () => {
    expect(check(1, 2, 3)).toBeUndefined();
    expect(check(1, 2, 4)).toBeUndefined();
    expect(check(1, 2)).toBe('weight 20 of 31 is no quorum');
    expect(check()).toBe('weight 0 of 31 is no quorum');
    expect(check(1, 1, 1)).toContain('twice or out of order');
    expect(check(3, 2, 1)).toContain('twice or out of order');
    expect(check(1, 2, 3, 5)).toContain('is not a member');
    expect(checkCertificate(certificate, snapshotOf([]))?.detail).toContain('is not a member');
    expect(checkCertificate({ ...certificate, precommits: [] }, snapshotOf([]))?.detail).toBe('weight 0 of 0 is no quorum');
  });

  it('gives the signatures that make it good', () => {
    const message = blockVoteMessage(hashNumber(7), { height: 41, round: 3, phase: 'precommit', blockHash: blockHashNumber(41) });
    const publicKey = (number: number): Uint8Array => fromHex(nodeNumber(number) as NodeId);
    expect(certificateSignatureItems(certificate, hashNumber(7))).toEqual(
      [1, 2, 3].map((n) => ({ publicKey: publicKey(n), message, signature: new Uint8Array(64).fill(n) })),
    );
  });
});
