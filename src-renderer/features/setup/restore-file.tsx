import { FileInput, PasswordInput } from '@mantine/core';
import { useState } from 'react';
import { text } from '../../text/text.ts';
import type { MakingProps } from './making.ts';
import { StepFrame } from './step-frame.tsx';
import { useMakeWallet } from './use-make-wallet.ts';

const names = text.setup.wallet;

/** A part at a time: arguments of a call are bounded. */
const partBytes = 32_768;
async function base64Of(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let characters = '';
  for (let at = 0; at < bytes.length; at += partBytes) characters += String.fromCharCode(...bytes.subarray(at, at + partBytes));
  return btoa(characters);
}

/** A backup file brings its own passphrase. */
export function RestoreFile({ replaced, onBack, onMade }: MakingProps) {
  const making = useMakeWallet();
  const [file, setFile] = useState<File | null>(null);
  const [passphrase, setPassphrase] = useState('');
  const [current, setCurrent] = useState('');
  const restore = async (): Promise<void> => {
    if (file === null) return;
    const data = await base64Of(file);
    if (await making.make('restorewallet', { data, passphrase, ...(replaced === undefined ? {} : { replacepassphrase: current }) })) onMade();
  };
  return (
    <StepFrame
      title={names.fileTitle}
      onBack={onBack}
      onNext={() => void restore()}
      nextWords={making.busy ? names.making : names.restore}
      canGoOn={file !== null && (replaced?.asksPassphrase !== true || current !== '')}
      busy={making.busy}
      error={making.error}
    >
      <div className="setup-fields">
        <FileInput label={names.fileLabel} placeholder={names.fileHint} value={file} onChange={setFile} data-testid="setup-file" />
        <PasswordInput label={names.filePassphrase} value={passphrase} onChange={(event) => setPassphrase(event.currentTarget.value)} autoComplete="off" />
        {replaced?.asksPassphrase === true && (
          <PasswordInput label={names.currentPassphrase} value={current} onChange={(event) => setCurrent(event.currentTarget.value)} autoComplete="off" />
        )}
      </div>
    </StepFrame>
  );
}
