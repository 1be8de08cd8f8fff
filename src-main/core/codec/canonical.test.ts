import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lockOf } from '../../../src-shared/domain/address.ts';
import type { BlockHash, Hash, Lock, NodeId, PublicKey, Txid } from '../../../src-shared/domain/ids.ts';
import { testRuns } from '../../../src-shared/domain/test-runs.fixture.ts';
import { maxUserAgentBytes } from '../constants.ts';
import { toHex } from '../crypto/hex.ts';
import type { Tier } from '../snapshot.ts';
import { type BlockCertificate, type BlockHeader, certificateCodec, decodeBlock, hashBlock } from './block.ts';
import { type BlockProposal, type BlockVote, blockProposalCodec, blockVoteCodec } from './block-vote.ts';
import type { Coin } from './coin.ts';
import { decodeGenesis, encodeGenesis, type GenesisContents } from './genesis.ts';
import { type DisconnectCode, decodeMessage, encodeMessage, type Hello, type Message } from './message.ts';
import { decodeMembers, decodeProgress, type EpochProgress, encodeMembers, encodeProgress, type RegistryMember } from './registry.ts';
import {
  decodeTransaction,
  encodeTransaction,
  type HashedTransaction,
  hashTransaction,
  type Transaction,
  type TransactionKind,
  transactionBytes,
  transactionCodec,
} from './transaction.ts';
import { decodeUndo, encodeUndo } from './undo.ts';
import type { UtxoStatus } from './utxo-status.ts';
import { decodeVoteBundle, hashVoteBundle, type TransactionVote, type VoteBundle, voteBundleCodec } from './vote-bundle.ts';

const empty: Transaction = { version: 1, kind: 'transfer', inputs: [], outputs: [], timestamp: 0, payload: new Uint8Array(), witnesses: [] };
const bytesOf = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length });
const hex = <T extends string>(lengthBytes: number): fc.Arbitrary<T> => bytesOf(lengthBytes).map((bytes) => toHex(bytes) as T);
const u16 = fc.integer({ min: 0, max: 0xffff });
const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const time = fc.maxSafeNat();
const some = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(one, { maxLength: 4 });
const maybe = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(one, { nil: undefined });
/** No longer than the shortest limit of a text, for a grapheme may have dozens of bytes; with the byte order mark, which a decoder of text may swallow. */
const label = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }).filter((text) => Buffer.byteLength(text) <= maxUserAgentBytes),
  fc.constantFrom('\ufeff', '\ufeffa', 'a\ufeff', '\0'),
);

