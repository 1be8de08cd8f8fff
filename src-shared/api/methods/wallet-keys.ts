import * as z from 'zod';
import { count, noParams, secret, timestampMs } from '../fields.ts';
import { type ErrorCode, method } from '../method.ts';
import { passphrase } from './wallet-fields.ts';

/** Words, passphrases and backups: how a wallet comes to be, is locked, and is kept. */

const wordCount = z.union([z.literal(12), z.literal(24)]);
/** Longer than 24 of BIP39's words with spaces between; what was typed may have more spaces. */
const typedWords = secret(z.string().max(1_000));
const shownWords = secret(z.string());

export const walletInfo = z.object({
  walletname: z.string(),
  words: wordCount.describe('how many words it is made from'),
  passphraserequired: z.boolean().describe('spending, signing, showing words and exporting keys take the passphrase'),
  unlocked: z.boolean().describe('the keys are in memory now, for new addresses; what spends takes the passphrase all the same'),
  unlockeduntil: timestampMs.optional().describe('when it locks itself if it is left alone; absent while locked, and where there is no passphrase'),
  accounts: count,
  keysahead: count.describe('addresses that can be given out while it is locked, of the account that has fewest left'),
  scanning: z
    .object({ checked: count.describe('addresses looked up'), found: count.describe('of these, used ones') })
    .nullable()
    .describe('while the history of a wallet that was restored is looked for; null when that is over'),
  wrongpassphrases: count.describe('in a row'),
  retryafterms: count.describe('until a passphrase may be tried again; 0: now'),
});

/** What whatever takes the passphrase can answer. */
export const passphraseErrors = ['wallet-not-found', 'wallet-passphrase-incorrect', 'wallet-passphrase-delayed', 'wallet-error'] as const satisfies ErrorCode[];

const replacepassphrase = passphrase
  .optional()
  .describe('of the wallet that is there: it is moved aside, as files that stay in the data directory; absent: a wallet that is there is left alone');
const makingErrors = ['wallet-already-exists', 'wallet-passphrase-incorrect', 'wallet-passphrase-delayed', 'invalid-parameter', 'wallet-error'] as const;

export const walletKeyMethods = {
  getwalletinfo: method({
    group: 'wallet',
    summary: 'Which wallet this is, whether it is locked, and whether it is still looking for its history.',
    request: noParams,
    response: walletInfo,
    errors: ['wallet-not-found'],
  }),
  draftwallet: method({
    group: 'wallet',
    summary: 'New words for a wallet, to be written down; nothing is stored yet, and they are forgotten after half an hour.',
    request: z.strictObject({ words: wordCount.default(24) }),
    response: z.object({
      draft: z.string().describe('for createwallet'),
      words: shownWords,
      asked: z.array(count).length(3).describe('positions, from 1, of the words that createwallet asks back'),
      expiresms: timestampMs,
    }),
    errors: [],
  }),
  createwallet: method({
    group: 'wallet',
    summary: 'Makes a wallet of drafted words, once three of them are said back.',
    request: z.strictObject({
      draft: z.string().max(64),
      confirm: secret(z.array(z.string().max(40)).length(3)).describe('the words at the positions that were asked'),
      passphrase: passphrase.default('').describe('may be empty on a practice network alone'),
      replacepassphrase,
    }),
    response: walletInfo,
    errors: ['invalid-words', 'not-found', ...makingErrors],
  }),
  restorefromwords: method({
    group: 'wallet',
    summary: 'Makes a wallet of words that somebody has, and looks for its history.',
    request: z.strictObject({
      words: typedWords.describe('12 or 24'),
      passphrase: passphrase.default('').describe('a new one for this machine; may be empty on a practice network alone'),
      replacepassphrase,
    }),
    response: walletInfo,
    errors: ['invalid-words', ...makingErrors],
    slow: true,
  }),
  checkwords: method({
    group: 'wallet',
    summary: 'Says whether words can be those of a wallet, and which is wrong; keeps nothing.',
    request: z.strictObject({ words: typedWords }),
    response: z.object({
      isvalid: z.boolean(),
      error: z.enum(['word-count', 'unknown-word', 'wrong-checksum']).optional(),
      position: count.optional().describe('of the unknown word, from 1'),
      count: count.optional().describe('of the words, where it is neither 12 nor 24'),
    }),
    errors: [],
  }),
  restorewallet: method({
    group: 'wallet',
    summary: 'Makes the wallet of a backup, with its accounts, labels and payment requests.',
    request: z.strictObject({
      data: z
        .string()
        .max(3_500_000)
        .regex(/^[A-Za-z0-9+/]*={0,2}$/, 'expected base64')
        .describe('the backup file, in base64'),
      passphrase: passphrase.describe('of the backup; the wallet keeps it'),
      replacepassphrase,
    }),
    response: walletInfo,
    errors: ['invalid-backup', ...makingErrors],
    slow: true,
  }),
  backupwallet: method({
    group: 'wallet',
    summary: 'The whole wallet as an encrypted file: words, accounts, labels, payment requests and coins set aside.',
    request: z.strictObject({
      passphrase: passphrase.default(''),
      backuppassphrase: passphrase.optional().describe('that opens the backup; absent: the wallet’s'),
    }),
    response: z.object({ name: z.string().describe('a good name for the file'), data: z.string().describe('the file, in base64') }),
    errors: ['invalid-parameter', ...passphraseErrors],
  }),
  getwords: method({
    group: 'wallet',
    summary: 'The words that the wallet is made from. Whoever has them has its coins.',
    request: z.strictObject({ passphrase: passphrase.default('') }),
    response: z.object({ words: shownWords }),
    errors: passphraseErrors,
  }),
  exportnodekey: method({
    group: 'wallet',
    summary: 'This node’s key, as its file holds it. A masternode keeps its identity with it; two nodes must never run with one key.',
    request: z.strictObject({ passphrase: passphrase.default('').describe('the wallet’s') }),
    response: z.object({ name: z.string(), text: secret(z.string()) }),
    errors: passphraseErrors,
  }),
  walletpassphrasechange: method({
    group: 'wallet',
    summary: 'Another passphrase for the wallet; backups keep the one they were made with.',
    request: z.strictObject({ oldpassphrase: passphrase, newpassphrase: passphrase.describe('may be empty on a practice network alone') }),
    response: z.null(),
    errors: ['invalid-parameter', ...passphraseErrors],
  }),
  walletpassphrase: method({
    group: 'wallet',
    summary: 'Unlocks the wallet until it was left alone for so long. What spends, signs or shows a secret takes the passphrase all the same.',
    request: z.strictObject({ passphrase, timeout: z.number().int().min(1).max(86_400).default(300).describe('seconds') }),
    response: z.null(),
    errors: passphraseErrors,
  }),
  walletlock: method({
    group: 'wallet',
    summary: 'Wipes the keys from memory now.',
    request: noParams,
    response: z.null(),
    errors: ['wallet-not-found'],
  }),
};
