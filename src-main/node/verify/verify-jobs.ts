import { invariant } from '../../core/invariant.ts';

/**
 * What travels between the pool and its workers. Everything of a job is packed into one transferred ArrayBuffer: cloning thousands
 * of small arrays would cost the main thread more than it saves.
 */
export type WorkerJob = {
  readonly id: number;
  /** Goes before all jobs without it, also before the rest of one that was begun. */
  readonly urgent: boolean;
} & (
  | { readonly kind: 'verify'; readonly packed: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'muhash'; readonly packed: Uint8Array<ArrayBuffer>; readonly finalize: boolean }
);

/** `bytes` is a bitmap of valid signatures, lowest bit first, or an encoded MuHash; `hash` is there if it was to be finalized. */
export interface WorkerAnswer {
  readonly id: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly hash: string | undefined;
}

export const publicKeyBytes = 32;
export const signatureBytes = 64;

/** Lengths are checked: 32, any, 64. */
export interface PackedItem {
  readonly publicKey: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

const lengthBytes = 4;
const headBytes = publicKeyBytes + signatureBytes + lengthBytes;
export const packedItemBytes = (item: PackedItem): number => headBytes + item.message.length;

/** Each item: public key, signature, length of the message (u32, little-endian), message. */
export function packItems(items: readonly PackedItem[]): Uint8Array<ArrayBuffer> {
  let size = 0;
  for (const item of items) size += packedItemBytes(item);
  const packed = new Uint8Array(size);
  const view = new DataView(packed.buffer);
  let at = 0;
  for (const { publicKey, message, signature } of items) {
    packed.set(publicKey, at);
    packed.set(signature, at + publicKeyBytes);
    view.setUint32(at + publicKeyBytes + signatureBytes, message.length, true);
    packed.set(message, at + headBytes);
    at += headBytes + message.length;
  }
  return packed;
}

export interface UnpackedItem {
  readonly publicKey: Buffer;
  readonly message: Buffer;
  readonly signature: Buffer;
}

/** Views of `packed`, as sodium wants them. */
export function unpackItems(packed: Uint8Array<ArrayBuffer>): UnpackedItem[] {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  const items: UnpackedItem[] = [];
  for (let at = 0; at < bytes.length; ) {
    const publicKey = bytes.subarray(at, at + publicKeyBytes);
    const signature = bytes.subarray(at + publicKeyBytes, at + publicKeyBytes + signatureBytes);
    const end = at + headBytes + bytes.readUInt32LE(at + publicKeyBytes + signatureBytes);
    items.push({ publicKey, signature, message: bytes.subarray(at + headBytes, end) });
    at = end;
  }
  return items;
}

/** Lists of byte strings, in one buffer: for each list its count, then each string's length and bytes (u32, little-endian). */
export function packLists(lists: readonly (readonly Uint8Array[])[]): Uint8Array<ArrayBuffer> {
  let size = 0;
  for (const list of lists) {
    size += lengthBytes;
    for (const entry of list) size += lengthBytes + entry.length;
  }
  const packed = new Uint8Array(size);
  const view = new DataView(packed.buffer);
  let at = 0;
  for (const list of lists) {
    view.setUint32(at, list.length, true);
    at += lengthBytes;
    for (const entry of list) {
      view.setUint32(at, entry.length, true);
      packed.set(entry, at + lengthBytes);
      at += lengthBytes + entry.length;
    }
  }
  return packed;
}

/** Views of `packed`. */
export function unpackLists(packed: Uint8Array<ArrayBuffer>): Uint8Array[][] {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const lists: Uint8Array[][] = [];
  for (let at = 0; at < packed.length; ) {
    const list: Uint8Array[] = [];
    const count = view.getUint32(at, true);
    at += lengthBytes;
    for (let i = 0; i < count; i++) {
      const end = at + lengthBytes + view.getUint32(at, true);
      list.push(packed.subarray(at + lengthBytes, end));
      at = end;
    }
    lists.push(list);
  }
  return lists;
}

export const bitmapOf = (count: number): Uint8Array<ArrayBuffer> => new Uint8Array(Math.ceil(count / 8));

export function setBit(bitmap: Uint8Array, index: number): void {
  bitmap[index >> 3] = (bitmap[index >> 3] ?? 0) | (1 << (index & 7));
}

export function getBit(bitmap: Uint8Array, index: number): boolean {
  const byte = bitmap[index >> 3];
  invariant(byte !== undefined, 'a bitmap covers its batch');
  return (byte & (1 << (index & 7))) !== 0;
}
