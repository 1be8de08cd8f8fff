import type { BlockCertificate } from '../codec/block.ts';
import { maxMessageBytes } from '../constants.ts';
import { invariant } from '../invariant.ts';
import type { ConnectionId } from '../net/connection-id.ts';
import { firstGap, type Span } from './spans.ts';
import { SyncPeer } from './sync-peer.ts';

/** A block announced just above the tip comes by consensus as a rule; it is asked for only if it has not come after this. */
const defaultGraceMs = 1_000;
/** Asked for at once while nobody has shown how large blocks are: they may be full ones, of which a message holds one. */
const defaultFirstRangeBlocks = 16;
/** Of one answer, about: small enough that several peers have something to do, and that none holds the others up for long. */
const aimedAnswerBytes = 1_000_000;
/**
 * The first missing range holds up all that come after it. So when it takes so many times longer than answers took of late, another peer
 * is asked for it too, and after twice that time a third: whoever answers first is taken. No sooner than the first number, and while there were no
 * answers yet after the second.
 */
const hedgeFactor = 4;
const minHedgeMs = 100;
const firstHedgeMs = 1_000;
const maxCopies = 3;
/** Their median is the pace: an odd number, small enough to follow a line that becomes slow. */
const paceAnswers = 9;
/** What an array of bytes takes in memory beside its bytes. */
const bytesPerBlock = 200;

export interface RangeSyncOptions {
  /** Requests under way at once, one a peer. */
  readonly maxParallel: number;
  /** Blocks asked for at once, at most. */
  readonly rangeBlocks: number;
  /** Until a range is asked of another peer. */
  readonly deadlineMs: number;
  /** Received or asked for, and not taken yet. The first missing range may come on top: one message. */
  readonly maxBufferedBytes: number;
  readonly graceMs?: number;
  readonly firstRangeBlocks?: number;
}

/** What a peer answered; nothing in it is proven. */
export interface ReceivedRange {
  readonly connection: ConnectionId;
  readonly from: number;
  readonly blocks: readonly Uint8Array[];
  /** Of the last block. */
  readonly certificate: BlockCertificate | undefined;
}
export interface RangeRequest {
  readonly connection: ConnectionId;
  readonly from: number;
  readonly count: number;
}

interface Request extends Span {
  readonly peer: SyncPeer;
  readonly askedMs: number;
  readonly deadlineMs: number;
}
interface Buffered extends Span {
  readonly range: ReceivedRange;
  readonly bytes: number;
}

/**
 * Which blocks to ask of whom (protocol section 9). Keeps no list of what is missing: at every tick that is whatever lies between the
 * next height and the highest claim and is neither here nor asked for. So a range that is late, short, refused or lost with its peer needs no
 * handling of its own: it is a gap again, and a gap is asked for as long as anybody claims to have it.
 */
export class RangeSync {
  readonly #options: Required<RangeSyncOptions>;
  readonly #peers = new Map<ConnectionId, SyncPeer>();
  /** At most `maxParallel`. */
  #requests: Request[] = [];
  #buffered: Buffered[] = [];
  #bufferedBytes = 0;
  /** How long the last answers took, of whomever; at most `paceAnswers`. */
  #tookMs: readonly number[] = [];
  /** The latest that it was told; none before the first. */
  #nowMs = Number.NEGATIVE_INFINITY;
  /** Of a block, as the last answers had them. */
  #blockBytes: number | undefined;

  constructor(options: RangeSyncOptions) {
    this.#options = { graceMs: defaultGraceMs, firstRangeBlocks: defaultFirstRangeBlocks, ...options };
  }

  /** What a ready peer says of itself, at first and whenever it says so again. */
  peerHeight(connection: ConnectionId, height: number, nowMs: number): void {
    this.#goTo(nowMs);
    const peer = this.#peers.get(connection);
    if (peer === undefined) this.#peers.set(connection, new SyncPeer(connection, height, nowMs));
    else peer.claim(height, nowMs);
  }
  peerGone(connection: ConnectionId): void {
    this.#peers.delete(connection);
    this.#requests = this.#requests.filter(({ peer }) => peer.connection !== connection);
  }

