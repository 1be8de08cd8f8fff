import { create } from 'zustand';

const storageKey = 'time.peers.columns';

/** Columns by id; undefined: as the width of the window has it. */
export type ColumnChoice = readonly string[] | undefined;

/** What was stored is text that anything may have written. */
export function readChoice(stored: string | null, known: readonly string[]): ColumnChoice {
  if (stored === null) return undefined;
  const chosen = stored.split(' ').filter((id) => known.includes(id));
  return chosen.length === 0 ? undefined : chosen;
}

interface ChoiceState {
  readonly choice: ColumnChoice;
}
export const useColumnChoice = create<ChoiceState>()(() => ({ choice: undefined }));

export const recallColumns = (known: readonly string[], storage: Pick<Storage, 'getItem'>): void =>
  useColumnChoice.setState({ choice: readChoice(storage.getItem(storageKey), known) });

export function chooseColumns(choice: ColumnChoice, storage: Pick<Storage, 'setItem' | 'removeItem'>): void {
  useColumnChoice.setState({ choice });
  if (choice === undefined) storage.removeItem(storageKey);
  else storage.setItem(storageKey, choice.join(' '));
}
