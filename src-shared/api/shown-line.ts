import { nearestName } from '../domain/nearest-name.ts';
import { assign } from './call-line.ts';
import { isMethodName, subcommandOf } from './contract.ts';
import { methodNames, parametersOf } from './help.ts';
import { splitLine, type Word } from './split-line.ts';

/** In place of a secret, whatever its length. */
const hiddenSecret = '••••';

/** A line that was typed, as it may be shown and kept. */
export interface ShownLine {
  readonly text: string;
  /** Something in it is hidden, or may be one: it belongs in no history. */
  readonly isSecret: boolean;
}

const takesSecret = (method: (typeof methodNames)[number]): boolean => parametersOf(method).some(({ isSecret }) => isSecret);

/**
 * Hides the secrets of a line. Where it cannot be told which words they are, since the line is wrong or its method unknown, everything behind the method is
 * hidden.
 */
export function shownLine(line: string): ShownLine {
  const { words, open } = splitLine(line);
  const [first, second] = words;
  if (first === undefined) return { text: '', isSecret: false };
  const command = subcommandOf(first.text, second?.text);
  const method = command ?? first.text;
  if (!isMethodName(method)) {
    // Which one was meant cannot be told: "walletpass" is nearer to walletlock than to what takes a passphrase.
    const isMisspelt = words.length === 1 && nearestName(method, methodNames) !== undefined;
    return isMisspelt ? { text: line, isSecret: false } : hideAfter(words, 1);
  }
  if (!takesSecret(method)) return { text: line, isSecret: false };
  const assigned = open === undefined ? assign(words, true) : undefined;
  if (assigned === undefined || !assigned.ok) return hideAfter(words, command === undefined ? 1 : 2);
  const { methodWords, values } = assigned.value;
  const secrets = new Set(parametersOf(method).flatMap(({ name, isSecret }) => (isSecret ? [name] : [])));
  if (!values.some(({ name }) => secrets.has(name))) return { text: line, isSecret: false };
  const shown = values.map(({ name, text }, index) => {
    const word = words[index + methodWords] as Word;
    const typed = line.slice(word.start, word.end);
    if (!secrets.has(name)) return typed;
    return !word.quoted && word.text === `${name}=${text}` ? `${name}=${hiddenSecret}` : hiddenSecret;
  });
  return { text: [...words.slice(0, methodWords).map(({ text }) => text), ...shown].join(' '), isSecret: true };
}

/** What is said of a line tells something of it that is hidden. */
export function tellsHidden(line: string, { text }: ShownLine, said: string): boolean {
  const shown = new Set(splitLine(text).words.map((word) => word.text));
  const hidden = splitLine(line).words.filter((word) => !shown.has(word.text));
  return hidden.some((word) => [word.text, word.text.split('=', 1)[0] ?? ''].some((part) => part !== '' && said.includes(part)));
}

const hideAfter = (words: readonly Word[], shown: number): ShownLine => ({
  // What looks like no method's name may be the secret itself.
  text: [...words.slice(0, shown).map(({ text }) => (/^[a-z]+$/i.test(text) ? text : hiddenSecret)), ...(words.length > shown ? [hiddenSecret] : [])].join(' '),
  isSecret: true,
});
