import * as P from 'micro-packed';
import type { BlockHash, Hash, Lock, NodeId, Outpoint, Txid } from '../../../src-shared/domain/ids.ts';
import {
  maxBlockBytes,
  maxMempoolTransactions,
  maxSnapshotMembers,
  maxTransactionBytes,
  maxUserAgentBytes,
  maxVotesPerBundle,
  wireMagic,
} from '../constants.ts';
import { type BlockCertificate, certificateCodec } from './block.ts';
import { type BlockProposal, type BlockVote, blockProposalCodec, blockVoteCodec, type ProposalClaim, proposalClaimCodec } from './block-vote.ts';
import { type Heartbeat, heartbeatCodec } from './heartbeat.ts';
import { type Listening, listeningCodec } from './listening.ts';
import { outpoint } from './outpoint.ts';
import { bytes32, hexOf, list16, nameOf, optional, text, timeMs } from './primitives.ts';
import { type UtxoStatus, utxoStatusCodec } from './utxo-status.ts';
import { type VoteBundle, voteBundleCodec } from './vote-bundle.ts';

/** Why a connection is refused or ended by choice; both sides log and show it (protocol section 10). */
export type DisconnectCode =
  | 'wrong-magic'
  | 'wrong-version'
  | 'wrong-network'
  | 'wrong-genesis'
  | 'self'
  | 'duplicate'
  | 'banned'
  | 'full'
  | 'violation'
  | 'unresponsive'
  | 'handshake-timeout'
  | 'stopping'
  | 'requested';

const disconnectCode = nameOf<DisconnectCode>({
  'wrong-magic': 1,
  'wrong-version': 2,
  'wrong-network': 3,
  'wrong-genesis': 4,
  self: 5,
  duplicate: 6,
  banned: 7,
  full: 8,
  violation: 9,
  unresponsive: 10,
  'handshake-timeout': 11,
  stopping: 12,
  requested: 13,
});

export interface Hello {
  readonly magic: string;
  readonly protocolVersion: number;
  /** Network id of `networks.ts`. */
  readonly network: number;
  readonly genesisHash: Hash;
  readonly userAgent: string;
  /** 0: does not listen. */
  readonly listenPort: number;
  /** Bit 0: a masternode that votes. The other bits are zero. */
  readonly services: number;
  readonly height: number;
  readonly tipHash: BlockHash;
  readonly time: number;
  /** host:port as the sender sees the receiver. */
  readonly observedAddress: string;
  /** Random per process: a node that meets its own nonce has dialled itself. */
  readonly nonce: bigint;
}

/** What one node knows of another that could be a peer; hearsay all of it. */
export interface SharedAddress {
  /** host:port */
  readonly address: string;
  /** Who is said to answer there; undefined where nobody ever did. */
  readonly nodeId: NodeId | undefined;
}

/** Every message of the protocol at this depth, by name. Bodies that are relayed or stored as they came stay bytes. */
export interface MessageBodies {
  Hello: Hello;
  /** The receiver's answer to a Hello: accepted, or why not. */
  HelloAck: { readonly refusal: DisconnectCode | undefined };
  Ping: { readonly nonce: bigint };
  /** `time`: the sender's clock, so that a wrong one is noticed also on connections that last. */
  Pong: { readonly nonce: bigint; readonly time: number };
  Disconnect: { readonly code: DisconnectCode };
  GetPeers: Record<never, never>;
  Peers: { readonly peers: readonly SharedAddress[] };
  /** Asks the receiver to dial the sender's own address, at this port, and to say whether it answered with the sender's key. */
  DialBackRequest: { readonly nonce: bigint; readonly port: number };
  /** `address`: what was dialled; empty where the receiver would not try. */
  DialBackResult: { readonly nonce: bigint; readonly address: string; readonly reached: boolean };
  GetBlockHeight: Record<never, never>;
  BlockHeight: { readonly height: number; readonly tipHash: BlockHash };
  BlockAnnouncement: { readonly height: number; readonly tipHash: BlockHash };
  /** Asks for blocks `from`, `from + 1` …; `count` at most. */
  GetBlocks: { readonly from: number; readonly count: number };
  /** In height order from `from`; fewer than asked when the message would be too long or the sender has no more. `certificate` proves the last. */
  Blocks: { readonly from: number; readonly blocks: readonly Uint8Array[]; readonly certificate: BlockCertificate | undefined };
  BlockProposal: BlockProposal;
  BlockVote: BlockVote;
  /** Asks for the proposals and votes of a height that the receiver has. */
  GetBlockVotes: { readonly height: number };
  BlockVotes: { readonly votes: readonly BlockVote[] };
  /** Relayed once, if its signer is a member. */
  Listening: Listening;
  /** To a peer that listens: the latest that is known with its signature, so that it sees whether its own records are an old copy. */
  ListeningReport: { readonly vote: BlockVote | undefined; readonly proposal: ProposalClaim | undefined; readonly bundle: VoteBundle | undefined };
  TransactionBroadcast: { readonly transactions: readonly Uint8Array[] };
  TransactionAnnouncement: { readonly txids: readonly Txid[] };
  GetTransactions: { readonly txids: readonly Txid[] };
  GetPendingTransactions: Record<never, never>;
  /** What is not settled yet, with all vote bundles that are known of it; in several messages when it is much. */
  PendingTransactions: { readonly transactions: readonly Uint8Array[]; readonly bundles: readonly Uint8Array[] };
  /** Encoded vote bundles. */
  TransactionVotes: { readonly bundles: readonly Uint8Array[] };
  Heartbeat: Heartbeat;
  /** `query` is the asker's, and comes back with the answer. */
  UtxoStateQuery: { readonly query: number; readonly outpoints: readonly Outpoint[] };
  /** In the order of the query. `refused`: the subscription that is answered was one too many, and nothing of it was taken. */
  UtxoStates: { readonly query: number; readonly refused: boolean; readonly states: readonly UtxoStatus[] };
  /** Answered with the states of the outpoints; from then on the receiver tells each change of these coins, and of every coin with one of these locks. */
  Subscribe: { readonly query: number; readonly outpoints: readonly Outpoint[]; readonly locks: readonly Lock[] };
  Unsubscribe: { readonly outpoints: readonly Outpoint[]; readonly locks: readonly Lock[] };
  UtxoStateNotification: { readonly states: readonly UtxoStatus[] };
}
export type MessageType = keyof MessageBodies;
export type Message = { [T in MessageType]: { readonly type: T; readonly body: MessageBodies[T] } }[MessageType];

