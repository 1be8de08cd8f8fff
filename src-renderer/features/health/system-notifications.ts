import type { AlertCode, HealthAlert } from '../../../src-shared/api/methods/health.ts';
import { notificationPermission, useNotifications } from '../../stores/notifications.ts';
import { alertWords } from './alert-words.ts';

/** One for each alert that is raised, until it is over. */
const shown = new Map<AlertCode, Notification>();

/** Who looks at the window sees the alert there; others are told by the system, once. */
export function notifyOf(raised: readonly HealthAlert[], over: readonly HealthAlert[]): void {
  for (const { code } of over) {
    shown.get(code)?.close();
    shown.delete(code);
  }
  if (document.hasFocus() || !useNotifications.getState().wanted || notificationPermission() !== 'granted') return;
  for (const alert of raised) {
    const { what, next } = alertWords(alert);
    // The same tag takes the place of one that another page of this node shows.
    const notification = new Notification(what, { body: next, tag: `time-${alert.code}` });
    notification.onclick = () => window.focus();
    shown.set(alert.code, notification);
  }
}
