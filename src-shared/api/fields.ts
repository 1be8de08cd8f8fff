import * as z from 'zod';
import { transactionReasons } from '../domain/rejection-code.ts';

/** Shapes that many methods share. Amounts are decimal strings of TIME with eight decimals; hashes are lower-case hex. */
export const hex32 = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 lower-case hex digits');
export const txid = hex32.describe('transaction id');
export const blockHash = hex32.describe('block hash');
export const nodeId = hex32.describe('node public key');
export const time = z.string().regex(/^-?\d+\.\d{8}$/);
/** What a person types: "12.5" or 12.5. */
export const timeInput = z
  .union([z.string(), z.number()])
  .transform((value) => (typeof value === 'number' ? decimalOf(value) : value))
  .pipe(z.string().regex(/^\d{1,12}(\.\d{1,8})?$/, 'expected an amount in TIME with at most eight decimals'));
export const height = z.number().int().min(0).max(4_294_967_295);
export const count = z.number().int().min(0);
/** Milliseconds since 1970. */
export const timestampMs = z.number().int().min(0);
export const hexBytes = z.string().regex(/^([0-9a-f]{2})*$/, 'expected hex');

/** 0.00000001 prints as 1e-8, so numbers go through eight decimals; one with more keeps its own text, and is refused. */
const decimalOf = (value: number): string => (Number(value.toFixed(8)) === value ? value.toFixed(8) : String(value));

/** Worded by whoever shows it; src-shared/domain/reason-words.ts has the words. */
export const transactionReason = z.enum(transactionReasons).describe('a reason');

/** A passphrase or words: hidden in the console, in no history and in no log, and asked for rather than typed into a line. */
export const secret = <T extends z.ZodType>(schema: T): T => schema.meta({ secret: true });

export const noParams = z.strictObject({});
