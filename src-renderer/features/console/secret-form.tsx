import { Button, PasswordInput } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { text } from '../../text/text.ts';
import type { Question } from './use-console.ts';

interface SecretFormProps {
  readonly question: Question;
  readonly onAnswer: (secrets: Readonly<Record<string, string>> | undefined) => void;
}

/** Asks for what a call still needs and nobody may see. */
export function SecretForm({ question, onAnswer }: SecretFormProps) {
  const { call, names } = question;
  const [secrets, setSecrets] = useState<Readonly<Record<string, string>>>({});
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  const answer = (event: FormEvent): void => {
    event.preventDefault();
    onAnswer(Object.fromEntries(names.map((name) => [name, secrets[name] ?? ''])));
  };
  return (
    <form
      className="console-secrets"
      onSubmit={answer}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onAnswer(undefined);
      }}
      aria-label={text.console.asks(call.method)}
    >
      <p>
        <strong>{text.console.asks(call.method)}</strong> {text.console.asksMeans}
      </p>
      {names.map((name, index) => (
        <PasswordInput
          key={name}
          ref={index === 0 ? first : undefined}
          size="xs"
          label={name}
          value={secrets[name] ?? ''}
          onChange={({ currentTarget: { value } }) => setSecrets((old) => ({ ...old, [name]: value }))}
          autoComplete="off"
          data-testid={`console-secret-${name}`}
        />
      ))}
      <span className="line console-buttons">
        <Button size="xs" variant="default" onClick={() => onAnswer(undefined)}>
          {text.console.cancel}
        </Button>
        <Button size="xs" type="submit" data-testid="console-secret-run">
          {text.console.run}
        </Button>
      </span>
    </form>
  );
}
