import { formatAmount } from '../../text/format.ts';
import { text } from '../../text/text.ts';

/** A decimal string of TIME within a sentence. */
export const amountWords = (time: string): string => `${formatAmount(time)} ${text.unit}`;
export const isNothing = (time: string): boolean => /^0\.0+$/.test(time);