  /** Blocks that peers claim to have above this height. Claims of those that leave requests unanswered do not count. */
  behindBy(tipHeight: number): number {
    let best = tipHeight;
    for (const peer of this.#peers.values()) if (peer.strikes === 0) best = Math.max(best, peer.lastUsable());
    return best - tipHeight;
  }

  /** At any change, and at `nextWakeMs`. `nextHeight`: the first block that is neither applied nor taken. */
  tick({ nextHeight, nowMs }: { readonly nextHeight: number; readonly nowMs: number }): {
    readonly requests: RangeRequest[];
    readonly nextWakeMs: number | undefined;
  } {
    this.#goTo(nowMs);
    this.#dropBelow(nextHeight);
    this.#expire(nowMs);
    const requests: RangeRequest[] = [];
    const graceEndMs = this.#graceEndMs(nextHeight);
    const next = (): Request | undefined => this.#copyOfFirst(nextHeight, nowMs) ?? this.#nextRequest(nextHeight, nowMs);
    if (graceEndMs === undefined || graceEndMs <= nowMs)
      for (let request = next(); request !== undefined; request = next()) {
        this.#requests.push(request);
        request.peer.asked(nowMs);
        requests.push({ connection: request.peer.connection, from: request.from, count: request.end - request.from });
      }
    return { requests, nextWakeMs: this.#nextWakeMs(nextHeight, graceEndMs, nowMs) };
  }

  /** An answer after its deadline is taken too while it is still of use: a slow peer may be the only one. */
  received(range: ReceivedRange, nowMs: number): 'expected' | 'unexpected' {
    this.#goTo(nowMs);
    const { connection, from, blocks } = range;
    const peer = this.#peers.get(connection);
    const request = this.#requests.find((candidate) => candidate.peer.connection === connection && candidate.from === from);
    const asked = request ?? (peer?.late?.from === from ? peer.late : undefined);
    if (peer === undefined || asked === undefined) return 'unexpected';
    if (request === undefined) peer.late = undefined;
    else this.#requests = this.#requests.filter((other) => other !== request);
    if (blocks.length > asked.end - asked.from) {
      peer.strike(nowMs, this.#options.deadlineMs);
      return 'unexpected';
    }
    if (blocks.length === 0) peer.hasNothingFrom(from, nowMs, this.#options.deadlineMs);
    else {
      const tookMs = Math.max(0, nowMs - asked.askedMs);
      peer.delivered(blocks.length, tookMs);
      this.#tookMs = [...this.#tookMs, tookMs].slice(-paceAnswers);
      this.#buffer(range);
    }
    return 'expected';
  }

  /** The blocks from `nextHeight` on, if they are here; each is handed out once. */
  takeReady(nextHeight: number): ReceivedRange | undefined {
    this.#dropBelow(nextHeight);
    const ready = this.#buffered.find(({ from }) => from <= nextHeight);
    if (ready === undefined) return undefined;
    this.#unbuffer((one) => one === ready);
    // The certificate is the last block's, so what consensus has decided meanwhile is cut off in front.
    return { ...ready.range, from: nextHeight, blocks: ready.range.blocks.slice(nextHeight - ready.from) };
  }

  /** The rest of what was taken, for later. */
  keep(range: ReceivedRange): void {
    this.#buffer(range);
  }

  /** What this peer sent from this height is not the chain. It is not asked for that height or any above it again, and the rest it sent is not used. */
  failed(connection: ConnectionId, from: number): void {
    this.#peers.get(connection)?.hasWrongFrom(from);
    this.#unbuffer(({ range }) => range.connection === connection);
    this.#requests = this.#requests.filter(({ peer }) => peer.connection !== connection || peer.lastUsable() >= from);
  }

  /** This node follows another chain than before: nothing that was fetched is of use, whoever is asked may have the right one, and late answers are none. */
  afresh(): void {
    this.#unbuffer(() => true);
    this.#requests = [];
    for (const peer of this.#peers.values()) {
      peer.late = undefined;
      peer.forgive();
    }
  }

  /** Where the clock was set back, all times that are kept go back with it: what was waited for is due when it would have been, and not an hour later. */
  #goTo(nowMs: number): void {
    const byMs = nowMs - this.#nowMs;
    this.#nowMs = nowMs;
    if (byMs >= 0) return;
    for (const peer of this.#peers.values()) peer.shift(byMs);
    this.#requests = this.#requests.map((request) => ({ ...request, askedMs: request.askedMs + byMs, deadlineMs: request.deadlineMs + byMs }));
  }

  /** For the first gap, if somebody can be asked now. */
  #nextRequest(nextHeight: number, nowMs: number): Request | undefined {
    if (this.#requests.length >= this.#options.maxParallel) return undefined;
    const gap = firstGap([...this.#buffered, ...this.#requests], nextHeight, this.#bestClaim() + 1);
    if (gap === undefined || (gap.from !== nextHeight && !this.#hasRoom())) return undefined;
    // Whoever has a later gap has this one too: if nobody can be asked for it, nobody can for those.
    const peer = this.#choose(gap.from, nowMs);
    if (peer === undefined) return undefined;
    return this.#requestOf(peer, gap.from, Math.min(gap.end, gap.from + this.#rangeBlocks()), nowMs);
  }

  /** The first missing range once more, from another peer, if it is time for that and somebody is free. */
  #copyOfFirst(nextHeight: number, nowMs: number): Request | undefined {
    const hedge = this.#hedgeOf(nextHeight);
    if (hedge === undefined || hedge.dueMs > nowMs) return undefined;
    const peer = this.#choose(nextHeight, nowMs);
    return peer && this.#requestOf(peer, nextHeight, hedge.end, nowMs);
  }
  /** When the first missing range is asked of another peer, and where it ends. Undefined while it is here or nobody was asked for it, and when enough were. */
  #hedgeOf(nextHeight: number): { readonly dueMs: number; readonly end: number } | undefined {
    if (this.#requests.length >= this.#options.maxParallel || this.#buffered.some(({ from }) => from <= nextHeight)) return undefined;
    const asked = this.#requests.filter(({ from, end }) => from <= nextHeight && nextHeight < end);
    if (asked.length === 0 || asked.length >= maxCopies) return undefined;
    const lastAskedMs = Math.max(...asked.map(({ askedMs }) => askedMs));
    return { dueMs: lastAskedMs + this.#hedgeAfterMs() * 2 ** (asked.length - 1), end: Math.min(...asked.map(({ end }) => end)) };
  }
  #hedgeAfterMs(): number {
    const median = [...this.#tookMs].sort((a, b) => a - b)[Math.floor(this.#tookMs.length / 2)];
    return median === undefined ? firstHedgeMs : Math.max(minHedgeMs, hedgeFactor * median);
  }

  #requestOf(peer: SyncPeer, from: number, end: number, nowMs: number): Request {
    return { peer, from, end: Math.min(end, peer.lastUsable() + 1), askedMs: nowMs, deadlineMs: nowMs + peer.deadlineMs(this.#options.deadlineMs) };
  }
  #rangeBlocks(): number {
    const { rangeBlocks, firstRangeBlocks } = this.#options;
    if (this.#blockBytes === undefined) return Math.min(firstRangeBlocks, rangeBlocks);
    return Math.max(1, Math.min(rangeBlocks, Math.floor(aimedAnswerBytes / this.#blockBytes)));
  }

  /** The best of those that claim to have it and are free. One that let a deadline pass rests, as long as there is another who claims it. */
  #choose(height: number, nowMs: number): SyncPeer | undefined {
    const able = [...this.#peers.values()].filter((peer) => peer.lastUsable() >= height);
    const awake = able.filter((peer) => peer.restsUntilMs <= nowMs);
    const busy = new Set(this.#requests.map(({ peer }) => peer));
    return (awake.length > 0 ? awake : able).filter((peer) => !busy.has(peer)).sort(SyncPeer.byPreference)[0];
  }

  /** An answer may be as large as a message. */
  #hasRoom(): boolean {
    return this.#bufferedBytes + (this.#requests.length + 1) * maxMessageBytes <= this.#options.maxBufferedBytes;
  }
  #bestClaim(): number {
    let best = -1;
    for (const peer of this.#peers.values()) best = Math.max(best, peer.lastUsable());
    return best;
  }

  /** Undefined unless exactly one block is missing: then it may still come by itself until that time. */
  #graceEndMs(nextHeight: number): number | undefined {
    if (this.#bestClaim() !== nextHeight) return undefined;
    let sinceMs = Number.POSITIVE_INFINITY;
    for (const peer of this.#peers.values()) if (peer.lastUsable() === nextHeight) sinceMs = Math.min(sinceMs, peer.sinceMs);
    return sinceMs + this.#options.graceMs;
  }

  #nextWakeMs(nextHeight: number, graceEndMs: number | undefined, nowMs: number): number | undefined {
    const times = this.#requests.map(({ deadlineMs }) => deadlineMs);
    if (graceEndMs !== undefined && graceEndMs > nowMs) times.push(graceEndMs);
    const hedge = this.#hedgeOf(nextHeight);
    if (hedge !== undefined && hedge.dueMs > nowMs && this.#choose(nextHeight, nowMs) !== undefined) times.push(hedge.dueMs);
    // One that wakes may be who is missed.
    for (const peer of this.#peers.values()) if (peer.restsUntilMs > nowMs && peer.lastUsable() >= nextHeight) times.push(peer.restsUntilMs);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  #expire(nowMs: number): void {
    for (const { peer, from, end, askedMs } of this.#requests.filter(({ deadlineMs }) => deadlineMs <= nowMs)) {
      peer.late = { from, end, askedMs };
      peer.strike(nowMs, this.#options.deadlineMs);
    }
    this.#requests = this.#requests.filter(({ deadlineMs }) => deadlineMs > nowMs);
  }

  /** Decided meanwhile. A request whose answer would be of no use any more frees its peer only with that answer or its deadline. */
  #dropBelow(nextHeight: number): void {
    this.#unbuffer(({ end }) => end <= nextHeight);
  }
  /** A copy of what is here already is left out. */
  #buffer(range: ReceivedRange): void {
    const bytes = range.blocks.reduce((sum, block) => sum + block.length + bytesPerBlock, 0);
    const blockBytes = bytes / range.blocks.length;
    this.#blockBytes = this.#blockBytes === undefined ? blockBytes : (3 * this.#blockBytes + blockBytes) / 4;
    const end = range.from + range.blocks.length;
    if (this.#buffered.some((other) => other.from <= range.from && other.end >= end)) return;
    this.#buffered.push({ range, bytes, from: range.from, end });
    this.#bufferedBytes += bytes;
  }
  #unbuffer(isDropped: (buffered: Buffered) => boolean): void {
    const kept: Buffered[] = [];
    for (const buffered of this.#buffered) {
      if (isDropped(buffered)) this.#bufferedBytes -= buffered.bytes;
      else kept.push(buffered);
    }
    this.#buffered = kept;
    invariant(this.#bufferedBytes >= 0, 'bytes are counted in and out alike');
  }
}
