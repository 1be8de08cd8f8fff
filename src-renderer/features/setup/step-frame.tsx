import { Button } from '@mantine/core';
import { type FormEvent, type ReactNode, useEffect, useRef } from 'react';
import type { ClientError } from '../../api/client-error.ts';
import { text } from '../../text/text.ts';
import { wordsOf } from '../../ui/client-error-words.ts';
import { Notice } from '../../ui/state-panel.tsx';

interface StepFrameProps {
  readonly title: string;
  readonly means?: string | undefined;
  readonly onBack?: (() => void) | undefined;
  readonly onNext: () => void;
  /** What the button says, where it is not just the next step. */
  readonly nextWords?: string;
  readonly canGoOn?: boolean;
  readonly busy?: boolean;
  readonly error?: ClientError | undefined;
  readonly children?: ReactNode;
}

/** One page of the first start: a question, what answers it, and the way on. Enter goes on. */
export function StepFrame({ title, means, onBack, onNext, nextWords = text.setup.next, canGoOn = true, busy = false, error, children }: StepFrameProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (canGoOn && !busy) onNext();
  };
  return (
    <form className="card setup-card" onSubmit={submit} autoComplete="off">
      <h2 className="setup-title" ref={heading} tabIndex={-1}>
        {title}
      </h2>
      {means !== undefined && <p className="muted">{means}</p>}
      {children}
      {error !== undefined && <Notice tone="bad" advice={wordsOf(error)} />}
      <div className="setup-buttons">
        {onBack !== undefined && (
          <Button variant="default" onClick={onBack} disabled={busy}>
            {text.setup.back}
          </Button>
        )}
        <Button type="submit" disabled={!canGoOn} loading={busy} data-testid="setup-next">
          {nextWords}
        </Button>
      </div>
    </form>
  );
}
