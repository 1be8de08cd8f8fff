import { describe, expect, it } from 'vitest';
import { type BlockHash, type Hash, type Lock, type NodeId, type PublicKey, parseHex32, type Txid } from '../../../src-shared/domain/ids.ts';
import { toHex } from '../crypto/hex.ts';
import { type BlockCertificate, type BlockHeader, certificateCodec, hashBlock, hashCertificate } from './block.ts';
import { type BlockProposal, type BlockVote, blockProposalMessage, blockVoteMessage } from './block-vote.ts';
import { encodeSetElement } from './coin.ts';
import { encodeGenesis, hashGenesis } from './genesis.ts';
import { heartbeatMessage } from './heartbeat.ts';
import { listeningMessage } from './listening.ts';
import { encodeMasternodePayload } from './masternode-payload.ts';
import { decodeMessage, encodeMessage, type Message } from './message.ts';
import { encodeMembers, encodeProgress, hashRegistry, hashSnapshot, type RegistryMember } from './registry.ts';
import { hashTransaction } from './transaction.ts';
import { encodeUndo } from './undo.ts';
import { hashVoteBundle, voteBundleMessage } from './vote-bundle.ts';

/** 32 bytes of one digit pair, so that fields can be told apart in the hex. */
const id = <T extends Txid | BlockHash | Hash | PublicKey | NodeId>(pair: string): T => parseHex32<T>(pair.repeat(32)) as T;
const lockOf = (pair: string): Lock => pair.repeat(20) as Lock;
const signatureOf = (byte: number): Uint8Array => new Uint8Array(64).fill(byte);
const genesisHash = id<Hash>('9e');

const hashed = hashTransaction({
  version: 1,
  kind: 'transfer',
  inputs: [
    { txid: id('a1'), vout: 0 },
    { txid: id('a2'), vout: 258 },
  ],
  outputs: [
    { amount: 546n, lock: lockOf('b1') },
    { amount: 2n ** 64n - 1n, lock: lockOf('b2') },
  ],
  timestamp: 1_734_397_200_123,
  payload: Uint8Array.of(0xca, 0xfe),
  witnesses: [{ publicKey: id('c1'), signature: signatureOf(0xc2) }],
});
const coinbase = hashTransaction({ version: 1, kind: 'coinbase', inputs: [], outputs: [], timestamp: 1, payload: new Uint8Array(8), witnesses: [] });
const certificate: BlockCertificate = { height: 6, round: 1, blockHash: id('d1'), precommits: [{ nodeId: id('d2'), signature: signatureOf(0xd3) }] };
const header: BlockHeader = {
  version: 1,
  height: 7,
  previousHash: id('d1'),
  time: 1_734_397_320_000,
  round: 2,
  proposer: id('d2'),
  closesEpoch: false,
  transactionsRoot: id('e1'),
  utxoSetHash: id('e2'),
  registryHash: id('e3'),
  snapshotHash: id('e4'),
  previousCertificateHash: hashCertificate(certificate),
};
const block = hashBlock(header, certificate, [coinbase]);
const bundle = hashVoteBundle({
  nodeId: id('f1'),
  epoch: 3,
  votes: [
    { txid: id('f2'), choice: 'accept', code: 'none' },
    { txid: id('f3'), choice: 'reject', code: 'conflict-certified' },
    { txid: id('f4'), choice: 'commit', code: 'none' },
  ],
  signature: signatureOf(0xf5),
});
const heartbeat = { nodeId: id<NodeId>('d2'), sequence: 1_734_397_200_001, time: 1_734_397_200_002, height: 7, signature: signatureOf(0xd8) };
const blockVote: BlockVote = { height: 7, round: 2, phase: 'precommit', blockHash: id('d4'), nodeId: id('d2'), signature: signatureOf(0xd5) };
const proposal: BlockProposal = {
  height: 7,
  round: 3,
  validRound: 2,
  blockHash: id('d4'),
  nodeId: id('d2'),
  signature: signatureOf(0xd6),
  block: Uint8Array.of(1, 2, 3),
};
const { block: _, ...claim } = proposal;
const member: RegistryMember = {
  nodeId: id('d2'),
  tier: 'bronze',
  collateral: { txid: id('a3'), vout: 1 },
  ownerLock: lockOf('b3'),
  rewardLock: lockOf('b4'),
  serviceAddress: 'a.example:24000',
  registeredHeight: 9,
  status: 'active',
  signed: [0, 2],
  closed: [{ signed: 11, counted: 12 }],
};
const progress = {
  epoch: 3,
  startHeight: 40,
  genesisMembers: 4,
  launched: true,
  counted: [{ height: 41, hash: id<BlockHash>('d1') }],
  tipCounts: true,
  completedMs: undefined,
};
const late = [{ height: 5, round: 1, nodeId: member.nodeId, signature: signatureOf(0xd7) }];
const genesis = {
  network: 'testnet' as const,
  time: 1_734_397_200_000,
  masternodes: [{ nodeKey: id<NodeId>('d2'), tier: 'gold' as const, ownerLock: lockOf('b3'), rewardLock: lockOf('b4'), serviceAddress: '' }],
  allocations: [{ lock: lockOf('00'), amount: 11_653_781_624n, label: 'genesis' }],
};
const snapshot = { epoch: 1, members: [{ nodeId: member.nodeId, tier: member.tier, weight: 10, rewardLock: member.rewardLock, serviceAddress: 'not hashed' }] };
const coin = { amount: 5n, lock: lockOf('b5'), height: 10, coinbase: true };
const tip = { height: 7, tipHash: id<BlockHash>('d4') };
const some = Uint8Array.of(0xab);
const outpoint = { txid: id<Txid>('a4'), vout: 2 };
const paid = { amount: 5n, lock: lockOf('b5') };

