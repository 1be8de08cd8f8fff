import type { ErrorCode } from '../../../src-shared/api/method.ts';
import { CodedError } from '../coded-error.ts';
import { PassphraseDelayed } from '../keys/passphrase-tries.ts';
import { WalletError } from '../keys/wallet.ts';
import { VaultError } from '../keys/wallet-vault.ts';
import { OperationalError, whatToDo } from '../operational-error.ts';

const codes: Record<WalletError['code'], { readonly code: ErrorCode; readonly words: string }> = {
  locked: { code: 'wallet-locked', words: 'The wallet is locked and the keys that it knows ahead are used up: give its passphrase.' },
  'other-wallet': { code: 'wallet-error', words: whatToDo['wallet-file-foreign'] },
  'damaged-store': { code: 'wallet-error', words: whatToDo['wallet-file-damaged'] },
  'too-many-unused': {
    code: 'wallet-error',
    words: 'Too many addresses in a row were never used; give out one of those, since more would not be found again from the words.',
  },
  'too-many-accounts': {
    code: 'wallet-error',
    words: 'Too many accounts were never used; use one of those, since more would not be found again from the words.',
  },
  'no-account': { code: 'invalid-parameter', words: 'There is no such account.' },
  'too-many-entries': { code: 'wallet-error', words: 'The list is full.' },
};

/** Why a wallet that is there cannot be opened at a start, with what to do; anything else stays what it is. */
export function walletOpenError(error: unknown): unknown {
  if (error instanceof VaultError && error.code === 'damaged') return new OperationalError('wallet-vault-damaged', error.detail, { cause: error });
  if (error instanceof VaultError && error.code === 'unsupported-version') return new OperationalError('database-newer', error.detail, { cause: error });
  if (error instanceof WalletError && error.code === 'damaged-store')
    return new OperationalError('wallet-file-damaged', `wallet.sqlite: ${error.detail}`, { cause: error });
  if (error instanceof WalletError && error.code === 'other-wallet')
    return new OperationalError('wallet-file-foreign', `wallet.sqlite: ${error.detail}`, { cause: error });
  return error;
}

/** What keys and passphrases refuse, in the contract's codes; anything else stays what it is. */
export function codedWalletError(error: unknown): unknown {
  if (error instanceof PassphraseDelayed)
    return new CodedError(
      'wallet-passphrase-delayed',
      `Too many wrong passphrases were tried. The next may be tried in ${Math.ceil(error.waitMs / 1_000)} s.`,
      { retryafterms: error.waitMs },
    );
  if (error instanceof VaultError && error.code === 'wrong-passphrase')
    return new CodedError('wallet-passphrase-incorrect', 'The passphrase is not the wallet’s.');
  if (error instanceof VaultError && error.code === 'already-exists') return new CodedError('wallet-already-exists', 'There is a wallet already.');
  if (error instanceof VaultError) return new CodedError('wallet-error', error.message, { reason: error.code });
  if (error instanceof WalletError) return new CodedError(codes[error.code].code, `${codes[error.code].words} (${error.message})`, { reason: error.code });
  return error;
}

export async function coded<T>(run: () => T | Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw codedWalletError(error);
  }
}
