import type { BlockCertificate } from '../src-main/core/codec/block.ts';
import { hashBlock } from '../src-main/core/codec/block.ts';
import { signHeartbeat } from '../src-main/core/codec/heartbeat.ts';
import { signListening } from '../src-main/core/codec/listening.ts';
import type { MasternodePayload } from '../src-main/core/codec/masternode-payload.ts';
import { encodeMessage, type Message, type MessageBodies, type MessageType } from '../src-main/core/codec/message.ts';
import { hashTransaction } from '../src-main/core/codec/transaction.ts';
import type { UtxoStatus } from '../src-main/core/codec/utxo-status.ts';
import { signVoteBundle, type TransactionVote } from '../src-main/core/codec/vote-bundle.ts';
import { protocolVersion, wireMagic } from '../src-main/core/constants.ts';
import { sign } from '../src-main/core/crypto/signature.ts';
import { allocation, blockVoteOf, coinOf, firstProposal, genesisOf, keyOf, lockOfKey, payment } from '../src-main/core/engine/test-node.fixture.ts';
import { buildMasternode, signTransaction } from '../src-main/core/wallet/builder.ts';
import { lockOf } from '../src-shared/domain/address.ts';
import type { Lock, Outpoint } from '../src-shared/domain/ids.ts';
import { networks } from '../src-shared/domain/networks.ts';

/** The network whose messages they are: four members, whose keys the fuzzer has too, so that what it makes goes as far as a member's. */
export const memberCount = 4;
export const genesis = genesisOf(memberCount, 8);

const feeUnits = 10_000_000n;
const pay = (index: number, to: number) => payment(genesis, [coinOf(genesis, memberCount, index)], [{ amount: allocation - feeUnits, lock: lockOfKey(to) }]);
const first = pay(0, 1);
const rival = pay(0, 2);
const second = pay(1, 1);
const child = payment(genesis, [{ txid: first.txid, vout: 0 }], [{ amount: allocation - 2n * feeUnits, lock: lockOfKey(3) }], 1);

const newcomer = keyOf(7);
const owner = keyOf(0);
export const payloads: readonly MasternodePayload[] = [
  {
    kind: 'masternode-register',
    nodeId: newcomer.nodeId,
    tier: 'free',
    collateral: undefined,
    ownerLock: lockOfKey(0),
    rewardLock: lockOfKey(1),
    serviceAddress: '203.0.113.1:24000',
  },
  {
    kind: 'masternode-register',
    nodeId: newcomer.nodeId,
    tier: 'bronze',
    collateral: coinOf(genesis, memberCount, 5),
    ownerLock: lockOfKey(0),
    rewardLock: lockOfKey(1),
    serviceAddress: '',
  },
  { kind: 'masternode-update', nodeId: owner.nodeId, rewardLock: lockOfKey(2), serviceAddress: '[2001:db8::1]:1' },
  { kind: 'masternode-revive', nodeId: owner.nodeId, epoch: 0 },
  { kind: 'masternode-exit', nodeId: owner.nodeId },
];
const signers = new Map([owner, newcomer].map(({ seed, publicKey }) => [lockOf(publicKey), { publicKey, sign: (message: Uint8Array) => sign(seed, message) }]));
/** Each as its owner sends it, paid with a coin of its own; a revival costs nothing. */
const masternodeTransactions = payloads.map((payload, index) => {
  const outpoint: Outpoint = coinOf(genesis, memberCount, 2 + index);
  const paid = payload.kind !== 'masternode-revive';
  const plan = { coins: [{ outpoint, amount: allocation, lock: lockOfKey(0) }], outputs: [{ amount: allocation - feeUnits, lock: lockOfKey(0) }] };
  const unsigned = buildMasternode(payload, (paid ? plan : undefined) as never, 1);
  const also: readonly Lock[] = payload.kind === 'masternode-register' ? [lockOf(newcomer.publicKey)] : [];
  return hashTransaction(signTransaction(unsigned, paid ? [lockOfKey(0)] : [], genesis.hash, (lock) => signers.get(lock), [lockOfKey(0), ...also]).transaction);
});
export const { proposal, proposer } = firstProposal(genesis, memberCount);

const bundleOf = (member: number, votes: readonly TransactionVote[]) =>
  signVoteBundle({ nodeId: keyOf(member).nodeId, epoch: 0, votes }, genesis.hash, { sign: (message) => sign(keyOf(member).seed, message) });
const votesOf = (choice: 'accept' | 'commit'): TransactionVote[] => [first, second].map(({ txid }) => ({ txid, choice, code: 'none' }));
export const bundles = [
  ...[0, 1, 2, 3].flatMap((member) => [bundleOf(member, votesOf('accept')), bundleOf(member, votesOf('commit'))]),
  bundleOf(1, [{ txid: rival.txid, choice: 'reject', code: 'conflict-certified' }]),
  bundleOf(2, [{ txid: rival.txid, choice: 'accept', code: 'none' }]),
];
const { blockHash } = proposal;
export const blockVotes = [0, 1, 2, 3].flatMap((member) => [
  blockVoteOf(genesis, member, { height: 1, round: 0, phase: 'prevote', blockHash }),
  blockVoteOf(genesis, member, { height: 1, round: 0, phase: 'precommit', blockHash }),
  blockVoteOf(genesis, member, { height: 1, round: 1, phase: 'prevote', blockHash: undefined }),
]);
export const certificate: BlockCertificate = {
  height: 1,
  round: 0,
  blockHash,
  precommits: blockVotes
    .filter(({ phase }) => phase === 'precommit')
    .map(({ nodeId, signature }) => ({ nodeId, signature }))
    .slice(0, 3),
};
const latePrecommits = certificate.precommits.map((precommit) => ({ height: 1, round: 0, ...precommit }));
export const withTransactions = hashBlock(genesis.block.header, certificate, [...genesis.block.transactions, first, child]).encoded;
export const withLatePrecommits = hashBlock({ ...genesis.block.header, closesEpoch: true }, certificate, genesis.block.transactions, latePrecommits).encoded;