const outpoint = fc.record({ txid: hex<Txid>(32), vout: u32 });
const transaction: fc.Arbitrary<Transaction> = fc.record({
  version: u16,
  kind: fc.constantFrom<TransactionKind>('transfer', 'coinbase', 'masternode-register', 'masternode-update', 'masternode-revive', 'masternode-exit'),
  inputs: some(outpoint),
  outputs: some(fc.record({ amount: u64, lock: hex<Lock>(20) })),
  timestamp: time,
  payload: fc.uint8Array({ maxLength: 20 }),
  witnesses: some(fc.record({ publicKey: hex<PublicKey>(32), signature: bytesOf(64) })),
});
const certificate: fc.Arbitrary<BlockCertificate> = fc.record({
  height: u32,
  round: u32,
  blockHash: hex<BlockHash>(32),
  precommits: some(fc.record({ nodeId: hex<NodeId>(32), signature: bytesOf(64) })),
});
const header: fc.Arbitrary<BlockHeader> = fc.record({
  version: u16,
  height: u32,
  previousHash: hex<BlockHash>(32),
  time,
  round: u32,
  proposer: hex<NodeId>(32),
  closesEpoch: fc.boolean(),
  transactionsRoot: hex<Hash>(32),
  utxoSetHash: hex<Hash>(32),
  registryHash: hex<Hash>(32),
  snapshotHash: hex<Hash>(32),
  previousCertificateHash: hex<Hash>(32),
});
const block = fc.tuple(header, maybe(certificate), some(transaction.map(hashTransaction)));
const vote: fc.Arbitrary<TransactionVote> = fc.oneof(
  fc.record({ txid: hex<Txid>(32), choice: fc.constantFrom('accept' as const, 'commit' as const), code: fc.constant('none' as const) }),
  fc.record({
    txid: hex<Txid>(32),
    choice: fc.constant('reject' as const),
    code: fc.constantFrom('broken-rule' as const, 'conflict-certified' as const, 'conflict-settled' as const),
  }),
);
const bundle: fc.Arbitrary<VoteBundle> = fc.record({
  nodeId: hex<NodeId>(32),
  epoch: u32,
  votes: fc.array(vote, { minLength: 1, maxLength: 4 }),
  signature: bytesOf(64),
});
const blockVote: fc.Arbitrary<BlockVote> = fc.record({
  height: u32,
  round: u32,
  phase: fc.constantFrom('prevote' as const, 'precommit' as const),
  blockHash: maybe(hex<BlockHash>(32)),
  nodeId: hex<NodeId>(32),
  signature: bytesOf(64),
});
const blob = fc.uint8Array({ maxLength: 20 });
const proposal: fc.Arbitrary<BlockProposal> = fc.record({
  height: u32,
  round: u32,
  validRound: maybe(u32),
  blockHash: hex<BlockHash>(32),
  nodeId: hex<NodeId>(32),
  signature: bytesOf(64),
  block: blob,
});
const coin: fc.Arbitrary<Coin> = fc.record({ amount: u64, lock: hex<Lock>(20), height: u32, coinbase: fc.boolean() });
const tier = fc.constantFrom<Tier>('free', 'bronze', 'silver', 'gold');
const member: fc.Arbitrary<RegistryMember> = fc.record({
  nodeId: hex<NodeId>(32),
  tier,
  collateral: maybe(outpoint),
  ownerLock: hex<Lock>(20),
  rewardLock: hex<Lock>(20),
  serviceAddress: label,
  registeredHeight: u32,
  status: fc.constantFrom<RegistryMember['status']>('waiting', 'active', 'inactive', 'reviving'),
  signed: fc.array(u16, { maxLength: 5 }),
  closed: fc.array(fc.record({ signed: u16, counted: u16 }), { maxLength: 10 }),
});
const progress: fc.Arbitrary<EpochProgress> = fc.record({
  epoch: u32,
  startHeight: u32,
  genesisMembers: u16,
  launched: fc.boolean(),
  counted: some(fc.record({ height: u32, hash: hex<BlockHash>(32) })),
  tipCounts: fc.boolean(),
  completedMs: maybe(time),
});
const genesis: fc.Arbitrary<GenesisContents> = fc.record({
  network: fc.constantFrom('mainnet' as const, 'testnet' as const, 'devnet' as const),
  time,
  masternodes: some(fc.record({ nodeKey: hex<NodeId>(32), tier, ownerLock: hex<Lock>(20), rewardLock: hex<Lock>(20), serviceAddress: label })),
  allocations: some(fc.record({ lock: hex<Lock>(20), amount: u64, label })),
});
const code = fc.constantFrom<DisconnectCode>('wrong-magic', 'self', 'full', 'stopping', 'requested');
const hello: fc.Arbitrary<Hello> = fc.record({
  magic: fc.constant('TIME'),
  protocolVersion: u16,
  network: fc.integer({ min: 0, max: 255 }),
  genesisHash: hex<Hash>(32),
  userAgent: label,
  listenPort: u16,
  services: u32,
  height: u32,
  tipHash: hex<BlockHash>(32),
  time,
  observedAddress: label,
  nonce: u64,
});
const outpointOf = fc.record({ txid: hex<Txid>(32), vout: u32 });
const utxoStatus: fc.Arbitrary<UtxoStatus> = fc.record({
  outpoint: outpointOf,
  coin: maybe(fc.record({ amount: u64, lock: hex<Lock>(20) })),
  state: fc.oneof(
    fc.record({ kind: fc.constantFrom('unknown' as const, 'unspent' as const) }),
    fc.record({ kind: fc.constantFrom('locked' as const, 'spentFinalized' as const), txid: hex<Txid>(32) }),
    fc.record({ kind: fc.constant('spentPending' as const), txid: hex<Txid>(32), weight: u32 }),
    fc.record({ kind: fc.constant('confirmed' as const), txid: hex<Txid>(32), height: u32 }),
  ),
});
const nothing = fc.constant({});
const tip = fc.record({ height: u32, tipHash: hex<BlockHash>(32) });
const bodies: { [T in Message['type']]: fc.Arbitrary<Extract<Message, { type: T }>['body']> } = {
  Hello: hello,
  HelloAck: fc.record({ refusal: maybe(code) }),
  Ping: fc.record({ nonce: u64 }),
  Pong: fc.record({ nonce: u64, time }),
  GetPeers: nothing,
  Peers: fc.record({ peers: some(fc.record({ address: label, nodeId: maybe(hex<NodeId>(32)) })) }),
  Listening: fc.record({ nodeId: hex<NodeId>(32), nonce: u64, answer: maybe(fc.record({ heard: u64, signs: fc.boolean() })), signature: bytesOf(64) }),
  ListeningReport: fc.record({ vote: maybe(blockVote), proposal: maybe(proposal.map(({ block: _, ...claim }) => claim)), bundle: maybe(bundle) }),
  DialBackRequest: fc.record({ nonce: u64, port: u16 }),
  DialBackResult: fc.record({ nonce: u64, address: label, reached: fc.boolean() }),
  UtxoStateQuery: fc.record({ query: u32, outpoints: some(outpointOf) }),
  UtxoStates: fc.record({ query: u32, refused: fc.boolean(), states: some(utxoStatus) }),
  Subscribe: fc.record({ query: u32, outpoints: some(outpointOf), locks: some(hex<Lock>(20)) }),
  Unsubscribe: fc.record({ outpoints: some(outpointOf), locks: some(hex<Lock>(20)) }),
  Heartbeat: fc.record({ nodeId: hex<NodeId>(32), sequence: time, time, height: u32, signature: bytesOf(64) }),
  UtxoStateNotification: fc.record({ states: some(utxoStatus) }),
  Disconnect: fc.record({ code }),
  GetBlockHeight: nothing,
  BlockHeight: tip,
  BlockAnnouncement: tip,
  GetBlocks: fc.record({ from: u32, count: u16 }),
  Blocks: fc.record({ from: u32, blocks: some(blob), certificate: maybe(certificate) }),
  BlockProposal: proposal,
  BlockVote: blockVote,
  GetBlockVotes: fc.record({ height: u32 }),
  BlockVotes: fc.record({ votes: some(blockVote) }),
  TransactionBroadcast: fc.record({ transactions: some(blob) }),
  TransactionAnnouncement: fc.record({ txids: some(hex<Txid>(32)) }),
  GetTransactions: fc.record({ txids: some(hex<Txid>(32)) }),
  GetPendingTransactions: nothing,
  PendingTransactions: fc.record({ transactions: some(blob), bundles: some(blob) }),
  TransactionVotes: fc.record({ bundles: some(blob) }),
};