/** Bytes, and hashes and signed messages as hex: what every node must agree on to the bit. A change here is another network. */
const encodings: Record<string, Uint8Array | string> = {
  transaction: hashed.encoded,
  txid: hashed.txid,
  certificate: certificateCodec.encode(certificate),
  'certificate hash': hashCertificate(certificate),
  'no certificate hash': hashCertificate(undefined),
  block: block.encoded,
  'block hash': block.hash,
  'vote bundle': bundle.encoded,
  'vote bundle id': bundle.hash,
  'vote bundle, signed': voteBundleMessage(genesisHash, bundle.bundle),
  'block vote, signed': blockVoteMessage(genesisHash, blockVote),
  'nil vote, signed': blockVoteMessage(genesisHash, { ...blockVote, blockHash: undefined }),
  'proposal, signed': blockProposalMessage(genesisHash, proposal),
  'heartbeat, signed': heartbeatMessage(genesisHash, heartbeat),
  'listening, signed': listeningMessage(genesisHash, { nonce: 0x0102030405060708n, answer: { heard: 3n, signs: true } }),
  'listening question, signed': listeningMessage(genesisHash, { nonce: 0x0102030405060708n, answer: undefined }),
  'set element': encodeSetElement({ txid: id('a4'), vout: 2 }, coin),
  undo: encodeUndo([[], [coin]]),
  registry: encodeMembers([member, { ...member, tier: 'free', collateral: undefined }]),
  'registry progress': encodeProgress(progress),
  'registry hash': hashRegistry({ progress, members: [member] }),
  'register payload': encodeMasternodePayload({
    kind: 'masternode-register',
    nodeId: member.nodeId,
    tier: 'bronze',
    collateral: member.collateral,
    ownerLock: member.ownerLock,
    rewardLock: member.rewardLock,
    serviceAddress: '',
  }),
  'update payload': encodeMasternodePayload({
    kind: 'masternode-update',
    nodeId: member.nodeId,
    rewardLock: member.rewardLock,
    serviceAddress: 'a.example:24000',
  }),
  'revive payload': encodeMasternodePayload({ kind: 'masternode-revive', nodeId: member.nodeId, epoch: 3 }),
  'exit payload': encodeMasternodePayload({ kind: 'masternode-exit', nodeId: member.nodeId }),
  'block with late precommits': hashBlock({ ...header, previousCertificateHash: hashCertificate(certificate, late) }, certificate, [coinbase], late).encoded,
  'snapshot hash': hashSnapshot(snapshot),
  genesis: encodeGenesis(genesis),
  'genesis hash': hashGenesis(genesis),
};
const messages: { [T in Message['type']]: Extract<Message, { type: T }>['body'] } = {
  Hello: {
    magic: 'TIME',
    protocolVersion: 1,
    network: 2,
    genesisHash,
    userAgent: '/timed:0.1/',
    listenPort: 24_200,
    services: 1,
    ...tip,
    time: 1_734_397_200_123,
    observedAddress: '127.0.0.1:5',
    nonce: 0x0102030405060708n,
  },
  HelloAck: { refusal: 'duplicate' },
  Ping: { nonce: 1n },
  Pong: { nonce: 2n ** 64n - 1n, time: 1_734_397_200_123 },
  Disconnect: { code: 'stopping' },
  GetPeers: {},
  Peers: {
    peers: [
      { address: 'a.example:24000', nodeId: undefined },
      { address: '[2001:db8::1]:24000', nodeId: id('d2') },
    ],
  },
  DialBackRequest: { nonce: 3n, port: 24_000 },
  DialBackResult: { nonce: 3n, address: '1.2.3.4:24000', reached: true },
  GetBlockHeight: {},
  BlockHeight: tip,
  BlockAnnouncement: tip,
  GetBlocks: { from: 5, count: 500 },
  Blocks: { from: 7, blocks: [some], certificate },
  BlockProposal: proposal,
  BlockVote: { ...blockVote, blockHash: undefined },
  GetBlockVotes: { height: 7 },
  BlockVotes: { votes: [blockVote] },
  Listening: { nodeId: id('d2'), nonce: 0x0102030405060708n, answer: { heard: 3n, signs: true }, signature: signatureOf(0xd8) },
  ListeningReport: { vote: { ...blockVote, blockHash: undefined }, proposal: claim, bundle: bundle.bundle },
  TransactionBroadcast: { transactions: [some] },
  TransactionAnnouncement: { txids: [id('a1')] },
  GetTransactions: { txids: [id('a1'), id('a2')] },
  GetPendingTransactions: {},
  PendingTransactions: { transactions: [some], bundles: [some, some] },
  TransactionVotes: { bundles: [some] },
  UtxoStateQuery: { query: 9, outpoints: [outpoint] },
  UtxoStates: {
    query: 9,
    refused: false,
    states: [
      { outpoint, coin: undefined, state: { kind: 'unknown' } },
      { outpoint, coin: paid, state: { kind: 'unspent' } },
      { outpoint, coin: paid, state: { kind: 'locked', txid: id('a5') } },
      { outpoint, coin: paid, state: { kind: 'spentPending', txid: id('a5'), weight: 258 } },
      { outpoint, coin: paid, state: { kind: 'spentFinalized', txid: id('a5') } },
      { outpoint, coin: undefined, state: { kind: 'confirmed', txid: id('a5'), height: 7 } },
    ],
  },
  Subscribe: { query: 258, outpoints: [outpoint], locks: [lockOf('b5')] },
  Unsubscribe: { outpoints: [], locks: [lockOf('b5'), lockOf('b6')] },
  Heartbeat: heartbeat,
  UtxoStateNotification: { states: [{ outpoint, coin: paid, state: { kind: 'unspent' } }] },
};

