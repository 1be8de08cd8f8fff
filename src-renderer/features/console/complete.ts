import { assign } from '../../../src-shared/api/call-line.ts';
import { isMethodName, type MethodName, methods, subcommandOf } from '../../../src-shared/api/contract.ts';
import { methodNames, type Parameter, parametersOf } from '../../../src-shared/api/help.ts';
import { splitLine } from '../../../src-shared/api/split-line.ts';

export interface Completion {
  /** Takes the place of the word. */
  readonly text: string;
  readonly means: string;
}

export interface Completions {
  /** The word that is being typed; empty between two words. */
  readonly word: string;
  /** Where it begins. It ends where the cursor is. */
  readonly from: number;
  readonly options: readonly Completion[];
  /** The method that is being called, once it is known, and which of its parameters is being typed. */
  readonly method: MethodName | undefined;
  readonly parameter: Parameter | undefined;
}

/** What the console itself understands. */
const ownCommands = ['help', 'clear'] as const;
/** The first of several: a list that is longer helps nobody. */
const maxOptions = 40;
const behindOneWord = 'masternode';

/** What can stand where the cursor is. */
export function completionsOf(line: string, cursor: number): Completions {
  const head = line.slice(0, cursor);
  const { words, open } = splitLine(head);
  const last = words.at(-1);
  const isTyping = last !== undefined && last.end === head.length;
  const word = isTyping ? head.slice(last.start) : '';
  const from = isTyping ? last.start : head.length;
  const before = isTyping ? words.slice(0, -1) : words;
  const nothing = { word, from, options: [], method: undefined, parameter: undefined };
  const [first, second] = before.map(({ text }) => text);
  if (first === undefined) return { ...nothing, options: matching(word, [...commands(), ...methodOptions()]) };
  if (before.length === 1 && first === 'help') return { ...nothing, options: matching(word, methodOptions()) };
  if (before.length === 1 && first === behindOneWord) return { ...nothing, options: matching(word, methodOptions(behindOneWord)) };
  const method = subcommandOf(first, second) ?? first;
  if (!isMethodName(method)) return nothing;
  const assigned = assign(before, true);
  if (!assigned.ok) return { ...nothing, method };
  const { next, values } = assigned.value;
  const parameters = parametersOf(method);
  const named = last?.quoted === true && isTyping ? null : /^([a-z_]\w*)=/.exec(word);
  const name = named?.[1] ?? next;
  const parameter = parameters.find((one) => one.name === name && !values.some((value) => value.name === one.name));
  const known = { ...nothing, method, parameter };
  if (open !== undefined) return known;
  if (named !== null) return { ...known, options: matching(word, valueOptions(parameter, named[0])) };
  const left = parameters.filter((one) => !values.some((value) => value.name === one.name));
  return {
    ...known,
    options: matching(word, [...valueOptions(parameter, ''), ...left.map((one) => ({ text: `${one.name}=`, means: one.description || one.type }))]),
  };
}

const commands = (): Completion[] => ownCommands.filter((command) => !isMethodName(command)).map((text) => ({ text, means: '' }));

/** `prefix`: the word that is said already. */
const methodOptions = (prefix = ''): Completion[] =>
  methodNames
    .filter((name) => name.startsWith(prefix) && name !== prefix)
    .sort()
    .map((name) => ({ text: name.slice(prefix.length), means: methods[name].summary }));

const valueOptions = (parameter: Parameter | undefined, prefix: string): Completion[] =>
  parameter === undefined || parameter.isSecret ? [] : parameter.values.map((value) => ({ text: `${prefix}${value}`, means: parameter.description }));

/** Those that begin with it, then those that have it elsewhere; none once there is nothing left to complete. */
function matching(word: string, options: readonly Completion[]): readonly Completion[] {
  const wanted = word.toLowerCase();
  const beginning = options.filter(({ text }) => text.startsWith(wanted));
  if (beginning.length === 1 && beginning[0]?.text === wanted) return [];
  const within = options.filter(({ text }) => !text.startsWith(wanted) && text.includes(wanted));
  return [...beginning, ...within].slice(0, maxOptions);
}

/** The line with the completion in it, and where the cursor goes. */
export function completed(line: string, cursor: number, from: number, { text }: Completion): { readonly line: string; readonly cursor: number } {
  const rest = line.slice(cursor);
  const added = text.endsWith('=') || rest.startsWith(' ') ? text : `${text} `;
  return { line: `${line.slice(0, from)}${added}${rest}`, cursor: from + added.length };
}