interface Subject<T> {
  readonly values: fc.Arbitrary<T>;
  encode(value: T): Uint8Array;
  decode(bytes: Uint8Array): T;
}
const subject = <T>(values: fc.Arbitrary<T>, encode: (value: T) => Uint8Array, decode: (bytes: Uint8Array) => T): Subject<unknown> =>
  ({ values, encode, decode }) as Subject<unknown>;

const ofBlock = ([head, previous, transactions]: [BlockHeader, BlockCertificate | undefined, HashedTransaction[]]) =>
  hashBlock(head, previous, transactions).encoded;
const subjects: Record<string, Subject<unknown>> = {
  transaction: subject(transaction, encodeTransaction, (bytes) => decodeTransaction(bytes).transaction),
  certificate: subject(certificate, certificateCodec.encode, certificateCodec.decode),
  block: subject(block, ofBlock, (bytes) => {
    const decoded = decodeBlock(bytes);
    return [decoded.header, decoded.previousCertificate, [...decoded.transactions]] as [BlockHeader, BlockCertificate | undefined, HashedTransaction[]];
  }),
  'vote bundle': subject(bundle, voteBundleCodec.encode, (bytes) => decodeVoteBundle(bytes).bundle),
  'block vote': subject(blockVote, blockVoteCodec.encode, blockVoteCodec.decode),
  proposal: subject(proposal, blockProposalCodec.encode, blockProposalCodec.decode),
  undo: subject(some(some(coin)), encodeUndo, (bytes) => decodeUndo(bytes) as Coin[][]),
  'registry members': subject(some(member), encodeMembers, (bytes) => decodeMembers(bytes) as RegistryMember[]),
  'registry progress': subject(progress, encodeProgress, decodeProgress),
  genesis: subject(genesis, encodeGenesis, decodeGenesis),
};
for (const [type, body] of Object.entries(bodies)) {
  subjects[`${type} message`] = subject(
    (body as fc.Arbitrary<Message['body']>).map((value) => ({ type, body: value }) as Message),
    encodeMessage,
    decodeMessage,
  );
}

type Attempt = { readonly ok: true; readonly value: unknown } | { readonly ok: false };
function attempt(decode: () => unknown): Attempt {
  try {
    return { ok: true, value: decode() };
  } catch (error) {
    if (error instanceof Error) return { ok: false };
    throw error;
  }
}

describe.each(Object.entries(subjects))('%s', (_, { values, encode, decode }) => {
  it('round-trips', () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(decode(encode(value))).toEqual(value);
      }),
    );
  });

  it('is refused with anything cut off or added', () => {
    fc.assert(
      fc.property(values, fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 3 }), (value, position, extra) => {
        const encoded = encode(value);
        expect(() => decode(encoded.subarray(0, position % encoded.length))).toThrow();
        expect(() => decode(Uint8Array.of(...encoded, ...extra))).toThrow();
      }),
    );
  });

  it('has one encoding: whatever decodes encodes to the same bytes', () => {
    const change = fc.record({ at: fc.nat(), to: fc.integer({ min: 0, max: 255 }) });
    fc.assert(
      fc.property(values, fc.array(change, { minLength: 1, maxLength: 3 }), (value, changes) => {
        const mutated = encode(value).slice();
        for (const { at, to } of changes) mutated[at % mutated.length] = to;
        const decoded = attempt(() => decode(mutated));
        if (decoded.ok) expect(toHex(encode(decoded.value))).toBe(toHex(mutated));
      }),
      { numRuns: testRuns(60) },
    );
  });

  it('is refused, and nothing worse, when it is bytes that nobody encoded', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const decoded = attempt(() => decode(bytes));
        if (decoded.ok) expect(toHex(encode(decoded.value))).toBe(toHex(bytes));
      }),
    );
  });
});

