import { en } from './en/en.ts';

/** A catalogue has every key of the English one. */
export type Text = typeof en;

export const text: Text = en;