/** Bounds of one message's lists; each list also ends with the message (2,100,000 bytes). */
export const maxBlocksPerMessage = 500;
export const maxTransactionsPerMessage = maxMempoolTransactions;
export const maxBundlesPerMessage = 4_096;
/** Two phases of several rounds of every member. */
export const maxBlockVotesPerMessage = Math.min(65_535, maxSnapshotMembers * 4);
/** As many as a node could use at once, and a message of some 40 KB at most. */
export const maxSharedAddresses = 250;
/** Coins or locks in one message: a wallet's worth, some 40 KB. */
export const maxOutpointsPerMessage = 1_000;
const maxBundleBytes = 32 + 4 + 2 + maxVotesPerBundle * 34 + 64;
const maxAddressBytes = 64;
/** A DNS name of a masternode; nobody needs 253 characters. */
const maxSharedAddressBytes = 128;

/** micro-packed knows lists only as lists that may be written. */
type FieldCodec<V> = [V] extends [readonly (infer E)[]] ? P.CoderType<E[]> : P.CoderType<V>;

/** A struct of exactly the declared fields of a body, which micro-packed would infer as ones that may be left out. */
const bodyOf = <T extends MessageType>(fields: { readonly [K in keyof MessageBodies[T]]: FieldCodec<MessageBodies[T][K]> }): P.CoderType<MessageBodies[T]> =>
  P.struct(fields as never) as unknown as P.CoderType<MessageBodies[T]>;

const helloCodec = bodyOf<'Hello'>({
  magic: P.string(wireMagic.length),
  protocolVersion: P.U16LE,
  network: P.U8,
  genesisHash: hexOf<Hash>(32),
  userAgent: text(maxUserAgentBytes),
  listenPort: P.U16LE,
  services: P.U32LE,
  height: P.U32LE,
  tipHash: hexOf<BlockHash>(32),
  time: timeMs,
  observedAddress: text(maxAddressBytes),
  nonce: P.U64LE,
});
const nothing = bodyOf<'GetBlockHeight'>({});
const tip = bodyOf<'BlockHeight'>({ height: P.U32LE, tipHash: hexOf<BlockHash>(32) });
const transactions = list16(maxTransactionsPerMessage, bytes32(maxTransactionBytes));
const bundles = list16(maxBundlesPerMessage, bytes32(maxBundleBytes));
const peersList = list16(
  maxSharedAddresses,
  P.struct({ address: text(maxSharedAddressBytes), nodeId: optional(hexOf<NodeId>(32)) }) as unknown as P.CoderType<SharedAddress>,
);
const outpoints = list16(maxOutpointsPerMessage, outpoint as unknown as P.CoderType<Outpoint>);
const utxoStates = list16(maxOutpointsPerMessage, utxoStatusCodec);
const watched = { outpoints, locks: list16(maxOutpointsPerMessage, hexOf<Lock>(20)) };
const txids = bodyOf<'GetTransactions'>({ txids: list16(maxTransactionsPerMessage, hexOf<Txid>(32)) });

