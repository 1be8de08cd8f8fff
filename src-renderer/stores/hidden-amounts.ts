import { create } from 'zustand';

const storageKey = 'time.hide-amounts';

/** Whether the wallet's own amounts are hidden, as in a train; what a person is about to pay is shown all the same. */
export const useHiddenAmounts = create<{ readonly hidden: boolean }>()(() => ({ hidden: globalThis.localStorage?.getItem(storageKey) === 'yes' }));

export function hideAmounts(hidden: boolean, storage: Pick<Storage, 'setItem' | 'removeItem'> = localStorage): void {
  useHiddenAmounts.setState({ hidden });
  if (hidden) storage.setItem(storageKey, 'yes');
  else storage.removeItem(storageKey);
}
