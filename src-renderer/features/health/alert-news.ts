import { useEffect, useRef, useState } from 'react';
import type { AlertCode, HealthAlert } from '../../../src-shared/api/methods/health.ts';
import { useHealth } from '../../stores/topics.ts';
import { notifyOf } from './system-notifications.ts';

/** Those that have come since the last look, and what those were that are gone. */
export function newsOf(
  before: readonly HealthAlert[],
  now: readonly HealthAlert[],
): { readonly raised: readonly HealthAlert[]; readonly over: readonly HealthAlert[] } {
  // The moment tells one alert from a later one of the same kind.
  const same = (a: HealthAlert) => (b: HealthAlert) => a.code === b.code && a.sincems === b.sincems;
  return { raised: now.filter((alert) => !before.some(same(alert))), over: before.filter((alert) => !now.some(same(alert))) };
}

const isLoud = ({ severity }: HealthAlert): boolean => severity === 'critical' || severity === 'warning';

interface AlertNews {
  /** Raised since the window opened, not over and not dismissed: the newest last. */
  readonly shown: readonly HealthAlert[];
  /** Just over, to be said once. */
  readonly over: readonly HealthAlert[];
  readonly dismiss: (code: AlertCode) => void;
}

/**
 * What is to be pointed out while the window is open. What there was when it opened is on the overview, and is no news.
 * @param isListed the page lists all alerts itself: what is read there is no news on the next page
 */
export function useAlertNews(isListed: boolean): AlertNews {
  const alerts = useHealth()?.alerts;
  const before = useRef<readonly HealthAlert[]>(undefined);
  const [codes, setCodes] = useState<readonly AlertCode[]>([]);
  const [over, setOver] = useState<readonly HealthAlert[]>([]);
  useEffect(() => {
    if (alerts === undefined) return;
    if (before.current !== undefined) {
      const news = newsOf(before.current, alerts);
      notifyOf(news.raised.filter(isLoud), news.over);
      const raised = news.raised.filter(isLoud).map(({ code }) => code);
      if (raised.length > 0) setCodes((shown) => [...shown.filter((code) => !raised.includes(code)), ...raised]);
      if (news.over.length > 0) setOver(news.over.filter(isLoud));
    }
    before.current = alerts;
  }, [alerts]);
  useEffect(() => (isListed ? () => setCodes([]) : undefined), [isListed]);
  return {
    shown: codes.flatMap((code) => alerts?.find((alert) => alert.code === code) ?? []),
    over,
    dismiss: (code) => setCodes((shown) => shown.filter((one) => one !== code)),
  };
}
