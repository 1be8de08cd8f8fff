import type { HealthAlert, Severity } from '../../src-shared/api/methods/health.ts';
import type { LogLevel } from '../../src-shared/domain/log-lines.ts';
import { type HealthChange, type HealthView, HealthWatch, type HealthWatchOptions } from '../node/health/health-watch.ts';
import type { Logger } from '../node/logging/logger.ts';

/** What is wrong is to be known within a moment; looking costs microseconds. */
const lookMs = 1_000;
const levels: Record<Severity, LogLevel> = { critical: 'error', warning: 'warn', notice: 'info', info: 'info' };

/** How the node is, for all who show it. */
export interface Health {
  view(): HealthView;
  /** Hears each alert when it is raised and when it is over. Answers what ends it. */
  onChange(listener: (change: HealthChange) => void): () => void;
}

export interface HealthLoop extends Health {
  stop(): void;
}

/** Looks once a second from now on, and writes what changes to the log. */
export function startHealth(options: HealthWatchOptions & { readonly log: Logger }): HealthLoop {
  const { log } = options;
  const watch = new HealthWatch(options);
  const listeners = new Set<(change: HealthChange) => void>();
  const say = (change: HealthChange): void => {
    for (const { severity, code, sincems: _, ...facts } of change.raised) log[levels[severity]]('alert', { code, ...(facts as AlertFields) });
    for (const code of change.cleared) log.info('alert over', { code });
    for (const listener of listeners) listener(change);
  };
  say({ raised: watch.view.alerts, cleared: [] });
  const timer = setInterval(() => {
    const change = watch.look();
    if (change.raised.length > 0 || change.cleared.length > 0) say(change);
  }, lookMs);
  timer.unref();
  return {
    view: () => watch.view,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop: () => {
      clearInterval(timer);
      listeners.clear();
    },
  };
}

type AlertFields = Readonly<Record<Exclude<keyof HealthAlert, 'severity' | 'code' | 'sincems'>, string | number | boolean>>;
