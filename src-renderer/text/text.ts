import { de } from './de/de.ts';
import { en } from './en/en.ts';
import { type Language, language } from './language.ts';

/** A catalogue has every key of the English one. */
export type Text = typeof en;

export const catalogues: Readonly<Record<Language, Text>> = { en, de };

export const text: Text = catalogues[language];
