import { create } from 'zustand';

const storageKey = 'time.wallet.idle-minutes';
/** Of being left alone, after which an unlocked wallet locks itself. */
export const idleMinutes = [1, 5, 15, 60] as const;
export type IdleMinutes = (typeof idleMinutes)[number];
const proposed: IdleMinutes = 5;

/** What was stored is text that anything may have written. */
export const readIdleMinutes = (stored: string | null | undefined): IdleMinutes => idleMinutes.find((minutes) => String(minutes) === stored) ?? proposed;

export const useIdleMinutes = create<{ readonly minutes: IdleMinutes }>()(() => ({ minutes: readIdleMinutes(globalThis.localStorage?.getItem(storageKey)) }));

export function chooseIdleMinutes(minutes: IdleMinutes, storage: Pick<Storage, 'setItem'> = localStorage): void {
  useIdleMinutes.setState({ minutes });
  storage.setItem(storageKey, String(minutes));
}
