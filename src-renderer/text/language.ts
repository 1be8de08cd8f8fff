/** Languages that the window speaks. */
export const languages = ['en', 'de'] as const;
export type Language = (typeof languages)[number];

const storageKey = 'time.language';
const isLanguage = (value: string | null): value is Language => languages.some((language) => language === value);

/** The one that was chosen, else the first of the system's that there is a catalogue for, else English. */
export function languageOf(chosen: string | null, preferred: readonly string[]): Language {
  if (isLanguage(chosen)) return chosen;
  return preferred.map((tag) => tag.split('-', 1)[0] ?? '').find((tag): tag is Language => isLanguage(tag)) ?? 'en';
}

/** What is chosen, as text that anything may have written; null: as the system. Outside of a page nothing is. */
export const chosenLanguage = (storage: Pick<Storage, 'getItem'> | undefined = globalThis.localStorage): Language | null => {
  const stored = storage?.getItem(storageKey) ?? null;
  return isLanguage(stored) ? stored : null;
};

export function chooseLanguage(language: Language | null, storage: Pick<Storage, 'setItem' | 'removeItem'>): void {
  if (language === null) storage.removeItem(storageKey);
  else storage.setItem(storageKey, language);
}

/** Chromium names the language of a system without one `en-US@posix`, which Intl refuses. */
function isTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

/** How dates are written: as in the system's region where it speaks the window's language (`en-GB` and `en-US` differ), else as in the language. */
export const regionOf = (shown: Language, preferred: readonly string[]): string =>
  preferred.find((tag) => tag.split('-', 1)[0] === shown && isTag(tag)) ?? shown;

const preferred = globalThis.localStorage === undefined ? [] : navigator.languages;
/** Of this page for as long as it is loaded: another language loads it anew, so that no text, number or date is left in the old one. */
export const language: Language = languageOf(chosenLanguage(), preferred);
export const region = regionOf(language, preferred);