/** The wire byte and the codec of every type: it does not compile with one missing. */
const table: { [T in MessageType]: readonly [number, P.CoderType<MessageBodies[T]>] } = {
  Hello: [0, helloCodec],
  HelloAck: [1, bodyOf<'HelloAck'>({ refusal: optional(disconnectCode) })],
  Ping: [2, bodyOf<'Ping'>({ nonce: P.U64LE })],
  Pong: [3, bodyOf<'Pong'>({ nonce: P.U64LE, time: timeMs })],
  Disconnect: [4, bodyOf<'Disconnect'>({ code: disconnectCode })],
  GetPeers: [10, nothing],
  Peers: [11, bodyOf<'Peers'>({ peers: peersList })],
  DialBackRequest: [12, bodyOf<'DialBackRequest'>({ nonce: P.U64LE, port: P.U16LE })],
  DialBackResult: [13, bodyOf<'DialBackResult'>({ nonce: P.U64LE, address: text(maxAddressBytes), reached: P.bool })],
  GetBlockHeight: [20, nothing],
  BlockHeight: [21, tip],
  BlockAnnouncement: [22, tip],
  GetBlocks: [23, bodyOf<'GetBlocks'>({ from: P.U32LE, count: P.U16LE })],
  Blocks: [24, bodyOf<'Blocks'>({ from: P.U32LE, blocks: list16(maxBlocksPerMessage, bytes32(maxBlockBytes)), certificate: optional(certificateCodec) })],
  BlockProposal: [30, blockProposalCodec],
  BlockVote: [31, blockVoteCodec],
  GetBlockVotes: [32, bodyOf<'GetBlockVotes'>({ height: P.U32LE })],
  BlockVotes: [33, bodyOf<'BlockVotes'>({ votes: list16(maxBlockVotesPerMessage, blockVoteCodec) })],
  Listening: [34, listeningCodec],
  ListeningReport: [
    35,
    bodyOf<'ListeningReport'>({ vote: optional(blockVoteCodec), proposal: optional(proposalClaimCodec), bundle: optional(voteBundleCodec) }),
  ],
  TransactionBroadcast: [40, bodyOf<'TransactionBroadcast'>({ transactions })],
  TransactionAnnouncement: [41, txids],
  GetTransactions: [42, txids],
  GetPendingTransactions: [43, nothing],
  PendingTransactions: [44, bodyOf<'PendingTransactions'>({ transactions, bundles })],
  TransactionVotes: [45, bodyOf<'TransactionVotes'>({ bundles })],
  Heartbeat: [53, heartbeatCodec],
  UtxoStateQuery: [60, bodyOf<'UtxoStateQuery'>({ query: P.U32LE, outpoints })],
  UtxoStates: [61, bodyOf<'UtxoStates'>({ query: P.U32LE, refused: P.bool, states: utxoStates })],
  Subscribe: [62, bodyOf<'Subscribe'>({ query: P.U32LE, ...watched })],
  Unsubscribe: [63, bodyOf<'Unsubscribe'>(watched)],
  UtxoStateNotification: [64, bodyOf<'UtxoStateNotification'>({ states: utxoStates })],
};

const types = Object.keys(table) as MessageType[];
const typeOfByte = new Map(types.map((type) => [table[type][0], type] as const));

/** One byte of type, then the body. */
export function encodeMessage(message: Message): Uint8Array {
  const [byte, codec] = table[message.type] as readonly [number, P.CoderType<unknown>];
  const body = codec.encode(message.body);
  const bytes = new Uint8Array(1 + body.length);
  bytes[0] = byte;
  bytes.set(body, 1);
  return bytes;
}

/** Of an encoded message, before it is decoded; undefined for an unknown type. */
export const messageTypeOf = (bytes: Uint8Array): MessageType | undefined => typeOfByte.get(bytes[0] ?? -1);

/** Throws RangeError for an unknown type, and micro-packed's error for a body that is not exactly one canonical value. */
export function decodeMessage(bytes: Uint8Array): Message {
  const type = messageTypeOf(bytes);
  if (type === undefined) throw new RangeError(`unknown message type ${bytes[0]}`);
  return { type, body: table[type][1].decode(bytes.subarray(1)) } as Message;
}

/**
 * Where an encoded message has the u16 length of its list, for those whose work goes by it. `PendingTransactions` has a second list behind
 * the first.
 */
const listLengthAt: { readonly [T in MessageType]?: number } = {
  GetTransactions: 1,
  TransactionAnnouncement: 1,
  TransactionBroadcast: 1,
  PendingTransactions: 1,
  TransactionVotes: 1,
  BlockVotes: 1,
  UtxoStateQuery: 5,
};

/** What an encoded message says that it holds, at least 1: known before it is decoded, and decoding fails where it is not so. */
export function itemsClaimed(type: MessageType, bytes: Uint8Array): number {
  const at = listLengthAt[type];
  if (at === undefined) return 1;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const u16 = (offset: number): number => (offset + 2 <= bytes.length ? view.getUint16(offset, true) : 0);
  const items = u16(at);
  if (type !== 'PendingTransactions') return Math.max(1, items);
  let end = at + 2;
  for (let index = 0; index < items && end + 4 <= bytes.length; index++) end += 4 + view.getUint32(end, true);
  return Math.max(1, items + u16(end));
}
