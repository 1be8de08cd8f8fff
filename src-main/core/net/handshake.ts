import type { Hash, NodeId } from '../../../src-shared/domain/ids.ts';
import type { DisconnectCode, Hello, MessageType } from '../codec/message.ts';
import { protocolVersion, wireMagic } from '../constants.ts';

export type SessionType = 'Hello' | 'HelloAck' | 'Ping' | 'Pong' | 'Disconnect';
const sessionTypes: { readonly [T in SessionType]: true } = { Hello: true, HelloAck: true, Ping: true, Pong: true, Disconnect: true };

/** The messages that `Peers` handles itself. */
export const isSessionMessage = (type: MessageType): type is SessionType => Object.hasOwn(sessionTypes, type);

/** What a peer's `Hello` is held against. */
export interface HandshakeSelf {
  readonly nodeId: NodeId;
  readonly networkId: number;
  readonly genesisHash: Hash;
  /** Of this process. */
  readonly nonce: bigint;
}

/** Bit 0 of `services`: a masternode that votes. */
export const votesService = 1;

/** What this node says about itself. */
export function helloOf(
  self: HandshakeSelf,
  rest: Pick<Hello, 'userAgent' | 'listenPort' | 'height' | 'tipHash' | 'time' | 'observedAddress'> & { readonly votes: boolean },
): Hello {
  const { votes, ...fields } = rest;
  const { networkId: network, genesisHash, nonce } = self;
  return { magic: wireMagic, protocolVersion, network, genesisHash, services: votes ? votesService : 0, nonce, ...fields };
}

/**
 * Why a peer cannot be one, by its `Hello` and the key that Noise proved; undefined if it can (protocol section 10). The first reason
 * that applies, from the most general: a node of another network is told so, and not that its genesis differs.
 */
export function checkHello(hello: Hello, remoteKey: NodeId, self: HandshakeSelf): DisconnectCode | undefined {
  if (hello.magic !== wireMagic) return 'wrong-magic';
  if (hello.protocolVersion !== protocolVersion) return 'wrong-version';
  if (hello.network !== self.networkId) return 'wrong-network';
  if (hello.genesisHash !== self.genesisHash) return 'wrong-genesis';
  if (remoteKey === self.nodeId || hello.nonce === self.nonce) return 'self';
  return undefined;
}