const outpoint = coinOf(genesis, memberCount);
const coin = { amount: allocation, lock: lockOfKey(0) };
const tip = { height: 1, tipHash: blockHash };
export const utxoStatuses: readonly UtxoStatus[] = [
  { outpoint, coin: undefined, state: { kind: 'unknown' } },
  { outpoint, coin, state: { kind: 'unspent' } },
  { outpoint, coin, state: { kind: 'locked', txid: first.txid } },
  { outpoint, coin, state: { kind: 'spentPending', txid: first.txid, weight: 20 } },
  { outpoint, coin, state: { kind: 'spentFinalized', txid: first.txid } },
  { outpoint, coin: undefined, state: { kind: 'confirmed', txid: first.txid, height: 1 } },
];
export const transactions = [first, second, rival, child, ...masternodeTransactions].map(({ encoded }) => encoded);
const encodedBundles = bundles.map(({ encoded }) => encoded);
const [encodedTransaction] = transactions as [Uint8Array];

const { block: _, ...claim } = proposal;
const listenings = [undefined, { heard: 0n, signs: true }, { heard: 7n, signs: false }].flatMap((answer) =>
  [0, 1].map((member) => {
    const { nodeId, seed } = keyOf(member);
    return signListening(nodeId, { nonce: 7n, answer }, genesis.hash, { sign: (message) => sign(seed, message) });
  }),
);

/** At least one of each type: it does not compile with one missing. */
const bodies: { readonly [T in MessageType]: readonly MessageBodies[T][] } = {
  Hello: [
    {
      magic: wireMagic,
      protocolVersion,
      network: networks.devnet.id,
      genesisHash: genesis.hash,
      userAgent: '/fuzz:1/',
      listenPort: 24_200,
      services: 0,
      height: 0,
      tipHash: genesis.block.hash,
      time: 1_750_000_000_000,
      observedAddress: '10.0.0.1:24200',
      nonce: 77n,
    },
  ],
  HelloAck: [{ refusal: undefined }, { refusal: 'full' }],
  Ping: [{ nonce: 1n }],
  Pong: [{ nonce: 1n, time: 1_750_000_000_000 }],
  Disconnect: [{ code: 'stopping' }],
  GetPeers: [{}],
  Peers: [
    {
      peers: [
        { address: '203.0.113.1:24000', nodeId: keyOf(9).nodeId },
        { address: '[2001:db8::1]:24000', nodeId: undefined },
        { address: 'node.example:24000', nodeId: undefined },
      ],
    },
  ],
  DialBackRequest: [{ nonce: 5n, port: 24_200 }],
  DialBackResult: [{ nonce: 5n, address: '10.0.0.1:24200', reached: true }],
  GetBlockHeight: [{}],
  BlockHeight: [tip],
  BlockAnnouncement: [tip, { height: 4_000_000_000, tipHash: blockHash }],
  GetBlocks: [
    { from: 0, count: 10 },
    { from: 1, count: 500 },
  ],
  Blocks: [
    { from: 1, blocks: [proposal.block], certificate },
    { from: 1, blocks: [proposal.block, withTransactions], certificate: undefined },
  ],
  BlockProposal: [proposal],
  BlockVote: blockVotes,
  GetBlockVotes: [{ height: 1 }],
  BlockVotes: [{ votes: blockVotes }],
  Listening: listenings,
  ListeningReport: [
    { vote: blockVotes[3], proposal: claim, bundle: bundles[2]?.bundle },
    { vote: undefined, proposal: undefined, bundle: undefined },
  ],
  TransactionBroadcast: [{ transactions }, { transactions: [encodedTransaction] }],
  TransactionAnnouncement: [{ txids: [first.txid, rival.txid] }],
  GetTransactions: [{ txids: [first.txid, second.txid] }],
  GetPendingTransactions: [{}],
  PendingTransactions: [{ transactions, bundles: encodedBundles }],
  TransactionVotes: [{ bundles: encodedBundles }, ...encodedBundles.map((encoded) => ({ bundles: [encoded] }))],
  Heartbeat: [
    signHeartbeat({ nodeId: keyOf(1).nodeId, sequence: 1, time: 1_750_000_000_000, height: 1 }, genesis.hash, {
      sign: (message) => sign(keyOf(1).seed, message),
    }),
  ],
  UtxoStateQuery: [{ query: 1, outpoints: [outpoint, { txid: first.txid, vout: 0 }] }],
  UtxoStates: [{ query: 1, refused: false, states: utxoStatuses }],
  Subscribe: [{ query: 1, outpoints: [outpoint], locks: [lockOfKey(0), lockOfKey(1)] }],
  Unsubscribe: [{ outpoints: [outpoint], locks: [lockOfKey(1)] }],
  UtxoStateNotification: [{ states: utxoStatuses }],
};

/** Valid messages of every type. */
export const messages: readonly Uint8Array[] = Object.entries(bodies).flatMap(([type, ofType]) =>
  (ofType as readonly unknown[]).map((body) => encodeMessage({ type, body } as Message)),
);
export const [hello] = messages as [Uint8Array];