const goldenEncodings: Record<string, string> = {
  transaction:
    '0100000200a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a100000000a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a20201000002002202000000000000b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1ffffffffffffffffb2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2fb0621d2930100000200cafe0100c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2c2',
  txid: '7fffde1e5f17647b18ac7e304cd77583e97173a32b4fa51e7eaadaaed5cd1dd2',
  certificate:
    '0600000001000000d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d10100d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3',
  'certificate hash': '7f5c87f9a218c061a92fe4edd14dc0c64fa0e95ebe31068d9e4802a8c4ce6c27',
  'no certificate hash': '0000000000000000000000000000000000000000000000000000000000000000',
  block:
    '010007000000d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d140db22d29301000002000000d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d200e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e3e3e3e3e3e3e3e3e3e3e3e3e3e3e3e3e3e3e3e3e3e3e3e3e3e3e3e3e3e3e3e3e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e47f5c87f9a218c061a92fe4edd14dc0c64fa0e95ebe31068d9e4802a8c4ce6c27010600000001000000d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d10100d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3000001001b000000010001000000000100000000000000080000000000000000000000',
  'block hash': '82e1bf471f76e304c8a2303f3925baf9532a3633db0b371d7cf00811ae08e270',
  'vote bundle':
    'f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1030000000300f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f20000f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f30102f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f40200f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5',
  'vote bundle id': 'ec205c6e1be029279cda36987cca57d6df69f9da3d52d644591c0b6ef6b81fe4',
  'vote bundle, signed': '8979a61304d8b85bc4926cab36ef844aa1f869b5ae050a9d74b7a831cb349069',
  'block vote, signed': '4866c9c428ea066c49b52776e8ed7fc5a0384902c1d4bfeaee4e603f3e3a71a9',
  'nil vote, signed': 'd8ce85483254e9e530484b662d0c3f9a111a31acf186162bb7b9ee7b9d815c43',
  'proposal, signed': 'c443d00d4620a9591e5748f3e66ae49665499b2c7894419641f1027a9018c728',
  'heartbeat, signed': '8417720f0d311e97057356a645ecda7c1119a760794c14aed6c18dc80a4d9e2b',
  'listening, signed': '1b82e40df411a25208fd86965ddb81f5ca3c11f5d4aa3e3c65a378e5d5e53935',
  'listening question, signed': '6689209145d7523c7097c0136d75b079883dffddcb998d46d725ae517a1484e3',
  'set element': 'a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4020000000a000000010500000000000000b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5',
  undo: '0200000001000a000000010500000000000000b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5',
  registry:
    '0200d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d20101a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a301000000b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b40f00612e6578616d706c653a3234303030090000000102000000020001000b000c00d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d20000b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b40f00612e6578616d706c653a3234303030090000000102000000020001000b000c00',
  'registry progress': '0300000028000000040001010029000000d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d10100',
  'registry hash': 'df57e2bcd4122fc2a626b8357dce64e1506e5bfcd2e040b12c124f2a1777a0ef',
  'register payload':
    'd2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d20101a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a301000000b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b40000',
  'update payload':
    'd2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b40f00612e6578616d706c653a3234303030',
  'revive payload': 'd2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d203000000',
  'exit payload': 'd2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2',
  'block with late precommits':
    '010007000000d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d140db22d29301000002000000d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d200e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e3e3e3e3e3e3e3e3e3e3e3e3e3e3e3e3e3e3e3e3e3e3e3e3e3e3e3e3e3e3e3e3e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4a535772d5fc151a59712ffb0ab70122082e8fda2b0a5a979cc1aefa2da09c1cd010600000001000000d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d10100d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d301000500000001000000d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d701001b000000010001000000000100000000000000080000000000000000000000',
  'snapshot hash': '12ca002265122bd466d34f6f37363ffbe0993c390ab126a148e0214465641ecf',
  genesis:
    '00800621d2930100000100d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d203b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b400000100000000000000000000000000000000000000000078989eb602000000070067656e65736973',
  'genesis hash': 'cb68b3b1d7b7fd2cf89f693593e5363ec9e4f791d5c10d7a189aed3fc81e0d0e',
};

