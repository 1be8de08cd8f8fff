/** One word of a line, or what was quoted or is JSON with spaces in it. */
export interface Word {
  readonly text: string;
  /** It begins with a quote: a text as it is, whatever it looks like. */
  readonly quoted: boolean;
  /** Where it is in the line; `end` is behind it. */
  readonly start: number;
  readonly end: number;
}
export interface SplitLine {
  readonly words: readonly Word[];
  /** What is opened in the last word and not closed. */
  readonly open: Opening | undefined;
}
type Opening = '"' | "'" | '[' | '{';

/**
 * A line into words, as a shell does it: between single quotes everything stands for itself, between double quotes a backslash goes before a quote or
 * another backslash. A list or object in JSON, at the beginning of a word or behind its `name=`, goes to where it is closed and needs no quotes around it.
 */
export function splitLine(line: string): SplitLine {
  const words: Word[] = [];
  let at = 0;
  for (;;) {
    while (at < line.length && isSpace(line[at])) at++;
    if (at === line.length) return { words, open: undefined };
    const start = at;
    const quoted = line[at] === '"' || line[at] === "'";
    let text = '';
    let open: Opening | undefined;
    while (open === undefined && at < line.length && !isSpace(line[at])) {
      const char = line[at] as string;
      const part = partAt(line, at, char, text);
      text += part.text;
      at = part.end;
      open = part.open;
    }
    words.push({ text, quoted, start, end: at });
    if (open !== undefined) return { words, open };
  }
}

/** So that it is one word of a line, and a text as it is. */
export const quoteWord = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;

const isSpace = (char: string | undefined): boolean => char !== undefined && /\s/.test(char);

interface Part {
  readonly text: string;
  readonly end: number;
  readonly open: Opening | undefined;
}

function partAt(line: string, at: number, char: string, before: string): Part {
  if (char === "'") {
    const close = line.indexOf("'", at + 1);
    return close === -1 ? { text: line.slice(at + 1), end: line.length, open: char } : { text: line.slice(at + 1, close), end: close + 1, open: undefined };
  }
  if (char === '"') return doubleQuoted(line, at);
  if ((char === '[' || char === '{') && /^([a-z_]\w*=)?$/.test(before)) {
    const end = endOfJson(line, at);
    return { text: line.slice(at, end), end: end ?? line.length, open: end === undefined ? char : undefined };
  }
  return { text: char, end: at + 1, open: undefined };
}

function doubleQuoted(line: string, from: number): Part {
  let text = '';
  for (let at = from + 1; at < line.length; at++) {
    const char = line[at];
    if (char === '"') return { text, end: at + 1, open: undefined };
    const escaped = char === '\\' && (line[at + 1] === '"' || line[at + 1] === '\\');
    if (escaped) at++;
    text += line[at];
  }
  return { text, end: line.length, open: '"' };
}

/** Behind the bracket that closes the one at `from`; brackets in strings are text. */
function endOfJson(line: string, from: number): number | undefined {
  let depth = 0;
  let inString = false;
  for (let at = from; at < line.length; at++) {
    const char = line[at];
    if (inString) {
      if (char === '\\') at++;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === '[' || char === '{') depth++;
    else if ((char === ']' || char === '}') && --depth === 0) return at + 1;
  }
  return undefined;
}
