import { PasswordInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { text } from '../../text/text.ts';
import type { Tone } from '../../ui/status-word.tsx';
import { measureStrength, type Strength } from './passphrase-strength.ts';

export interface NewPassphrase {
  readonly value: string;
  readonly repeat: string;
}
export const noPassphrase: NewPassphrase = { value: '', repeat: '' };

/** Typed twice the same, and there unless it may be empty. */
export const isReady = ({ value, repeat }: NewPassphrase, mayBeEmpty: boolean): boolean => value === repeat && (value !== '' || mayBeEmpty);

const tones: Record<Strength['score'], Tone> = { 0: 'bad', 1: 'bad', 2: 'warning', 3: 'good', 4: 'good' };
const names = text.setup.wallet;

function Meter({ passphrase }: { readonly passphrase: string }) {
  const [measured, setMeasured] = useState<{ readonly of: string; readonly strength: Strength }>();
  useEffect(() => {
    let current = true;
    void measureStrength(passphrase).then((strength) => {
      if (current) setMeasured({ of: passphrase, strength });
    });
    return () => {
      current = false;
    };
  }, [passphrase]);
  const strength = measured?.of === passphrase ? measured.strength : undefined;
  return (
    <div className="strength" aria-live="polite" data-testid="strength">
      <span className={`strength-track ${strength === undefined ? 'muted' : tones[strength.score]}`} aria-hidden="true">
        {[1, 2, 3, 4].map((step) => (
          <span key={step} className={strength !== undefined && strength.score >= step ? 'filled' : ''} />
        ))}
      </span>
      <span className="small muted">
        {strength === undefined ? names.measuring : `${names.strength(names.strengths[strength.score])}. ${names.guessed(strength.seconds)}`}
      </span>
    </div>
  );
}

interface PassphraseFieldsProps {
  readonly passphrase: NewPassphrase;
  readonly onChange: (passphrase: NewPassphrase) => void;
  readonly mayBeEmpty: boolean;
  /** Where another passphrase is asked for beside it. */
  readonly label?: string;
}

/** A new passphrase, with what it is worth. */
export function PassphraseFields({ passphrase, onChange, mayBeEmpty, label = names.passphrase }: PassphraseFieldsProps) {
  const { value, repeat } = passphrase;
  return (
    <div className="setup-fields">
      <PasswordInput
        label={label}
        value={value}
        onChange={(event) => onChange({ value: event.currentTarget.value, repeat })}
        autoComplete="new-password"
        data-testid="setup-passphrase"
      />
      {value !== '' && <Meter passphrase={value} />}
      <PasswordInput
        label={names.repeat}
        value={repeat}
        onChange={(event) => onChange({ value, repeat: event.currentTarget.value })}
        error={repeat !== '' && repeat !== value ? names.notTheSame : undefined}
        autoComplete="new-password"
        data-testid="setup-repeat"
      />
      {mayBeEmpty && <p className="small muted">{names.passphraseOptional}</p>}
    </div>
  );
}
