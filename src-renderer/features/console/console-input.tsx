import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { usageOf } from '../../../src-shared/api/help.ts';
import { text } from '../../text/text.ts';
import { type Completion, completed, completionsOf } from './complete.ts';
import { recalled } from './transcript.ts';

interface ConsoleInputProps {
  readonly history: readonly string[];
  /** It comes in the place of what had the focus. */
  readonly takesFocus: boolean;
  readonly onRun: (line: string) => void;
  readonly onClear: () => void;
}

interface Typed {
  readonly line: string;
  readonly cursor: number;
}
const nothing: Typed = { line: '', cursor: 0 };

/** The line that is typed, what can complete it, and what the method takes. Tab completes; arrows choose, or go through the history while nothing is offered. */
export function ConsoleInput({ history, takesFocus, onRun, onClear }: ConsoleInputProps) {
  const [typed, setTyped] = useState(nothing);
  /** Closed until somebody types or asks with Tab. */
  const [isOpen, setOpen] = useState(false);
  const [marked, setMarked] = useState<number>();
  const [at, setAt] = useState<number>();
  const draft = useRef('');
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const completions = useMemo(() => completionsOf(typed.line, typed.cursor), [typed]);
  const { options, from, method, parameter } = completions;
  const offered = isOpen && options.length > 0;

  useEffect(() => {
    if (takesFocus) field.current?.focus();
  }, [takesFocus]);
  useLayoutEffect(() => {
    const element = field.current;
    if (element !== null && element.selectionStart !== typed.cursor && document.activeElement === element)
      element.setSelectionRange(typed.cursor, typed.cursor);
  }, [typed]);
  useLayoutEffect(() => {
    if (marked !== undefined) list.current?.children[marked]?.scrollIntoView({ block: 'nearest' });
  }, [marked]);

  const show = (next: Typed, opened: boolean): void => {
    setTyped(next);
    setOpen(opened);
    setMarked(undefined);
  };
  const accept = (option: Completion): void => {
    show(completed(typed.line, typed.cursor, from, option), option.text.endsWith('='));
    field.current?.focus();
  };
  const recall = (up: boolean): void => {
    if (at === undefined) draft.current = typed.line;
    const next = recalled(history.length, at, up);
    setAt(next);
    const line = next === undefined ? draft.current : (history[next] ?? '');
    show({ line, cursor: line.length }, false);
  };
  const run = (): void => {
    if (typed.line.trim() === '') return;
    onRun(typed.line);
    draft.current = '';
    setAt(undefined);
    show(nothing, false);
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const { key } = event;
    const done = (): void => event.preventDefault();
    if (key === 'Enter') {
      done();
      const option = offered && marked !== undefined ? options[marked] : undefined;
      if (option === undefined) run();
      else accept(option);
    } else if (key === 'Tab' && !event.shiftKey) {
      const option = offered ? options[marked ?? 0] : undefined;
      if (option !== undefined) {
        done();
        accept(option);
      } else if (options.length > 0 && typed.line !== '') {
        done();
        setOpen(true);
      }
    } else if (key === 'Escape' && offered) {
      done();
      setOpen(false);
    } else if (key === 'ArrowUp' || key === 'ArrowDown') {
      done();
      const step = key === 'ArrowUp' ? -1 : 1;
      if (offered) setMarked(marked === undefined ? (step > 0 ? 0 : options.length - 1) : (marked + step + options.length) % options.length);
      else recall(step < 0);
    } else if (key === 'l' && event.ctrlKey) {
      done();
      onClear();
    }
  };

  return (
    <div className="console-input">
      {offered && (
        <div className="console-options" id={`${id}-options`} ref={list} role="listbox" aria-label={text.console.completions}>
          {options.map((option, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys, as in every combobox
            // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus and names the option
            <div
              key={option.text}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === marked}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => accept(option)}
              data-testid="console-option"
            >
              <span className="mono">{option.text}</span>
              <span className="small muted cut">{option.means}</span>
            </div>
          ))}
        </div>
      )}
      <p className="small muted console-hint cut" data-testid="console-hint">
        {method === undefined ? (
          text.console.keys
        ) : (
          <>
            <span className="mono">{usageOf(method)}</span>
            {parameter !== undefined && ` · ${[`${parameter.name}: ${parameter.type}`, parameter.description].filter(Boolean).join(', ')}`}
          </>
        )}
      </p>
      <div className="console-field">
        <span className="mono console-prompt" aria-hidden="true">
          ›
        </span>
        <input
          ref={field}
          className="mono"
          role="combobox"
          aria-label={text.console.input}
          aria-autocomplete="list"
          aria-expanded={offered}
          aria-controls={offered ? `${id}-options` : undefined}
          aria-activedescendant={offered && marked !== undefined ? `${id}-${marked}` : undefined}
          placeholder={text.console.placeholder}
          value={typed.line}
          maxLength={maxLineLength}
          onChange={({ currentTarget }) => {
            setAt(undefined);
            show({ line: currentTarget.value, cursor: currentTarget.selectionStart ?? currentTarget.value.length }, !/(^|\s)$/.test(currentTarget.value));
          }}
          onSelect={({ currentTarget }) => {
            const cursor = currentTarget.selectionStart ?? 0;
            if (cursor !== typed.cursor) setTyped({ line: typed.line, cursor });
          }}
          onKeyDown={onKeyDown}
          onBlur={() => setOpen(false)}
          autoComplete="off"
          autoCapitalize="off"
          autoCorrect="off"
          spellCheck={false}
          data-testid="console-input"
        />
      </div>
    </div>
  );
}

/** A backup in base64 fits, which is the longest that a method takes. */
const maxLineLength = 4_000_000;