const goldenMessages: Record<string, string> = {
  Hello:
    '0054494d450100029e9e9e9e9e9e9e9e9e9e9e9e9e9e9e9e9e9e9e9e9e9e9e9e9e9e9e9e9e9e9e9e0b002f74696d65643a302e312f885e0100000007000000d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4fb0621d2930100000b003132372e302e302e313a350807060504030201',
  HelloAck: '010106',
  Ping: '020100000000000000',
  Pong: '03fffffffffffffffffb0621d293010000',
  Disconnect: '040c',
  GetPeers: '0a',
  Peers:
    '0b02000f00612e6578616d706c653a32343030300013005b323030313a6462383a3a315d3a323430303001d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2',
  DialBackRequest: '0c0300000000000000c05d',
  DialBackResult: '0d03000000000000000d00312e322e332e343a323430303001',
  GetBlockHeight: '14',
  BlockHeight: '1507000000d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4',
  BlockAnnouncement: '1607000000d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4',
  GetBlocks: '1705000000f401',
  Blocks:
    '1807000000010001000000ab010600000001000000d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d10100d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3',
  BlockProposal:
    '1e07000000030000000102000000d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d603000000010203',
  BlockVote:
    '1f07000000020000000100d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5',
  GetBlockVotes: '2007000000',
  BlockVotes:
    '21010007000000020000000101d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5',
  Listening:
    '22d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2080706050403020101030000000000000001d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8',
  ListeningReport:
    '230107000000020000000100d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d50107000000030000000102000000d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d601f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1030000000300f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f20000f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f30102f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f40200f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5',
  TransactionBroadcast: '28010001000000ab',
  TransactionAnnouncement: '290100a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1',
  GetTransactions: '2a0200a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2',
  GetPendingTransactions: '2b',
  PendingTransactions: '2c010001000000ab020001000000ab01000000ab',
  TransactionVotes: '2d010001000000ab',
  UtxoStateQuery: '3c090000000100a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a402000000',
  UtxoStates:
    '3d09000000000600a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4020000000000a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a402000000010500000000000000b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b501a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a402000000010500000000000000b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b502a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a402000000010500000000000000b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b503a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a502010000a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a402000000010500000000000000b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b504a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4020000000005a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a507000000',
  Subscribe: '3e020100000100a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4020000000100b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5',
  Unsubscribe: '3f00000200b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6',
  Heartbeat:
    '35d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2810621d293010000820621d29301000007000000d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8d8',
  UtxoStateNotification:
    '400100a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a402000000010500000000000000b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b501',
};

describe('golden vectors', () => {
  it.each(Object.entries(encodings))('%s', (name, value) => {
    expect(typeof value === 'string' ? value : toHex(value)).toBe(goldenEncodings[name]);
  });

  it.each(Object.entries(messages))('%s', (type, body) => {
    const message = { type, body } as Message;
    const encoded = encodeMessage(message);
    expect(toHex(encoded)).toBe(goldenMessages[type]);
    expect(decodeMessage(encoded)).toEqual(message);
  });

  it('are of nothing that is not there any more', () => {
    expect(Object.keys(goldenEncodings).sort()).toEqual(Object.keys(encodings).sort());
    expect(Object.keys(goldenMessages).sort()).toEqual(Object.keys(messages).sort());
  });
});
