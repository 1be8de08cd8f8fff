import { PasswordInput } from '@mantine/core';
import { type RefObject, useRef, useState } from 'react';
import { useWallet } from '../../stores/topics.ts';
import { text } from '../../text/text.ts';

/** A passphrase while it is typed: in this component's memory alone, and given out once. */
export interface Passphrase {
  readonly typed: string;
  readonly type: (typed: string) => void;
  /** What was typed, which leaves the page with it. The empty field takes the focus, from a button that has nothing to do any more. */
  readonly take: () => string;
  readonly field: RefObject<HTMLInputElement | null>;
}

export function usePassphrase(): Passphrase {
  const [typed, type] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const take = (): string => {
    type('');
    field.current?.focus();
    return typed;
  };
  return { typed, type, take, field };
}

/** How long the node takes no passphrase after several wrong ones, in ms; 0: it does. */
export const usePassphraseDelay = (): number => useWallet()?.info?.retryafterms ?? 0;

interface PassphraseFieldProps {
  readonly passphrase: Passphrase;
  readonly label?: string;
  readonly testId: string;
}

export function PassphraseField({ passphrase, label = text.wallet.passphrase, testId }: PassphraseFieldProps) {
  const delayMs = usePassphraseDelay();
  return (
    <PasswordInput
      ref={passphrase.field}
      label={label}
      value={passphrase.typed}
      onChange={(event) => passphrase.type(event.currentTarget.value)}
      description={delayMs > 0 ? text.wallet.passphraseDelay(delayMs) : undefined}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      autoComplete="off"
      data-testid={testId}
    />
  );
}
