import { certificateCodec, certificatesCodec, decodeBlock, hashBlock } from '../src-main/core/codec/block.ts';
import { blockProposalCodec, blockVoteCodec, blockVotesCodec } from '../src-main/core/codec/block-vote.ts';
import { decodeGenesis, encodeGenesis, type GenesisContents } from '../src-main/core/codec/genesis.ts';
import { decodeMasternodePayload, encodeMasternodePayload, type MasternodeKind } from '../src-main/core/codec/masternode-payload.ts';
import { decodeMessage, encodeMessage } from '../src-main/core/codec/message.ts';
import { decodeMembers, decodeProgress, encodeMembers, encodeProgress } from '../src-main/core/codec/registry.ts';
import { decodeTransaction, encodeTransaction } from '../src-main/core/codec/transaction.ts';
import { decodeUndo, encodeUndo } from '../src-main/core/codec/undo.ts';
import { utxoStatusCodec } from '../src-main/core/codec/utxo-status.ts';
import { decodeVoteBundle, voteBundleCodec } from '../src-main/core/codec/vote-bundle.ts';
import { genesisOf, keyOf, lockOfKey } from '../src-main/core/engine/test-node.fixture.ts';
import { blockVotes, bundles, certificate, messages, payloads, proposal, transactions, utxoStatuses, withLatePrecommits, withTransactions } from './corpus.ts';
import { expect, type Target, withoutValues } from './target.ts';

interface Codec<T> {
  readonly decode: (bytes: Uint8Array) => T;
  readonly encode: (value: T) => Uint8Array;
}

/** What a decoder throws for bytes that are no value. Anything else, a TypeError above all, is a mistake in it. */
function refusalOf(error: unknown): string {
  const isText = error instanceof TypeError && /encoded data was not valid/.test(error.message);
  if (!(error instanceof Error) || (!isText && error.constructor !== Error && error.constructor !== RangeError)) throw error;
  expect(
    !/Invalid (array|typed array) length|call stack|Array buffer allocation/.test(error.message),
    `a limit of the machine and not of the format: ${error.message}`,
  );
  return withoutValues(error.message);
}

/** Bytes are refused, or they are one value whose only encoding they are. */
function codecTarget<T>(name: string, weight: number, seeds: readonly Uint8Array[], codec: Codec<T>, kind: (value: T) => string = () => ''): Target {
  return {
    name,
    weight,
    seeds,
    run: (input) => {
      let value: T;
      try {
        value = codec.decode(input);
      } catch (error) {
        return refusalOf(error);
      }
      const again = codec.encode(value);
      expect(Buffer.compare(again, input) === 0, `encodes as ${Buffer.from(again).toString('hex')}`);
      return `valid ${kind(value)}`;
    },
  };
}

const genesisContents: GenesisContents = {
  network: 'devnet',
  time: 1_750_000_000_000,
  masternodes: [{ nodeKey: keyOf(0).nodeId, tier: 'gold', ownerLock: lockOfKey(0), rewardLock: lockOfKey(1), serviceAddress: '203.0.113.1:24000' }],
  allocations: [{ lock: lockOfKey(2), amount: 5n, label: 'a' }],
};
const { registry } = genesisOf(2);

export const codecTargets: readonly Target[] = [
  codecTarget('message', 30, messages, { decode: decodeMessage, encode: encodeMessage }, ({ type }) => type),
  codecTarget('transaction', 10, transactions, {
    decode: (bytes) => decodeTransaction(bytes).transaction,
    encode: encodeTransaction,
  }),
  codecTarget('block', 8, [proposal.block, withTransactions, withLatePrecommits], {
    decode: decodeBlock,
    encode: ({ header, previousCertificate, transactions, latePrecommits }) => hashBlock(header, previousCertificate, transactions, latePrecommits).encoded,
  }),
  codecTarget(
    'vote-bundle',
    6,
    bundles.map(({ encoded }) => encoded),
    {
      decode: (bytes) => decodeVoteBundle(bytes).bundle,
      encode: (bundle) => voteBundleCodec.encode(bundle),
    },
  ),
  codecTarget(
    'block-vote',
    2,
    blockVotes.map((vote) => blockVoteCodec.encode(vote)),
    blockVoteCodec,
  ),
  codecTarget('block-votes', 2, [blockVotesCodec.encode(blockVotes)], blockVotesCodec),
  codecTarget('proposal', 2, [blockProposalCodec.encode(proposal)], blockProposalCodec),
  codecTarget('certificate', 2, [certificateCodec.encode(certificate)], certificateCodec),
  codecTarget('certificates', 2, [certificatesCodec.encode([certificate, certificate])], certificatesCodec),
  codecTarget(
    'utxo-status',
    2,
    utxoStatuses.map((status) => utxoStatusCodec.encode(status)),
    utxoStatusCodec,
    ({ state }) => state.kind,
  ),
  codecTarget('undo', 2, [encodeUndo([[], [{ amount: 5n, lock: lockOfKey(0), height: 1, coinbase: true }]])], { decode: decodeUndo, encode: encodeUndo }),
  ...(['masternode-register', 'masternode-update', 'masternode-revive', 'masternode-exit'] satisfies readonly MasternodeKind[]).map((kind) =>
    codecTarget(kind, 1, payloads.filter((payload) => payload.kind === kind).map(encodeMasternodePayload), {
      decode: (bytes) => decodeMasternodePayload(kind, bytes),
      encode: encodeMasternodePayload,
    }),
  ),
  codecTarget('epoch-progress', 2, [encodeProgress(registry.progress)], { decode: decodeProgress, encode: encodeProgress }),
  codecTarget('registry', 2, [encodeMembers(registry.members)], { decode: decodeMembers, encode: encodeMembers }),
  codecTarget('genesis', 2, [encodeGenesis(genesisContents)], { decode: decodeGenesis, encode: encodeGenesis }),
];
