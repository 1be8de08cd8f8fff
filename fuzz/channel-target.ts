import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import SecretStream from '@hyperswarm/secret-stream';
import { SecretChannel } from '../src-main/node/transport/secret-channel.ts';
import { transportLimits } from '../src-main/node/transport/transport-limits.ts';
import { defaultLimits } from '../src-shared/domain/net-limits.ts';
import { expect, type Target } from './target.ts';

/** A socket's two ends in memory, as far as a channel uses them. */
class FakeSocket extends Duplex {
  other: FakeSocket | undefined;
  /** What becomes of bytes on their way from here. */
  onWay: (bytes: Buffer) => readonly Buffer[] = (bytes) => [bytes];
  bytesWritten = 0;
  bytesRead = 0;

  override _read(): void {}
  override _write(bytes: Buffer, _: string, done: (error?: Error) => void): void {
    this.bytesWritten += bytes.length;
    for (const piece of this.onWay(bytes)) this.other?.arrive(piece);
    setImmediate(done);
  }
  override _final(done: () => void): void {
    const { other } = this;
    setImmediate(() => other?.push(null));
    done();
  }
  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    const { other } = this;
    setImmediate(() => other?.destroyed === false && !other.readableEnded && other.push(null));
    done(error);
  }
  arrive(bytes: Buffer): void {
    this.bytesRead += bytes.length;
    if (!this.destroyed && !this.readableEnded) this.push(Buffer.from(bytes));
  }
  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
}

const limits = { ...transportLimits(defaultLimits('mainnet')), maxMessageBytes: 4_000, closeFlushMs: 100 };
const said = [1, 2, 300, 17, 4_000, 5].map((length) => Buffer.alloc(length, length));
const victimKeys = SecretStream.keyPair(Buffer.alloc(32, 1));
const strangerKeys = SecretStream.keyPair(Buffer.alloc(32, 2));

/** Changes of what a stranger sends, each at a place of the stream: skip so many bytes, then change so many. */
interface Change {
  readonly at: number;
  readonly xor: number;
  readonly kind: 'flip' | 'insert' | 'remove' | 'end';
}
const kinds = ['flip', 'insert', 'remove', 'end'] as const;
function changesOf(input: Uint8Array): Change[] {
  const changes: Change[] = [];
  let at = 0;
  for (let from = 2; from + 4 <= input.length && changes.length < 8; from += 4) {
    at += (input[from] ?? 0) + 256 * ((input[from + 1] ?? 0) % 24);
    changes.push({ at, kind: kinds[(input[from + 2] ?? 0) % kinds.length] ?? 'flip', xor: input[from + 3] || 1 });
  }
  return changes;
}

/** The line between the two: bytes come out in pieces, and changed. */
function line(changes: readonly Change[], pieceBytes: number, end: () => void): (bytes: Buffer) => Buffer[] {
  let sent = 0;
  let next = 0;
  return (bytes) => {
    const out: number[] = [];
    for (const byte of bytes) {
      let changed: number | undefined = byte;
      for (let change = changes[next]; change !== undefined && change.at <= sent; change = changes[++next]) {
        if (change.kind === 'flip' && changed !== undefined) changed ^= change.xor;
        else if (change.kind === 'insert') out.push(change.xor);
        else if (change.kind === 'remove') changed = undefined;
        else end();
      }
      sent++;
      if (changed !== undefined) out.push(changed);
    }
    const pieces: Buffer[] = [];
    for (let from = 0; from < out.length; from += pieceBytes) pieces.push(Buffer.from(out.slice(from, from + pieceBytes)));
    return pieces;
  };
}

async function talk(input: Uint8Array): Promise<string> {
  const [near, far] = [new FakeSocket(), new FakeSocket()];
  near.other = far;
  far.other = near;
  const heard: Uint8Array[] = [];
  let opened = 0;
  let ending: string | undefined;
  const ended = new Promise<void>((resolve) => {
    const end = (how: string): void => {
      expect(ending === undefined, `ended twice: ${ending}, ${how}`);
      ending = how;
      resolve();
    };
    new SecretChannel(near as unknown as Socket, {
      initiator: false,
      keyPair: victimKeys,
      limits,
      admit: () => undefined,
      onOpen: () => void opened++,
      onMessages: (messages) => void heard.push(...messages),
      onFailed: ({ code }) => end(`failed ${code}`),
      onClosed: ({ code }) => end(`closed ${code}`),
    });
  });
  const raw = (input[0] ?? 0) % 4 === 0;
  const pieceBytes = 1 + 8 * (input[1] ?? 0);
  if (raw) {
    // Bytes of somebody who does not even try.
    const bytes = Buffer.from(input.subarray(2));
    for (let from = 0; from < bytes.length; from += pieceBytes) near.arrive(bytes.subarray(from, from + pieceBytes));
    setImmediate(() => near.push(null));
  } else {
    far.onWay = line(changesOf(input), pieceBytes, () => void far.end());
    const stream = new SecretStream(true, far as unknown as Socket, { keyPair: strangerKeys });
    stream.on('error', () => far.destroy());
    stream.on('data', () => {});
    for (const message of said) stream.write(message);
    stream.end();
    // A changed length leaves the channel waiting for the rest of a frame: the stranger hangs up in the end.
    stream.opened.then(
      () => setTimeout(() => far.destroy(), 20),
      () => far.destroy(),
    );
    setTimeout(() => far.destroy(), 60);
  }
  await ended;
  const sound = heard.every((message, index) => Buffer.compare(message, said[index] as Buffer) === 0);
  expect(sound, `heard ${heard.map(({ length }) => length)}, which nobody said`);
  expect(opened === 1 || heard.length === 0, 'messages before it was open');
  return `${raw} ${ending} ${heard.length}`;
}

const place = (at: number, kind: number, xor: number): number[] => [at & 255, at >> 8, kind, xor];

/** Noise handshake, then frames, over a line on which anything happens to the bytes: what is heard was said, in order, and the end comes once. */
export const channelTarget: Target = {
  name: 'secret-channel',
  weight: 1 / 20,
  seeds: [
    Uint8Array.of(1, 255),
    Uint8Array.of(1, 0),
    Uint8Array.of(0, 3, 32, 0, 0, ...Buffer.alloc(40, 9)),
    ...[0, 3, 20, 36, 40, 100, 110, 165, 170, 400, 4_400].flatMap((at) => [0, 1, 2, 3].map((kind) => Uint8Array.from([1, 9, ...place(at, kind, 1)]))),
  ],
  run: talk,
};
