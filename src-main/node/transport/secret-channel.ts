import type { Socket } from 'node:net';
import SecretStream, { type KeyPair } from '@hyperswarm/secret-stream';
import { invariant } from '../../core/invariant.ts';
import { emptyFrameBytes, FrameGuard, overheadBytes } from './frame-guard.ts';
import { errnoOf, meaningOf } from './network-errors.ts';
import type { CloseCode, CloseReason, ConnectFailure, ConnectFailureCode, ConnectionStats } from './transport.ts';
import type { TransportLimits } from './transport-limits.ts';

export interface ChannelOptions {
  readonly initiator: boolean;
  readonly keyPair: KeyPair;
  readonly limits: TransportLimits;
  /** Called once the peer has proved its key, before it learns that we are done. A failure refuses it. */
  admit(remoteKey: Uint8Array): ConnectFailure | undefined;
  onOpen(): void;
  onMessages(messages: readonly Uint8Array[]): void;
  /** Once, if onOpen was not called; socket and timers are gone. */
  onFailed(failure: ConnectFailure): void;
  /** Once, if onOpen was called; socket and timers are gone. */
  onClosed(reason: CloseReason): void;
}

// What each side receives before the first message: Noise XX (e | e ee s es | s se), then the cipher's header.
const handshakeFrames = { initiator: [96, 56], responder: [32, 64, 56] } as const;

/** What became of a message: `left-out` for want of room, and the peer can do without it. */
export type SendOutcome = 'sent' | 'left-out' | 'not-open';

/** So long is not read, once a peer has sent more messages than it may: rare enough to cost nothing, short enough that no ping is late for it. */
const throttleMs = 100;

type State = 'handshaking' | 'open' | 'closing';

/**
 * One authenticated connection over one socket, which may still be connecting. Everything that a hostile peer can do to
 * secret-stream ends in onFailed or onClosed, once (toolchain.md lists the attacks).
 */
export class SecretChannel {
  readonly #socket: Socket;
  readonly #stream: SecretStream;
  readonly #limits: TransportLimits;
  readonly #options: ChannelOptions;
  readonly #guard: FrameGuard;
  readonly #handshakeTimer: NodeJS.Timeout;
  #idleTimer: NodeJS.Timeout | undefined;
  #frameTimer: NodeJS.Timeout | undefined;
  #flushTimer: NodeJS.Timeout | undefined;
  #throttleTimer: NodeJS.Timeout | undefined;
  #timedFrame = 0;
  #state: State = 'handshaking';
  #everOpen = false;
  #paused = false;
  /** Messages that are still taken before the clock is looked at. */
  #allowance: number;
  #allowedAtMs = performance.now();
  #corked = false;
  #batch: Uint8Array[] = [];
  /** Of every message written, with overhead: what secret-stream has not passed on yet is still queued. */
  #writtenBytes = 0;
  /** The first cause wins: what follows from it only obscures it. */
  #end: { readonly connecting: ConnectFailureCode; readonly open: CloseCode; readonly detail: string } | undefined;

