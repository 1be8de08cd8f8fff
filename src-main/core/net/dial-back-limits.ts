import type { NodeId } from '../../../src-shared/domain/ids.ts';
import { hostGroup } from './network-address.ts';

const minuteMs = 60_000;
/** A node asks two others an hour, so these serve hundreds of askers. */
const maxPerMinute = 6;
const maxAtOnce = 3;
const maxPerAsker = 1;
/** Several keys of one address. */
const maxPerHost = 2;
/** The world answers within seconds; one that it forgot does not count for ever. */
const forgottenMs = 30_000;

/** One that may be dialled. */
export interface DialBack {
  readonly asker: NodeId;
  readonly host: string;
  readonly startedMs: number;
}

/**
 * How often this node dials others because they ask for it. It dials nothing but the asker's own IP, so what is left to abuse are others behind
 * that IP (a router's, a provider's): a port of theirs is connected to twice a minute at most, with the greeting of an encrypted handshake, and
 * the asker learns nothing of it but that no node of its own key answered.
 */
export class DialBackLimits {
  /** Under way, at most `maxAtOnce`. */
  #running: readonly DialBack[] = [];
  /** Of the last minute, at most `maxPerMinute`. */
  #recent: readonly DialBack[] = [];

  /** Undefined: it is too often. Otherwise it is under way until it is said to have ended. */
  start(asker: NodeId, host: string, nowMs: number): DialBack | undefined {
    // One of the future was started before the clock was set back.
    const isYoung = (one: DialBack, ageMs: number): boolean => one.startedMs <= nowMs && nowMs - one.startedMs < ageMs;
    this.#recent = this.#recent.filter((one) => isYoung(one, minuteMs));
    this.#running = this.#running.filter((one) => isYoung(one, forgottenMs));
    if (this.#running.length >= maxAtOnce || this.#recent.length >= maxPerMinute) return undefined;
    const group = hostGroup(host);
    const count = (isSame: (one: DialBack) => boolean): number => this.#recent.filter(isSame).length;
    if (count((one) => one.asker === asker) >= maxPerAsker || count((one) => one.host === group) >= maxPerHost) return undefined;
    const started = { asker, host: group, startedMs: nowMs };
    this.#running = [...this.#running, started];
    this.#recent = [...this.#recent, started];
    return started;
  }
  ended(dialBack: DialBack): void {
    this.#running = this.#running.filter((one) => one !== dialBack);
  }
}
