import type { ClientErrorCode } from '../../api/client-error.ts';
import { counted } from '../counted.ts';
import { formatCount } from '../format.ts';

/** What these mean where any method may have been typed; the window's other pages know what was asked. */
const errors: Partial<Record<ClientErrorCode, string>> = {
  'method-not-found': 'There is no such method.',
  'invalid-params': 'The parameters are not right.',
  'invalid-parameter': 'A value is not accepted.',
  'invalid-address': 'This is no address.',
  'not-found': 'It is not known here.',
  'deserialization-error': 'The bytes cannot be read.',
  'wallet-passphrase-incorrect': 'The passphrase is wrong.',
  'max-fee-exceeded': 'The fee is higher than was allowed.',
};

export const consoleText = {
  log: 'What was typed, and what came of it',
  input: 'Command',
  placeholder: 'A method and its parameters',
  completions: 'Completions',
  keys: 'Tab completes · ↑ ↓ go through what was typed · help lists all methods · Ctrl+L clears',
  clear: 'Clear',
  run: 'Run',
  cancel: 'Cancel',
  running: 'The node works on it.',
  runningSlow: 'The node works on it. It may take minutes, and goes on if you look at another page.',
  passes: { blocks: 'Reading the blocks', coins: 'Comparing the coins', back: 'Taking blocks off', forward: 'Putting them on again' },
  progress: (pass: string, done: number, total: number) => `${pass}: ${formatCount(done)} of ${formatCount(total)}`,
  asking: 'Waits for what is asked for below.',
  done: 'Done.',
  cancelled: 'Not run.',
  secret: 'Secret: gone once you leave this page',
  forgotten: 'This was a secret, and is not kept.',
  copy: (line: string) => `Copy the answer to ${line}`,
  fold: 'Fold',
  unfold: 'Unfold',
  items: (count: number) => counted(count, 'item', 'items'),
  fields: (count: number) => counted(count, 'field', 'fields'),
  showMore: (count: number, left: number) => `Show ${formatCount(count)} of ${formatCount(left)} more`,
  textCut: (count: number) => `and ${counted(count, 'more character', 'more characters')}, which are copied too`,
  asks: (method: string) => `${method} needs what nobody else may see.`,
  asksMeans: 'It goes to the node, and is neither shown nor kept.',
  errors,
  warning: {
    what: 'Whoever tells you to type something here may be a thief.',
    next: 'People have lost their coins that way. Type nothing whose effect you do not fully understand, and show nobody words, passphrases or keys.',
  },
  understood: 'I understand',
  empty: {
    what: 'Everything that the node can do, typed by hand.',
    next: 'Begin with help, or with the first letters of a method. Parameters go by their order or as name=value.',
  },
};
