import { transactionReasons } from '../../src-shared/domain/rejection-code.ts';
import type { ClientError } from '../api/client-error.ts';
import type { Advice } from '../text/advice.ts';
import { formatAmount } from '../text/format.ts';
import { text } from '../text/text.ts';

/** Known codes have words; a refusal's own code says more, and so does what the node said where the code says little. */
export function wordsOf(error: ClientError): Advice {
  const { what, next } = text.clientErrors[error.code];
  if (error.code === 'transaction-rejected') {
    const code = transactionReasons.find((known) => known === error.data?.rejection);
    return { what: code === undefined ? error.message : `${what.replace(/\.$/, '')}: ${text.reason(code)}.`, next };
  }
  const { needed, available, fee, maxfee, retryafterms } = error.data ?? {};
  if (error.code === 'wallet-passphrase-delayed' && typeof retryafterms === 'number') return { what: text.wallet.passphraseDelay(retryafterms), next: '' };
  if (error.code === 'max-fee-exceeded' && typeof fee === 'string' && typeof maxfee === 'string') {
    return { what: text.feeAbove(formatAmount(fee), formatAmount(maxfee)), next };
  }
  if (error.code === 'insufficient-funds' && typeof needed === 'string' && typeof available === 'string') {
    return { what: text.shortOf(formatAmount(needed), formatAmount(available)), next };
  }
  const trouble = Object.entries(text.nodeTroubles).find(([reason]) => reason === error.data?.reason);
  if (error.code === 'misc-error' && trouble !== undefined) return trouble[1];
  const vague = error.code === 'internal' || error.code === 'misc-error' || error.code === 'wallet-error';
  return vague ? { what: `${what.replace(/\.$/, '')}: ${error.message}`, next } : { what, next };
}