  constructor(socket: Socket, options: ChannelOptions) {
    const { limits } = options;
    this.#socket = socket;
    this.#options = options;
    this.#limits = limits;
    this.#allowance = limits.messageBurst;
    this.#guard = new FrameGuard(handshakeFrames[options.initiator ? 'initiator' : 'responder'], limits.maxMessageBytes + emptyFrameBytes);
    this.#handshakeTimer = setTimeout(() => this.abort('timeout', 'idle', 'handshake'), limits.handshakeMs);
    // Or the socket would close as soon as the peer ends, and what is not read yet (while paused) would be lost.
    socket.allowHalfOpen = true;
    socket.setNoDelay(true);
    socket.setKeepAlive(true, limits.keepAliveMs);
    // Before secret-stream's own listener: the order of registration is the order of calls.
    socket.on('data', (chunk: Buffer) => this.#onChunk(chunk));
    socket.pause(); // until secret-stream listens too
    this.#stream = new SecretStream(options.initiator, socket, { keyPair: options.keyPair, enableSend: false, filterZeroByteMessages: true });
    this.#listen();
    socket.resume();
  }

  /** Undefined before the handshake. */
  get remoteKey(): Uint8Array | undefined {
    return this.#stream.remotePublicKey ?? undefined;
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  get stats(): ConnectionStats {
    return { bytesSent: this.#socket.bytesWritten - this.#socket.writableLength, bytesReceived: this.#socket.bytesRead, queuedBytes: this.#queuedBytes };
  }

  /** Ignored unless open. Closes the connection if the peer reads too slowly; this message is lost then. */
  send(message: Uint8Array, isDispensable = false): SendOutcome {
    if (this.#state !== 'open') return 'not-open';
    invariant(message.length > 0 && message.length <= this.#limits.maxMessageBytes, `a message of ${message.length} bytes to send`);
    const queuedBytes = this.#queuedBytes + message.length + overheadBytes;
    if (isDispensable && queuedBytes > this.#limits.dispensableQueueBytes) return 'left-out';
    if (queuedBytes > this.#limits.maxSendQueueBytes) {
      this.abort('network-error', 'send-queue-full', `${this.#queuedBytes} bytes`);
      return 'not-open';
    }
    this.#cork();
    this.#writtenBytes += message.length + overheadBytes;
    this.#stream.write(message);
    return 'sent';
  }

  /** Stops reading. The peer cannot finish a frame that we do not read, so no deadline runs meanwhile. */
  pause(): void {
    if (this.#state !== 'open' || this.#paused) return;
    this.#paused = true;
    this.#stream.pause();
    clearTimeout(this.#idleTimer);
    this.#timeFrame();
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#startIdleTimer();
    this.#timeFrame();
    if (this.#throttleTimer === undefined) this.#stream.resume();
  }

  /** Lets what was sent leave, then closes; discards what comes in. Before it is open, closes at once. */
  close(connecting: ConnectFailureCode, open: CloseCode, detail: string): void {
    if (this.#state === 'handshaking') this.abort(connecting, open, detail);
    if (this.#state !== 'open') return;
    this.#state = 'closing';
    this.#end ??= { connecting, open, detail };
    this.#batch = [];
    this.#flushTimer = setTimeout(() => this.#stream.destroy(), this.#limits.closeFlushMs);
    // The peer's end must be read, or the system answers what it still sends with a reset that can overtake our last words. But nothing of what comes
    // before it is decrypted: a flood that was held back comes all at once now, and would hold everybody else up.
    this.#socket.removeAllListeners('data');
    this.#unthrottle();
    this.resume();
    this.#stream.resume();
    this.#socket.resume();
    this.#stream.end();
  }

  #listen(): void {
    const stream = this.#stream;
    stream.on('handshake', () => {
      clearTimeout(this.#handshakeTimer);
      const refusal = this.#options.admit(stream.remotePublicKey ?? new Uint8Array());
      if (refusal !== undefined) this.abort(refusal.code, 'closed-locally', refusal.detail);
    });
    stream.on('connect', () => {
      if (stream.destroying) return; // 'connect' is emitted even after a refusal in 'handshake'
      this.#state = 'open';
      this.#everOpen = true;
      this.#startIdleTimer();
      this.#options.onOpen();
    });
    stream.on('data', (message) => {
      if (this.#state !== 'open') return;
      if (this.#batch.length === 0) queueMicrotask(() => this.#deliver());
      this.#batch.push(owned(message));
      if (--this.#allowance < 0) this.#throttle();
    });
    stream.on('end', () => {
      this.#deliver();
      this.close('closed-by-peer', 'closed-by-peer', '');
    });
    this.#socket.on('end', () => {
      if (this.#state === 'handshaking') this.abort('closed-by-peer', 'closed-by-peer', '');
    });
    stream.on('error', (error) => {
      const errno = errnoOf(error);
      const meaning = errno === undefined ? ({ connecting: 'handshake-failed', open: 'frame-forged' } as const) : meaningOf(errno);
      this.#end ??= { ...meaning, detail: error.message };
    });
    let open = 2;
    const onClose = () => {
      if (--open === 0) this.#finish();
    };
    stream.on('close', onClose);
    this.#socket.on('close', onClose);
  }

  #onChunk(chunk: Buffer): void {
    const size = this.#guard.scan(chunk);
    if (size !== undefined) {
      this.abort('handshake-failed', 'frame-size', `a frame of ${size} bytes`);
      return;
    }
    this.#timeFrame();
    if (this.#state === 'open' && !this.#paused) this.#idleTimer?.refresh();
  }

  /** secret-stream emits all messages of a chunk in one microtask; this one comes after it. */
  #deliver(): void {
    if (this.#state !== 'open' || this.#batch.length === 0 || this.#stream.destroying) return;
    const messages = this.#batch;
    this.#batch = [];
    this.#options.onMessages(messages);
  }

  /** A bucket that is filled up only when it is found empty: most peers never empty it. */
  #throttle(): void {
    const { messagesPerSecond, messageBurst } = this.#limits;
    const nowMs = performance.now();
    this.#allowance = Math.min(messageBurst, Math.floor(((nowMs - this.#allowedAtMs) * messagesPerSecond) / 1_000));
    if (this.#allowance > 0) this.#allowedAtMs = nowMs;
    else if (this.#throttleTimer === undefined) {
      this.#stream.pause();
      this.#throttleTimer = setTimeout(() => this.#unthrottle(), throttleMs);
    }
  }
  #unthrottle(): void {
    if (this.#throttleTimer === undefined) return;
    clearTimeout(this.#throttleTimer);
    this.#throttleTimer = undefined;
    if (!this.#paused) this.#stream.resume();
  }

  get #queuedBytes(): number {
    return this.#writtenBytes - this.#stream.rawBytesWritten + this.#socket.writableLength;
  }

  /** setImmediate: after all that this turn of the loop brings, so that what several peers caused goes out together. */
  #cork(): void {
    if (this.#corked) return;
    this.#corked = true;
    this.#socket.cork();
    setImmediate(() => {
      this.#corked = false;
      this.#socket.uncork();
    });
  }

  #startIdleTimer(): void {
    clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(() => this.abort('timeout', 'idle', `${this.#limits.idleMs} ms`), this.#limits.idleMs);
  }

  /** The deadline is for each frame anew: it starts when a frame begins, not while later ones follow. */
  #timeFrame(): void {
    const timed = this.#guard.midFrame && !this.#paused;
    if (timed && this.#frameTimer !== undefined && this.#guard.begun === this.#timedFrame) return;
    clearTimeout(this.#frameTimer);
    this.#timedFrame = this.#guard.begun;
    this.#frameTimer = timed ? setTimeout(() => this.abort('timeout', 'frame-timeout', `${this.#limits.frameMs} ms`), this.#limits.frameMs) : undefined;
  }

  /** Drops what is queued. */
  abort(connecting: ConnectFailureCode, open: CloseCode, detail: string): void {
    this.#end ??= { connecting, open, detail };
    this.#state = 'closing';
    this.#stream.destroy();
  }

  #finish(): void {
    for (const timer of [this.#handshakeTimer, this.#idleTimer, this.#frameTimer, this.#flushTimer, this.#throttleTimer]) clearTimeout(timer);
    this.#state = 'closing';
    this.#batch = [];
    const end = this.#end ?? { connecting: 'closed-by-peer', open: 'closed-by-peer', detail: '' };
    if (this.#everOpen) this.#options.onClosed({ code: end.open, detail: end.detail });
    else this.#options.onFailed({ code: end.connecting, detail: end.detail });
  }
}

/**
 * A message may be a window onto a chunk of 64 KiB, or onto a shared pool; kept, it would keep all of that alive. The copy also
 * makes it a plain Uint8Array whose buffer is its own.
 */
function owned(message: Uint8Array): Uint8Array {
  const wasted = message.buffer.byteLength - message.byteLength;
  return wasted <= emptyFrameBytes ? new Uint8Array(message.buffer, message.byteOffset, message.byteLength) : new Uint8Array(message);
}
