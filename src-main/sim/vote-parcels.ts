import { encodeMessage, type MessageBodies } from '../core/codec/message.ts';

type Votes = MessageBodies['TransactionVotes'];

/** Relayed votes are packed in messages of 100 kB; a longer one is put together like any other message. */
const maxBytes = 128 * 1_024;
/** The type's byte, then the u16 count. */
const headBytes = 3;
const bytesOfLength = 4;

/**
 * Messages of votes without what is in them: two hundred masternodes at a thousand payments a second send gigabytes of these in every second, of bundles that
 * all of them share here. What travels is as long as the message and begins like it, which is all that lines and limits look at; what it stands for the
 * reader knows by its identity.
 */
export class VoteParcels {
  /** By the number of bundles: zeros behind a head, which nobody writes to. Most of it is never touched, so it takes no memory. */
  readonly #blanks = new Map<number, Uint8Array<ArrayBuffer>>();

  /** Undefined where it is longer than parcels are. */
  of(votes: Votes): Uint8Array | undefined {
    const { bundles } = votes;
    let length = headBytes;
    for (const { byteLength } of bundles) length += bytesOfLength + byteLength;
    if (length > maxBytes) return undefined;
    const blank = this.#blanks.get(bundles.length) ?? this.#newBlank(bundles.length);
    return new Uint8Array(blank.buffer, 0, length);
  }

  #newBlank(count: number): Uint8Array<ArrayBuffer> {
    const blank = new Uint8Array(maxBytes);
    blank.set(encodeMessage({ type: 'TransactionVotes', body: { bundles: Array.from({ length: count }, () => new Uint8Array(0)) } }).subarray(0, headBytes));
    this.#blanks.set(count, blank);
    return blank;
  }
}
