import { PasswordInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { text } from '../../text/text.ts';
import type { Replaced } from './making.ts';
import { isReady, noPassphrase, PassphraseFields } from './passphrase-fields.tsx';
import { StepFrame } from './step-frame.tsx';
import type { MakeWallet } from './use-make-wallet.ts';

const names = text.setup.wallet;

interface MakeFrameProps {
  readonly making: MakeWallet;
  readonly replaced: Replaced | undefined;
  readonly mayBeEmpty: boolean;
  readonly nextWords: string;
  readonly onBack: () => void;
  /** `replacepassphrase` only where a wallet is to be moved aside. */
  readonly onMake: (passphrase: string, replace: { readonly replacepassphrase?: string }) => void;
  readonly children?: ReactNode;
}

/** The last page before a wallet is made: its passphrase on this machine, and that of the wallet that gives way. */
export function MakeFrame({ making, replaced, mayBeEmpty, nextWords, onBack, onMake, children }: MakeFrameProps) {
  const [passphrase, setPassphrase] = useState(noPassphrase);
  const [current, setCurrent] = useState('');
  return (
    <StepFrame
      title={names.passphraseTitle}
      means={names.passphraseMeans}
      onBack={onBack}
      onNext={() => onMake(passphrase.value, replaced === undefined ? {} : { replacepassphrase: current })}
      nextWords={making.busy ? names.making : nextWords}
      canGoOn={isReady(passphrase, mayBeEmpty) && (replaced?.asksPassphrase !== true || current !== '')}
      busy={making.busy}
      error={making.error}
    >
      {children}
      <PassphraseFields passphrase={passphrase} onChange={setPassphrase} mayBeEmpty={mayBeEmpty} />
      {replaced?.asksPassphrase === true && (
        <PasswordInput label={names.currentPassphrase} value={current} onChange={(event) => setCurrent(event.currentTarget.value)} autoComplete="off" />
      )}
    </StepFrame>
  );
}
