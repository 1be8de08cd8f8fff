import * as z from 'zod';
import { isShowableLabel, maxLabelLength } from '../../domain/payment-uri.ts';
import { secret, txid } from '../fields.ts';

/** Shapes that the wallet's methods share. */
export const passphrase = secret(z.string().max(1_024));
/** Of a person, for an address, a request or an account; empty is none. */
export const label = z
  .string()
  .max(maxLabelLength)
  .refine((text) => text === '' || isShowableLabel(text), 'expected text that can be shown, without controls and line breaks');
export const address = z.string().max(200);
/** BIP44's; 0 is there always. */
export const accountNumber = z.number().int().min(0).max(99);
/** Absent: of all accounts together. */
export const ofAccount = accountNumber.optional().describe('absent: all of them');
export const outpoint = z.strictObject({ txid, vout: z.number().int().min(0).max(4_294_967_295) });
