import type { ConnectionId } from './connection-id.ts';

/** From different networks, and of one mind. */
const agreeing = 2;
/** Where they do not agree, or do not answer, others are asked, up to so many. */
const maxAsked = 6;
/** The other dials for some seconds. */
const answerMs = 15_000;

/** A peer that could be asked to dial back. */
export interface Dialler {
  readonly connection: ConnectionId;
  /** Of its address. */
  readonly network: string;
}
interface Asked extends Dialler {
  readonly nonce: bigint;
  readonly untilMs: number;
}
/** What one found. */
export interface Verdict {
  readonly reached: boolean;
  /** host:port that it dialled, as it says. */
  readonly address: string;
}

/**
 * One look from outside: peers are asked to dial this node, two at a time. Two from different networks that say the same decide; where there is
 * nobody left to ask, the majority of those who answered does, be it one.
 */
export class ReachabilityCheck {
  readonly #asked = new Set<ConnectionId>();
  #waiting: Asked[] = [];
  readonly #verdicts: (Verdict & { readonly network: string })[] = [];

  /** Whom to ask now; `candidates` in the order of preference. Networks that were not asked yet come first. */
  next(candidates: readonly Dialler[], newNonce: () => bigint, nowMs: number): { readonly connection: ConnectionId; readonly nonce: bigint }[] {
    const asks: Asked[] = [];
    while (this.#waiting.length + this.#decisive() < agreeing && this.#asked.size < maxAsked) {
      const networks = new Set([...this.#waiting, ...this.#verdicts].map(({ network }) => network));
      const free = candidates.filter(({ connection }) => !this.#asked.has(connection));
      const dialler = free.find(({ network }) => !networks.has(network)) ?? free[0];
      if (dialler === undefined) break;
      const asked = { ...dialler, nonce: newNonce(), untilMs: nowMs + answerMs };
      this.#asked.add(dialler.connection);
      this.#waiting.push(asked);
      asks.push(asked);
    }
    return asks;
  }

  /** `verdict` undefined: it would not try. An answer to nothing that is waited for came too late. */
  answered(connection: ConnectionId, nonce: bigint, verdict: Verdict | undefined): void {
    const asked = this.#waiting.find((one) => one.connection === connection && one.nonce === nonce);
    if (asked === undefined) return;
    this.#waiting = this.#waiting.filter((one) => one !== asked);
    if (verdict !== undefined) this.#verdicts.push({ ...verdict, network: asked.network });
  }
  gone(connection: ConnectionId): void {
    this.#waiting = this.#waiting.filter((one) => one.connection !== connection);
  }
  expire(nowMs: number): void {
    this.#waiting = this.#waiting.filter(({ untilMs }) => untilMs > nowMs && untilMs <= nowMs + answerMs);
  }
  /** Undefined: nobody is asked at the moment. */
  nextDueMs(): number | undefined {
    return this.#waiting.length === 0 ? undefined : Math.min(...this.#waiting.map(({ untilMs }) => untilMs));
  }

  /** Undefined while answers are awaited that may decide it. To be asked after `next`, which asks others while there are any. */
  outcome(): Verdict | 'nobody-knows' | undefined {
    const found = (reached: boolean): Verdict | undefined => this.#verdicts.find((verdict) => verdict.reached === reached);
    for (const reached of [true, false]) if (this.#networksOf(reached) >= agreeing) return found(reached);
    if (this.#waiting.length > 0) return undefined;
    const yes = this.#verdicts.filter(({ reached }) => reached).length;
    const no = this.#verdicts.length - yes;
    return (yes === no ? undefined : found(yes > no)) ?? 'nobody-knows';
  }

  #networksOf(reached: boolean): number {
    return new Set(this.#verdicts.filter((verdict) => verdict.reached === reached).map(({ network }) => network)).size;
  }
  /** Networks that agree so far. */
  #decisive(): number {
    return Math.max(this.#networksOf(true), this.#networksOf(false));
  }
}
