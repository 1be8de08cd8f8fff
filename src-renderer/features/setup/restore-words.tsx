import { Textarea } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Response } from '../../../src-shared/api/contract.ts';
import { useNode } from '../../stores/client-context.ts';
import { text } from '../../text/text.ts';
import { StatusWord } from '../../ui/status-word.tsx';
import { MakeFrame } from './make-frame.tsx';
import type { MakingProps } from './making.ts';
import { StepFrame } from './step-frame.tsx';
import { useMakeWallet } from './use-make-wallet.ts';

type Checked = Response<'checkwords'>;
const names = text.setup.wallet;
/** Long enough not to ask for each letter. */
const debounceMs = 300;

function useCheckedWords(words: string): Checked | undefined {
  const { client } = useNode();
  const [checked, setChecked] = useState<{ readonly of: string; readonly answer: Checked }>();
  useEffect(() => {
    if (words === '') return;
    let current = true;
    const timer = setTimeout(() => {
      void client.call('checkwords', { words }).then((outcome) => {
        if (current && outcome.ok) setChecked({ of: words, answer: outcome.value });
      });
    }, debounceMs);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [client, words]);
  return checked?.of === words ? checked.answer : undefined;
}

const errorWords = ({ error, position = 0, count = 0 }: Checked): string | undefined => {
  switch (error) {
    case undefined:
      return undefined;
    case 'word-count':
      return names.wordsErrors['word-count'](count);
    case 'unknown-word':
      return names.wordsErrors['unknown-word'](position);
    case 'wrong-checksum':
      return names.wordsErrors['wrong-checksum']();
  }
};

/** Words that somebody has on paper, then a new passphrase for this machine. */
export function RestoreWords({ replaced, mayBeEmpty, onBack, onMade }: MakingProps) {
  const making = useMakeWallet();
  const [typed, setTyped] = useState('');
  const [isChecked, setIsChecked] = useState(false);
  const words = typed.trim().toLowerCase().replace(/\s+/g, ' ');
  const checked = useCheckedWords(isChecked ? '' : words);
  if (isChecked)
    return (
      <MakeFrame
        making={making}
        replaced={replaced}
        mayBeEmpty={mayBeEmpty}
        nextWords={names.restore}
        onBack={() => setIsChecked(false)}
        onMake={(passphrase, replace) => void making.make('restorefromwords', { words, passphrase, ...replace }).then((made) => made && onMade())}
      />
    );
  // Half a list is on its way to be a whole one.
  const error = checked === undefined || checked.error === 'word-count' ? undefined : errorWords(checked);
  return (
    <StepFrame title={names.wordsTitle} onBack={onBack} onNext={() => setIsChecked(true)} canGoOn={checked?.isvalid === true}>
      <Textarea
        label={names.wordsLabel}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        error={error}
        description={checked?.error === 'word-count' ? errorWords(checked) : undefined}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        minRows={3}
        autosize
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        data-testid="setup-restore-words"
      />
      <div aria-live="polite">{checked?.isvalid === true && <StatusWord tone="good">{names.wordsValid}</StatusWord>}</div>
    </StepFrame>
  );
}
