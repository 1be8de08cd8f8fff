import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { BlockHash, Hash, Txid } from '../../../src-shared/domain/ids.ts';
import { toHex } from './hex.ts';

/** What may be hashed or signed, each in a domain of its own (protocol section 2). A new kind of hash or signature takes a new tag, never another's. */
export const hashTags = [
  'tx',
  'sign',
  'message',
  'block',
  'vote-bundle',
  'bundle-id',
  'block-vote',
  'proposal',
  'listening',
  'leaf',
  'node',
  'heartbeat',
  'registry',
  'registry-members',
  'registry-progress',
  'snapshot',
  'certificate',
  'genesis',
  'muhash',
  'evidence',
] as const;
export type HashTag = (typeof hashTags)[number];

type HashId = Txid | BlockHash | Hash;
/** The tags whose hash is such an id, so that no other hash passes for a txid or a block hash. */
type TagOf<Id extends HashId> = Id extends Txid ? 'tx' : Id extends BlockHash ? 'block' : Exclude<HashTag, 'tx' | 'block'>;

type Hasher = ReturnType<typeof sha256.create>;

const prefixed = Object.fromEntries(hashTags.map((tag) => [tag, sha256.create().update(utf8ToBytes(`TIME/${tag}\0`))])) as Record<HashTag, Hasher>;

/** One hasher for all calls: they are synchronous and never nested, and setting it back is a fifth faster than a new one. */
const scratch = sha256.create();

/** H(tag, parts…) = SHA-256( utf8("TIME/" + tag) ‖ 0x00 ‖ parts… ), protocol section 2. The parts are not delimited: their encoding must be. */
export function hashBytes(tag: HashTag, ...parts: Uint8Array[]): Uint8Array {
  const hasher = prefixed[tag]._cloneInto(scratch);
  for (const part of parts) hasher.update(part);
  return hasher.digest();
}

/** The same as a hex id: `hashHex<Txid>('tx', …)`. */
export const hashHex = <Id extends HashId = Hash>(tag: TagOf<Id>, ...parts: Uint8Array[]): Id => toHex(hashBytes(tag, ...parts)) as Id;
