import { Button } from '@mantine/core';
import { useLayoutEffect, useRef, useState } from 'react';
import { text } from '../../text/text.ts';
import { Page } from '../../ui/page.tsx';
import { EmptyPanel, Notice } from '../../ui/state-panel.tsx';
import { ConsoleEntry } from './console-entry.tsx';
import { ConsoleInput } from './console-input.tsx';
import { SecretForm } from './secret-form.tsx';
import { useConsole } from './use-console.ts';
import './console.css';

const warnedKey = 'time.console-warned';

/** Every method of the contract, typed by hand. */
export function ConsolePage() {
  const { entries, history, run, clear, question, answer } = useConsole();
  const [isWarned, setWarned] = useState(() => localStorage.getItem(warnedKey) === 'yes');
  const [wasAsked, setWasAsked] = useState(false);
  const log = useRef<HTMLElement>(null);
  // The newest answer from its beginning, if it is longer than there is room for.
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls when there is something new
  useLayoutEffect(() => {
    const element = log.current;
    const newest = element?.lastElementChild;
    if (element === null || !(newest instanceof HTMLElement)) return;
    element.scrollTop = newest.offsetHeight > element.clientHeight ? newest.offsetTop - element.offsetTop : element.scrollHeight;
  }, [entries, question]);
  const warned = (): void => {
    localStorage.setItem(warnedKey, 'yes');
    setWarned(true);
    document.querySelector<HTMLElement>('[data-testid="console-input"]')?.focus();
  };
  return (
    <Page
      title={text.pages.console}
      className="filled"
      tools={
        <Button size="xs" variant="default" disabled={entries.length === 0} onClick={clear} data-testid="console-clear">
          {text.console.clear}
        </Button>
      }
    >
      {!isWarned && (
        <Notice tone="warning" advice={text.console.warning}>
          <Button size="compact-sm" variant="default" mt={8} onClick={warned} data-testid="console-warned">
            {text.console.understood}
          </Button>
        </Notice>
      )}
      <section className="card table-card console-card">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
        <section className="console-log" ref={log} role="log" aria-label={text.console.log} tabIndex={0}>
          {entries.length === 0 ? <EmptyPanel advice={text.console.empty} /> : entries.map((entry) => <ConsoleEntry key={entry.id} entry={entry} />)}
        </section>
        {question === undefined ? (
          <ConsoleInput takesFocus={wasAsked} history={history} onRun={run} onClear={clear} />
        ) : (
          <SecretForm
            key={question.id}
            question={question}
            onAnswer={(secrets) => {
              answer(secrets);
              setWasAsked(true);
            }}
          />
        )}
      </section>
    </Page>
  );
}
