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
  'wallet-passphrase-incorrect': { what: 'The passphrase is wrong.', next: 'Nothing was done. Type it again.' },
  'wallet-locked': { what: 'The wallet is locked.', next: 'Unlock it with its passphrase.' },
  'wallet-passphrase-delayed': { what: 'Too many wrong passphrases were tried.', next: 'Wait until the time that is shown is over, then try again.' },
  'wallet-not-found': { what: 'This node has no wallet.', next: 'Create one, or restore one from its words or a backup.' },
  'wallet-already-exists': { what: 'There is a wallet already.', next: 'It is left as it is.' },
  'invalid-words': { what: 'These are not the words of a wallet.', next: 'Compare them with what you wrote down.' },
  'invalid-backup': { what: 'This is no backup of a wallet, or it is damaged.', next: 'Try another copy, or restore from the words.' },
  'deserialization-error': { what: 'The transaction’s bytes cannot be read.', next: 'Nothing was sent.' },
  'max-fee-exceeded': { what: 'The fee is higher now than when you reviewed it.', next: 'Nothing was sent. Go back and review it again.' },
  'node-already-added': { what: 'It is on the list already.', next: 'There is nothing to do.' },
  'node-not-added': { what: 'It is not on the list.', next: 'There is nothing to do.' },
  'transaction-rejected': { what: 'The node refused the payment.', next: 'Nothing was sent, and the coins are still yours.' },
  'transaction-already-settled': { what: 'This payment is settled already.', next: 'Look for it in the history.' },
  'in-warmup': { what: 'The node is still starting.', next: 'Try again in a few seconds.' },
  'node-not-connected': { what: 'This peer is not connected.', next: 'There is nothing to do.' },
  'invalid-subnet': { what: 'This is no IP, network or node key that can be banned, or it is not banned.', next: 'Look at the list of bans.' },
  'confirmation-needed': { what: 'More than a hundred blocks would be taken off.', next: 'Give confirm as true if that is meant.' },
  'too-many-blocks': { what: 'More than a thousand blocks would be taken off.', next: 'That is never done: operators agree on a new beginning then.' },
  'no-undo-data': {
    what: 'What takes these blocks off was not stored.',
    next: 'An older release stored them. Let the chain be fetched anew, from peers that follow the other branch.',
  },
  reverting: { what: 'Blocks are being taken off.', next: 'Wait until that is done.' },
  'not-confirmed': { what: 'It is in no block yet.', next: 'Try again after the next block.' },
};

/** What the world around a running node may keep it from, by the reason that it gives. */
export const nodeTroubles = {
  'too-many-queries': { what: 'Too many questions wait for the node’s answer.', next: 'Try again in a moment.' },
  'disk-full': { what: 'The node’s disk is full.', next: 'Free some space, then try again. Nothing that was sent is lost.' },
  'disk-failure': { what: 'The node’s disk or its file system reports an error.', next: 'Check the disk. Nothing that was sent is lost.' },
  'data-directory-unusable': { what: 'The node may not write one of its files.', next: 'Its log names it.' },
  'storage-stopped': { what: 'The node is stopping.', next: 'Try again after its next start.' },
  'worker-died': { what: 'A part of the node ended unexpectedly.', next: 'Start the node again. Nothing that was sent is lost.' },
} satisfies Record<string, Advice>;

export const recipientErrors: Record<PaymentUriError, string> = {
  slashes: 'A payment link has no slashes: it is timecoin: and at once the address. Take the two slashes out.',
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
