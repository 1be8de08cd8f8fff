import type { TopicValue } from '../../src-shared/api/topics.ts';
import type { PaymentUriError } from '../../src-shared/domain/payment-uri.ts';
import type { ClientErrorCode } from '../api/client-error.ts';

/** What happened, and what to do about it. */
export interface Advice {
  readonly what: string;
  readonly next: string;
}

type OverviewReason = TopicValue<'overview'>['reasons'][number];

export const overviewReasons: Record<OverviewReason, Advice> = {
  halted: {
    what: 'This node has stopped following the chain: a quorum signed two different blocks, or one that breaks the rules.',
    next: 'It votes no more and its balances stand still, so that nothing gets worse. Its log names the blocks: ask other operators which of them they follow.',
  },
  'own-key-elsewhere': {
    what: 'Another node is running with this masternode’s key.',
    next: 'This one signs nothing, so that the two never contradict each other. Stop one of them; if it is the other, start this node again.',
  },
  'restored-old-copy': {
    what: 'This masternode has signed votes that its own records do not have: they were restored from an old copy.',
    next: 'It signs nothing until the next epoch begins, and then goes on by itself. It follows the chain meanwhile.',
  },
  listening: {
    what: 'This masternode listens whether another one uses its key before it votes.',
    next: 'It takes two minutes after each start, and a connected peer. It needs nothing from you.',
  },
  starting: { what: 'The node is starting.', next: 'It reads its chain and looks for peers. This takes a few seconds.' },
  'no-peers': {
    what: 'No other node is connected.',
    next: 'Check this machine’s internet connection and firewall. The node keeps trying by itself.',
  },
  'below-quorum': {
    what: 'Too few masternodes are connected to decide anything.',
    next: 'Payments wait and no block is made until two thirds of the voting weight are connected. Nothing is lost meanwhile.',
  },
  behind: { what: 'The node is catching up with the network.', next: 'Balances and payments are complete when it has. It needs nothing from you.' },
  'clock-off': {
    what: 'This machine’s clock is more than five seconds from the masternodes’.',
    next: 'Turn on setting the time automatically in the system settings. At fifteen seconds this node stops proposing blocks.',
  },
  'clock-stopped': {
    what: 'This machine’s clock is so far from the masternodes’ that this node proposes no blocks.',
    next: 'Set the time right in the system settings, automatically if possible. It goes on by itself then.',
  },
  unreachable: {
    what: 'Others cannot connect to this masternode.',
    next: 'Open its port in firewall and router: Peers, Network says which. Until then it depends on the peers that it dials itself.',
  },
  'no-block': {
    what: 'No block has come for two slots.',
    next: 'Either the network has stopped deciding, or this node does not hear it. Look at Peers first, then at Consensus.',
  },
  'not-launched': { what: 'This network has not launched.', next: 'It has no masternodes yet, so nothing can be decided. There is nothing to do but wait.' },
  'disk-slow': {
    what: 'The disk is slow to store.',
    next: 'Votes are stored before they are sent, so they leave late. Close what else uses the disk, or move the data to a faster one.',
  },
};

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
