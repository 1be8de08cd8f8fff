import { expect, test } from 'vitest';
import type { ClientError } from '../api/client-error.ts';
import { wordsOf } from './client-error-words.ts';

const error = (code: ClientError['code'], data?: ClientError['data']): ClientError => ({
  code,
  message: 'the node’s own words',
  ...(data === undefined ? {} : { data }),
});

test.each([
  [error('transaction-rejected', { rejection: 'fee-too-low', detail: '' }), 'The node refused the payment: its fee is too low.'],
  [error('max-fee-exceeded', { fee: '0.01250000', maxfee: '0.01000000' }), 'The fee is 0.0125 TIME now, and you reviewed 0.01.'],
  [error('transaction-rejected', { rejection: 'from-the-future' }), 'the node’s own words'],
  [error('insufficient-funds', { needed: '1200.50000000', available: '3.00000000' }), '1,200.50 TIME are needed with the fee, and 3.00 are spendable.'],
  [error('insufficient-funds'), 'The spendable balance is not enough for the amount and the fee.'],
  [error('wallet-passphrase-delayed', { retryafterms: 3_400 }), 'Too many wrong passphrases: the next one may be tried in 4\u00a0s.'],
  [error('wallet-passphrase-delayed'), 'Too many wrong passphrases were tried.'],
  [error('wallet-error'), 'The wallet could not do it: the node’s own words'],
  [error('misc-error', { reason: 'too-many-queries' }), 'Too many questions wait for the node’s answer.'],
  [error('misc-error', { reason: 'database-older' }), 'The node could not do it: the node’s own words'],
  [error('disconnected'), 'The node cannot be reached.'],
])('%j', (failure, what) => expect(wordsOf(failure).what).toBe(what));
