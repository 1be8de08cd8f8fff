import type { PaymentUriError } from '../../../src-shared/domain/payment-uri.ts';
import type { ClientErrorCode } from '../../api/client-error.ts';
import type { Advice } from '../advice.ts';

export const clientErrors: Record<ClientErrorCode, Advice> = {
  disconnected: { what: 'The node cannot be reached.', next: 'Nothing was done if it was not running. Look at the history before you try again.' },
  'no-answer': { what: 'The node did not answer in time.', next: 'It may have been done all the same: look at the history before you try again.' },
  'not-understood': { what: 'The node’s answer is not one that this window knows.', next: 'The two are of different versions. Reload the window.' },
  'parse-error': { what: 'The node could not read the request.', next: 'The two are of different versions. Reload the window.' },
  'invalid-request': { what: 'The node could not read the request.', next: 'The two are of different versions. Reload the window.' },
  'method-not-found': { what: 'This node does not know how to do that.', next: 'The window is newer than the node. Restart the node.' },
  'invalid-params': { what: 'The node does not accept these values.', next: 'Check them and try again.' },
  internal: { what: 'Something in the node went wrong.', next: 'Its log says what. Nothing was sent unless the history shows it.' },
  'misc-error': { what: 'The node could not do it.', next: 'Its log says why.' },
  'wallet-error': { what: 'The wallet could not do it.', next: 'The node’s log says why.' },
  'invalid-address': { what: 'The address is not valid here.', next: 'Ask the payee for it again.' },
  'not-found': { what: 'The node does not know it.', next: 'It may not have arrived yet.' },
  'insufficient-funds': { what: 'The spendable balance is not enough for the amount and the fee.', next: 'Send less, or wait for coins that are pending.' },
  'invalid-parameter': { what: 'The amount cannot be sent.', next: 'An output must be at least 0.00000546 TIME.' },
  'wallet-passphrase-incorrect': { what: 'The passphrase is wrong.', next: 'Nothing was sent. Type it again.' },
  'wallet-locked': { what: 'The wallet is locked.', next: 'Unlock it with its passphrase.' },
  'deserialization-error': { what: 'The transaction’s bytes cannot be read.', next: 'Nothing was sent.' },
  'max-fee-exceeded': { what: 'The fee is higher now than when you reviewed it.', next: 'Nothing was sent. Go back and review it again.' },
  'node-already-added': { what: 'It is on the list already.', next: 'There is nothing to do.' },
  'node-not-added': { what: 'It is not on the list.', next: 'There is nothing to do.' },
  'transaction-rejected': { what: 'The node refused the payment.', next: 'Nothing was sent, and the coins are still yours.' },
  'transaction-already-settled': { what: 'This payment is settled already.', next: 'Look for it in the history.' },
  'in-warmup': { what: 'The node is still starting.', next: 'Try again in a few seconds.' },
  'node-not-connected': { what: 'This peer is not connected.', next: 'There is nothing to do.' },
  'invalid-subnet': { what: 'This is no IP, network or node key that can be banned, or it is not banned.', next: 'Look at the list of bans.' },
  'not-confirmed': { what: 'It is in no block yet.', next: 'Try again after the next block.' },
};

export const recipientErrors: Record<PaymentUriError, string> = {
  prefix: 'An address starts with TIME, in capitals.',
  network: 'This address is for another network.',
  alphabet: 'There is a character that no address has (0, O, I, l and signs never occur).',
  length: 'The address is too short or too long: a part is missing or doubled.',
  checksum: 'A character is wrong: the checksum does not match.',
  scheme: 'A payment link starts with timecoin:',
  'parameter-unknown': 'The link asks for something this version does not know, so it is not used.',
  'parameter-repeated': 'The link says one thing twice, so it is not used.',
  amount: 'The link’s amount is not a number of TIME.',
  label: 'The link’s label cannot be shown.',
};
