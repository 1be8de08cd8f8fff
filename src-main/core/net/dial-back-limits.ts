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

interface Probe {
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
  /** Under way, by request. */
  readonly #running = new Map<number, Probe>();
  /** Of the last minute, at most `maxPerMinute`. */
  #recent: readonly Probe[] = [];

  /** Whether this one may be dialled now; then it is under way. */
  start(request: number, asker: NodeId, host: string, nowMs: number): boolean {
    // One of the future was started before the clock was set back.
    const isYoung = (one: Probe, ageMs: number): boolean => one.startedMs <= nowMs && nowMs - one.startedMs < ageMs;
    this.#recent = this.#recent.filter((one) => isYoung(one, minuteMs));
    for (const [number, one] of this.#running) if (!isYoung(one, forgottenMs)) this.#running.delete(number);
    if (this.#running.size >= maxAtOnce || this.#recent.length >= maxPerMinute) return false;
    const group = hostGroup(host);
    const count = (isSame: (one: Probe) => boolean): number => this.#recent.filter(isSame).length;
    if (count((one) => one.asker === asker) >= maxPerAsker || count((one) => one.host === group) >= maxPerHost) return false;
    const probe = { asker, host: group, startedMs: nowMs };
    this.#running.set(request, probe);
    this.#recent = [...this.#recent, probe];
    return true;
  }
  ended(request: number): void {
    this.#running.delete(request);
  }
}
