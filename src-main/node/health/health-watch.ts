import type { AlertCode, HealthAlert, Severity } from '../../../src-shared/api/methods/health.ts';
import type { HealthFacts, WatchedFacts } from './health-facts.ts';
import { alertCodes, type HealthRule, healthRules } from './health-rules.ts';

export type Verdict = 'good' | 'attention' | 'bad';
export interface HealthView {
  readonly verdict: Verdict;
  /** The gravest first; what follows from another one is left out. */
  readonly alerts: readonly HealthAlert[];
}
export interface HealthChange {
  readonly raised: readonly HealthAlert[];
  readonly cleared: readonly AlertCode[];
}

/** Who looks once a second and finds that this much has passed was asleep, or stood still. */
const sleptMs = 30_000;
const ranks: Record<Severity, number> = { critical: 0, warning: 1, notice: 2, info: 3 };

export interface HealthWatchOptions {
  readonly facts: () => HealthFacts;
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
  /** For how long something has held; stands still while the machine sleeps. */
  readonly monotonicMs: () => number;
  /** Since the machine was started, asleep or not: whoever sets the clock does not change it. */
  readonly uptimeMs: () => number;
}

interface Condition {
  /** Since when it has held or not held without a break, the other way round than `raised` says; undefined while the two agree. */
  turnedMs: number | undefined;
  alert: HealthAlert | undefined;
}

/** Looks again and again, raises each alert once, and clears it when it is over. */
export class HealthWatch {
  readonly #facts: () => HealthFacts;
  readonly #nowMs: () => number;
  readonly #monotonicMs: () => number;
  readonly #uptimeMs: () => number;
  readonly #conditions = new Map<AlertCode, Condition>(alertCodes.map((code) => [code, { turnedMs: undefined, alert: undefined }]));
  #settlingSinceMs: number;
  #lookedMs: number;
  #woke: { readonly forMs: number; readonly atMs: number } | undefined;
  #view: HealthView = { verdict: 'good', alerts: [] };

  constructor(options: HealthWatchOptions) {
    this.#facts = options.facts;
    this.#nowMs = options.nowMs;
    this.#monotonicMs = options.monotonicMs;
    this.#uptimeMs = options.uptimeMs;
    this.#settlingSinceMs = options.monotonicMs();
    this.#lookedMs = options.uptimeMs();
    this.look();
  }

  get view(): HealthView {
    return this.#view;
  }

  /** To be called once a second. Answers what is said now and was not before, and what is not said any more. */
  look(): HealthChange {
    const nowMs = this.#nowMs();
    const steadyMs = this.#monotonicMs();
    this.#noticeSleep(steadyMs);
    const facts: WatchedFacts = {
      ...this.#facts(),
      settledMs: steadyMs - this.#settlingSinceMs,
      slept: this.#woke && { forMs: this.#woke.forMs, agoMs: Math.max(0, steadyMs - this.#woke.atMs) },
    };
    for (const code of alertCodes) this.#judge(code, facts, nowMs, steadyMs);
    const before = new Set(this.#view.alerts.map(({ code }) => code));
    this.#view = this.#said();
    const now = new Set(this.#view.alerts.map(({ code }) => code));
    return { raised: this.#view.alerts.filter(({ code }) => !before.has(code)), cleared: [...before].filter((code) => !now.has(code)) };
  }

  /** After sleep everything begins anew, and nobody is alarmed by what the machine missed. */
  #noticeSleep(steadyMs: number): void {
    const uptimeMs = this.#uptimeMs();
    const forMs = uptimeMs - this.#lookedMs;
    this.#lookedMs = uptimeMs;
    if (forMs < sleptMs) return;
    this.#woke = { forMs, atMs: steadyMs };
    this.#settlingSinceMs = steadyMs;
    for (const condition of this.#conditions.values()) condition.turnedMs = undefined;
  }

  #judge(code: AlertCode, facts: WatchedFacts, nowMs: number, steadyMs: number): void {
    const condition = this.#conditions.get(code);
    if (condition === undefined) return;
    const rule: HealthRule = healthRules[code];
    const held = rule.holds(facts, condition.alert !== undefined);
    const isRaised = condition.alert !== undefined;
    if ((held !== undefined) === isRaised) {
      condition.turnedMs = undefined;
      // Raised still: the numbers are today's.
      if (held !== undefined && condition.alert !== undefined) condition.alert = alertOf(code, rule, held, condition.alert.sincems);
      return;
    }
    condition.turnedMs ??= steadyMs;
    if (steadyMs - condition.turnedMs < (isRaised ? rule.clearAfterMs : rule.raiseAfterMs)) return;
    condition.turnedMs = undefined;
    condition.alert = held === undefined ? undefined : alertOf(code, rule, held, nowMs);
  }

  #said(): HealthView {
    const raised = (code: AlertCode): boolean => this.#conditions.get(code)?.alert !== undefined;
    const alerts = alertCodes.flatMap((code) => {
      const alert = this.#conditions.get(code)?.alert;
      return alert === undefined || healthRules[code].followsFrom.some(raised) ? [] : [alert];
    });
    const gravest = Math.min(...alerts.map(({ severity }) => ranks[severity]), ranks.info);
    return { verdict: gravest === ranks.critical ? 'bad' : gravest < ranks.info ? 'attention' : 'good', alerts };
  }
}

// The table's type ties the code to its facts, which the compiler cannot see through a variable.
const alertOf = (code: AlertCode, { severity }: HealthRule, facts: object, sincems: number): HealthAlert =>
  ({ code, severity, sincems, ...facts }) as HealthAlert;
