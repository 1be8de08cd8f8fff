import { create } from 'zustand';

const storageKey = 'time.notifications';

/** `missing`: this browser has none, or not for pages like this one. */
export type NotificationState = NotificationPermission | 'missing';
export const notificationPermission = (): NotificationState => ('Notification' in globalThis ? Notification.permission : 'missing');

/** Whether alerts are to be said by the system too. Until somebody chooses they are where nobody needs to be asked, as in the app's own window. */
export const useNotifications = create<{ readonly wanted: boolean }>()(() => ({ wanted: globalThis.localStorage?.getItem(storageKey) !== 'no' }));

/** Asks the person where the browser wants that. Answers what the browser says now. */
export async function wantNotifications(wanted: boolean, storage: Pick<Storage, 'setItem'> = localStorage): Promise<NotificationState> {
  const permission = wanted && notificationPermission() === 'default' ? await Notification.requestPermission() : notificationPermission();
  storage.setItem(storageKey, wanted ? 'yes' : 'no');
  useNotifications.setState({ wanted });
  return permission;
}
