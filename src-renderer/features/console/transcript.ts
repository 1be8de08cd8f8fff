import type { ShownLine } from '../../../src-shared/api/shown-line.ts';
import type { ClientError } from '../../api/client-error.ts';

/** What came of a line. `asking`: it waits for secrets; `forgotten`: it was a secret, and the page was left. */
export type Outcome =
  /** `sinceMs`: this machine's time. */
  | { readonly kind: 'running'; readonly sinceMs: number }
  | { readonly kind: 'asking' }
  | { readonly kind: 'value'; readonly value: unknown; readonly isSecret: boolean; readonly tookMs: number }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'failed'; readonly error: ClientError }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'forgotten' };

export interface Entry {
  readonly id: number;
  /** The line, without its secrets. */
  readonly line: string;
  readonly outcome: Outcome;
}

/** Of this window, until it is closed or loaded anew. */
export interface Transcript {
  readonly entries: readonly Entry[];
  /** Lines that were typed, the newest last; none with a secret in it. */
  readonly history: readonly string[];
  readonly lastId: number;
  /** The page is being looked at. */
  readonly isOpen: boolean;
}
export const emptyTranscript: Transcript = { entries: [], history: [], lastId: 0, isOpen: false };

/** More than anybody scrolls back through. */
export const maxEntries = 100;
export const maxHistory = 200;
/** Of all answers together, as text: a backup or a full block is some millions. */
export const maxCharacters = 16_000_000;

export function begin(transcript: Transcript, { text, isSecret }: ShownLine, nowMs: number): Transcript {
  const id = transcript.lastId + 1;
  const isNew = !isSecret && text !== transcript.history.at(-1);
  const history = isNew ? [...transcript.history, text].slice(-maxHistory) : transcript.history;
  const entries = [...transcript.entries, { id, line: text, outcome: { kind: 'running', sinceMs: nowMs } as const }].slice(-maxEntries);
  return { ...transcript, entries, history, lastId: id };
}

/** Where the entry is not there any more, nothing is added. A secret that comes after the page was left is not kept. */
export function finish(transcript: Transcript, id: number, outcome: Outcome): Transcript {
  const kept = transcript.isOpen ? outcome : withoutSecret(outcome);
  const entries = transcript.entries.map((entry) => (entry.id === id ? { ...entry, outcome: kept } : entry));
  return { ...transcript, entries: withinBounds(entries) };
}

export const clear = (transcript: Transcript): Transcript => ({ ...transcript, entries: [] });
export const open = (transcript: Transcript): Transcript => ({ ...transcript, isOpen: true });
/** The page is left: its secrets go. */
export const leave = (transcript: Transcript): Transcript => ({
  ...transcript,
  isOpen: false,
  entries: transcript.entries.map((entry) => ({ ...entry, outcome: withoutSecret(entry.outcome) })),
});

const withoutSecret = (outcome: Outcome): Outcome => (outcome.kind === 'value' && outcome.isSecret ? { kind: 'forgotten' } : outcome);

const sizes = new WeakMap<object, number>();
function sizeOf(outcome: Outcome): number {
  if (outcome.kind !== 'value') return 0;
  const known = sizes.get(outcome);
  if (known !== undefined) return known;
  const size = JSON.stringify(outcome.value)?.length ?? 0;
  sizes.set(outcome, size);
  return size;
}

/** The oldest go first; the newest stays whatever its size. */
function withinBounds(entries: readonly Entry[]): readonly Entry[] {
  let characters = 0;
  const from = entries.findLastIndex(({ outcome }) => {
    characters += sizeOf(outcome);
    return characters > maxCharacters;
  });
  return entries.slice(Math.min(from + 1, entries.length - 1));
}

/** Which line of the history an arrow key leads to; `undefined`: the one that is being typed. `up`: to an older one. */
export function recalled(length: number, at: number | undefined, up: boolean): number | undefined {
  if (up) return length === 0 ? undefined : Math.max(0, (at ?? length) - 1);
  return at === undefined || at + 1 >= length ? undefined : at + 1;
}
