import { readFile } from 'node:fs/promises';
import sodium from 'sodium-native';
import type { NodeId } from '../../../src-shared/domain/ids.ts';
import { codeOf, createFileDurably, unusable } from '../durable-file.ts';
import { keyPairOf, signWith } from './ed25519.ts';

/** The node's identity on the wire, and what a masternode signs votes with (protocol section 3). */
export interface NodeKey {
  /** The public key in hex. */
  readonly nodeId: NodeId;
  /** 32 bytes. */
  readonly publicKey: Buffer;
  /** libsodium's form: 32 bytes of seed, then the public key. */
  readonly secretKey64: Buffer;
  /** Ed25519, 64 bytes. */
  sign(message: Uint8Array): Uint8Array;
}

/**
 * A damaged key file stops the start: a new key in its place would silently be another node, and the masternode registered with the old one
 * would stop voting.
 */
export class NodeKeyError extends Error {
  override readonly name = 'NodeKeyError';
  readonly code: 'damaged' | 'unsupported-version';
  constructor(code: NodeKeyError['code'], path: string) {
    super(
      code === 'damaged'
        ? `${path} is damaged. Restore it from a copy; or remove it, and this node starts with a new identity.`
        : `${path} was written by a later release.`,
    );
    this.code = code;
  }
}

const fileMode = 0o600;
/** The public key says whose file it is, and shows damage: it must follow from the seed. */
const fileText = (seed: Buffer, nodeId: string): string => `TIME NODE KEY 1\nseed ${seed.toString('hex')}\nnode ${nodeId}\n`;
const filePattern = /^TIME NODE KEY 1\r?\nseed ([0-9a-f]{64})\r?\nnode ([0-9a-f]{64})\r?\n?$/;

/** Answers the key in the file, or makes one where there is no file. */
export async function loadOrCreateNodeKey(path: string): Promise<NodeKey> {
  const text = await readFile(path, 'latin1').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw unusable(path, error);
  });
  if (text !== undefined) return parseFile(text, path);
  const seed = Buffer.alloc(sodium.crypto_sign_SEEDBYTES);
  sodium.randombytes_buf(seed);
  const key = nodeKeyOf(seed);
  await createFileDurably(path, Buffer.from(fileText(seed, key.nodeId), 'latin1'), fileMode);
  return key;
}

function parseFile(text: string, path: string): NodeKey {
  const version = /^TIME NODE KEY (\d{1,4})\r?\n/.exec(text)?.[1];
  if (version !== undefined && version !== '1') throw new NodeKeyError('unsupported-version', path);
  const match = filePattern.exec(text);
  if (match?.[1] === undefined) throw new NodeKeyError('damaged', path);
  const key = nodeKeyOf(Buffer.from(match[1], 'hex'));
  if (key.nodeId !== match[2]) throw new NodeKeyError('damaged', path);
  return key;
}

/** The key of a 32-byte seed. */
export function nodeKeyOf(seed: Uint8Array): NodeKey {
  const { publicKey, secretKey64 } = keyPairOf(seed);
  return { nodeId: publicKey.toString('hex') as NodeId, publicKey, secretKey64, sign: (message) => signWith(secretKey64, message) };
}
