import { didYouMean } from '../domain/nearest-name.ts';
import { isMethodName, type MethodName, subcommandOf } from './contract.ts';
import { noSuchMethod, parametersOf } from './help.ts';
import type { ApiError, Reply } from './method.ts';
import { splitLine, type Word } from './split-line.ts';

/** Calls as people type them, in the console and for time-cli: what is typed is text, and the contract says what each parameter is. */
export interface Call {
  readonly method: MethodName;
  readonly params: Readonly<Record<string, unknown>>;
}

/** What was typed for which parameter, in the order in which it was typed. */
export interface Assigned {
  readonly method: MethodName;
  /** How many words say the method: two for a command behind one word. */
  readonly methodWords: 1 | 2;
  readonly values: readonly { readonly name: string; readonly text: string }[];
  /** What another word would be; undefined: there is nothing more. */
  readonly next: string | undefined;
}

/** As typed, and whether it stands for itself even where it looks like `name=value`. */
type Typed = Pick<Word, 'text' | 'quoted'>;

export const asTyped = (text: string): Typed => ({ text, quoted: false });

/** The names of a method's parameters, in the order in which a list gives them. */
export const parameterNames = (method: MethodName): readonly string[] => parametersOf(method).map(({ name }) => name);

/** A list of parameters by name, in the order of the request's keys. `null` leaves one out, as Bitcoin Core has it. Or `invalid-params` if there are too many. */
export function namedParameters(method: MethodName, list: readonly unknown[]): Reply<Record<string, unknown>> {
  const names = parameterNames(method);
  if (list.length > names.length) return tooMany(method, names);
  const given = names.map((name, index) => [name, list[index]] as const).filter(([, value]) => value !== undefined && value !== null);
  return { ok: true, value: Object.fromEntries(given) };
}

/**
 * Which word is which parameter. `mayBeNamed`: an unquoted `name=value` is by name, and all others in the order that help shows; else all are in that
 * order, whatever they look like. Or `method-not-found`, `invalid-params`.
 */
export function assign(words: readonly Typed[], mayBeNamed: boolean): Reply<Assigned> {
  const said = words[0]?.text ?? '';
  const command = subcommandOf(said, words[1]?.text);
  const method = command ?? said;
  if (!isMethodName(method)) return noSuchMethod(said);
  const methodWords = command === undefined ? 1 : 2;
  const names = parameterNames(method);
  const values: { name: string; text: string }[] = [];
  let listed = 0;
  for (const { text, quoted } of words.slice(methodWords)) {
    const named = mayBeNamed && !quoted ? /^([a-z_]\w*)=/.exec(text) : null;
    const name = named?.[1] ?? names[listed];
    if (named === null) listed++;
    if (name === undefined) return tooMany(method, names);
    if (!names.includes(name)) return refused(`${method} has no parameter "${name}"${didYouMean(name, names)}`);
    if (values.some((value) => value.name === name)) return refused(`"${name}" is given twice.`);
    values.push({ name, text: named === null ? text : text.slice(named[0].length) });
  }
  return { ok: true, value: { method, methodWords, values, next: names.slice(listed).find((name) => !values.some((value) => value.name === name)) } };
}

/** Or `method-not-found`, `invalid-params`. A `null` leaves a parameter out that takes no texts. */
export function callOf(words: readonly Typed[], mayBeNamed: boolean): Reply<Call> {
  const assigned = assign(words, mayBeNamed);
  if (!assigned.ok) return assigned;
  const { method, values } = assigned.value;
  const params = values.map(({ name, text }) => [name, parameterOf(method, name, text)] as const).filter(([, value]) => value !== null);
  return { ok: true, value: { method, params: Object.fromEntries(params) } };
}

/** What is typed into the console. Or `method-not-found`, `invalid-params`. */
export function callOfLine(line: string): Reply<Call> {
  const { words, open } = splitLine(line);
  return open === undefined ? callOf(words, true) : refused(`What ${open} opens is not closed.`);
}

/**
 * The secrets that a call still needs, to be asked for where nobody sees them: those without which it cannot be made, and the wallet's passphrase where
 * `withPassphrase` says that it will be needed.
 */
export const missingSecrets = ({ method, params }: Call, withPassphrase: boolean): readonly string[] =>
  parametersOf(method)
    .filter(
      ({ name, isSecret, isText, required }) => isSecret && isText && !Object.hasOwn(params, name) && (required || (withPassphrase && name === 'passphrase')),
    )
    .map(({ name }) => name);

/** A text where the parameter takes texts, so that an amount keeps its digits; else JSON. What is neither goes as it is, and the node says why not. */
function parameterOf(method: MethodName, name: string, text: string): unknown {
  if (parametersOf(method).find((parameter) => parameter.name === name)?.isText === true) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const refused = (message: string): { readonly ok: false; readonly error: ApiError } => ({ ok: false, error: { code: 'invalid-params', message } });
const tooMany = (method: MethodName, names: readonly string[]) =>
  refused(`${method} takes ${names.length === 0 ? 'no parameters' : `at most ${names.length}: ${names.join(', ')}`}.`);