describe('a transaction is decoded as its codec does', () => {
  const same = (bytes: Uint8Array): void => {
    const decoded = attempt(() => decodeTransaction(bytes).transaction);
    expect(decoded).toEqual(attempt(() => transactionCodec.decode(bytes)));
  };
  const change = fc.record({ at: fc.nat(), to: fc.integer({ min: 0, max: 255 }) });

  it('from what was encoded, changed, cut short and made longer', () => {
    fc.assert(
      fc.property(transaction, fc.array(change, { maxLength: 2 }), fc.integer({ min: -3, max: 3 }), (value, changes, longer) => {
        const encoded = encodeTransaction(value);
        const bytes = new Uint8Array(encoded.length + longer);
        bytes.set(encoded.subarray(0, bytes.length));
        for (const { at, to } of changes) bytes[at % bytes.length] = to;
        same(bytes);
      }),
      { numRuns: testRuns(300) },
    );
  });

  it('from a part of a longer buffer, and from the bytes of every length of list', () => {
    fc.assert(
      fc.property(transaction, fc.nat(7), (value, before) => {
        const encoded = encodeTransaction(value);
        const buffer = new Uint8Array(before + encoded.length + 5).fill(0xa5);
        buffer.set(encoded, before);
        same(buffer.subarray(before, before + encoded.length));
      }),
    );
  });

  it('with the numbers at the ends of their ranges', () => {
    for (const amount of [0n, 2n ** 32n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n])
      for (const timestamp of [0, 2 ** 32, Number.MAX_SAFE_INTEGER])
        same(
          encodeTransaction({
            ...empty,
            timestamp,
            outputs: [{ amount, lock: '07'.repeat(20) as Lock }],
            inputs: [{ txid: 'fe'.repeat(32) as Txid, vout: 0xffff_ffff }],
          }),
        );
    const late = encodeTransaction({ ...empty, timestamp: Number.MAX_SAFE_INTEGER });
    // The highest bit of a time of 54.
    late[late.length - 2 - 2 - 2] = 0x20;
    expect(attempt(() => decodeTransaction(late)).ok).toBe(false);
    same(late);
  });

  it('and what its witnesses unlock is what their keys do', () => {
    fc.assert(
      fc.property(transaction, (value) => {
        const { witnessLocks } = decodeTransaction(encodeTransaction(value));
        expect(witnessLocks).toEqual(value.witnesses.map(({ publicKey }) => lockOf(publicKey)));
      }),
    );
  });
});

describe('ids', () => {
  const other = (signature: Uint8Array): Uint8Array => signature.map((byte) => byte ^ 1);

  it('of a transaction do not depend on its witnesses, and depend on all else', () => {
    fc.assert(
      fc.property(transaction, transaction, (one, another) => {
        const { txid } = hashTransaction(one);
        expect(hashTransaction({ ...one, witnesses: another.witnesses }).txid).toBe(txid);
        for (const field of ['version', 'kind', 'inputs', 'outputs', 'timestamp', 'payload'] as const) {
          const changed = { ...one, [field]: another[field] };
          const same = toHex(encodeTransaction(changed)) === toHex(encodeTransaction(one));
          expect(hashTransaction(changed).txid === txid).toBe(same);
        }
        expect(decodeTransaction(encodeTransaction(one)).txid).toBe(txid);
      }),
    );
  });

  it('of a bundle depend on its signature', () => {
    fc.assert(
      fc.property(bundle, (one) => {
        expect(hashVoteBundle({ ...one, signature: other(one.signature) }).hash).not.toBe(hashVoteBundle(one).hash);
      }),
    );
  });

  it('and the size of a transaction is known from its shape', () => {
    fc.assert(
      fc.property(transaction, ({ inputs, outputs, payload, witnesses, ...rest }) => {
        const shape = { inputs: inputs.length, outputs: outputs.length, payloadBytes: payload.length, witnesses: witnesses.length };
        expect(transactionBytes(shape)).toBe(encodeTransaction({ ...rest, inputs, outputs, payload, witnesses }).length);
      }),
    );
  });
});
