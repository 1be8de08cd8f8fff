/**
 * Branded identifiers. All are lower-case hex strings of a fixed length, so that they can be Map keys and JSON
 * without conversion; only codecs and the signature check see their bytes. A string becomes one of these in a decoder,
 * a hash function or `parse*` here, and nowhere else.
 */
declare const brand: unique symbol;
export type Branded<T, Name extends string> = T & { readonly [brand]: Name };

/** 32 bytes: H("tx", …) of a transaction without its witnesses (protocol section 4). */
export type Txid = Branded<string, 'Txid'>;
/** 32 bytes: H("block", header) (protocol section 7). */
export type BlockHash = Branded<string, 'BlockHash'>;
/** 32 bytes: any other hash (roots, set hashes, bundle hashes). */
export type Hash = Branded<string, 'Hash'>;
/** 32 bytes: an Ed25519 public key of a wallet. */
export type PublicKey = Branded<string, 'PublicKey'>;
/** 32 bytes: the Ed25519 public key that is a node's identity on the wire and in votes (protocol section 3). */
export type NodeId = Branded<string, 'NodeId'>;
/** 20 bytes: SHA-256(publicKey)[0..20], what an output is locked to and what an address carries. */
export type Lock = Branded<string, 'Lock'>;
/** `txid:vout`, for Map keys. */
export type OutpointKey = Branded<string, 'OutpointKey'>;

export interface Outpoint {
  readonly txid: Txid;
  /** u32 */
  readonly vout: number;
}

export const outpointKey = (outpoint: Outpoint): OutpointKey => `${outpoint.txid}:${outpoint.vout}` as OutpointKey;

export function outpointOf(key: OutpointKey): Outpoint {
  return { txid: key.slice(0, 64) as Txid, vout: Number(key.slice(65)) };
}

const hex32 = /^[0-9a-f]{64}$/;

/** Answers undefined for anything but 64 lower-case hex digits. */
export const parseHex32 = <T extends Txid | BlockHash | Hash | PublicKey | NodeId>(text: string): T | undefined => (hex32.test(text) ? (text as T) : undefined);

/** The hash before the first block, and a `previousCertificateHash` where there is none. */
export const zeroHash = '0'.repeat(64);
