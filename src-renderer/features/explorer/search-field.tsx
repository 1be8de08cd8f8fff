import { Button, TextInput } from '@mantine/core';
import { type ClipboardEvent, type FormEvent, useEffect, useRef, useState } from 'react';
import { type Place, unsaidHref } from '../../explorer-places.ts';
import { useOverview } from '../../stores/topics.ts';
import { text } from '../../text/text.ts';
import { whyWords } from './explorer-words.ts';
import { hrefOfReading, inputOfPlace, isUnsaid, leadsSomewhere, type Reading, readInput, type Unsaid } from './read-input.ts';
import { shortcutKey, useSearchCalls } from './search-focus.ts';

const names = text.explorer.search;
/** The longest that is looked for is a payment link with its label. */
const maxTyped = 1_000;

function readingWords(reading: Reading): string {
  switch (reading.kind) {
    case 'empty':
      return '';
    case 'height':
      return names.height(reading.height);
    case 'outpoint':
      return names.outpoint(reading.vout);
    case 'hash':
    case 'address':
      return names[reading.kind];
    case 'nothing':
      return whyWords(reading.why);
  }
}

/** What was asked for and is in no address. */
export interface Search {
  readonly reading: Unsaid;
  /** What the field still holds, to be mended; nothing of a wallet's words. */
  readonly typed: string;
  /** Which one: the same, looked up again, is asked again. */
  readonly turn: number;
}

interface SearchFieldProps {
  readonly place: Place;
  readonly search: Search | undefined;
  /** To be answered at `unsaidHref`. */
  readonly onSearch: (search: Search) => void;
}

/** Says what it takes the input for while somebody types. What is pasted whole is looked up at once. */
export function SearchField({ place, search, onSearch }: SearchFieldProps) {
  const network = useOverview()?.chain;
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(() => search?.typed ?? inputOfPlace(place));
  const { calls } = useSearchCalls();
  const answered = useRef(0);
  useEffect(() => {
    if (calls === answered.current) return;
    answered.current = calls;
    // After the page that was just entered has given the focus to its title.
    queueMicrotask(() => input.current?.select());
  }, [calls]);
  const shown = search?.typed ?? inputOfPlace(place);
  const isEdited = typed !== shown;
  const reading = readInput(typed, network);
  const go = (what: string): void => {
    const asked = readInput(what, network);
    location.hash = isUnsaid(asked) ? unsaidHref : hrefOfReading(asked);
    if (!isUnsaid(asked)) return;
    const kept = asked.kind === 'nothing' && asked.why.kind === 'wallet-words' ? '' : what;
    setTyped(kept);
    onSearch({ reading: asked, typed: kept, turn: (search?.turn ?? 0) + 1 });
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    go(typed);
  };
  const paste = (event: ClipboardEvent<HTMLInputElement>): void => {
    const { value, selectionStart, selectionEnd } = event.currentTarget;
    const isWhole = selectionStart === 0 && selectionEnd === value.length;
    const pasted = event.clipboardData.getData('text');
    if (!isWhole || pasted.length > maxTyped || !leadsSomewhere(readInput(pasted, network))) return;
    event.preventDefault();
    setTyped(pasted.trim());
    go(pasted);
  };
  return (
    <search className="explorer-search">
      <form onSubmit={submit}>
        <TextInput
          ref={input}
          size="sm"
          type="search"
          className="explorer-input"
          classNames={{ input: 'mono' }}
          aria-label={names.label}
          aria-describedby="explorer-reading"
          aria-keyshortcuts={shortcutKey === 'Ctrl' ? 'Control+K' : 'Meta+K'}
          placeholder={names.hint}
          maxLength={maxTyped}
          spellCheck={false}
          autoComplete="off"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onPaste={paste}
          rightSection={typed === '' && <kbd className="shortcut">{names.shortcut(shortcutKey)}</kbd>}
          rightSectionWidth={64}
          data-testid="explorer-search"
        />
        <Button type="submit" size="sm" variant="default" data-testid="explorer-go">
          {names.go}
        </Button>
      </form>
      <p id="explorer-reading" role="status" className={reading.kind === 'nothing' ? 'small warning' : 'small muted'} data-testid="explorer-reading">
        {isEdited && readingWords(reading)}
      </p>
    </search>
  );
}
