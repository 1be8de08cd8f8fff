import { Button } from '@mantine/core';
import { useState } from 'react';
import type { ClientError } from '../../api/client-error.ts';
import { useNode } from '../../stores/client-context.ts';
import { text } from '../../text/text.ts';
import { wordsOf } from '../../ui/client-error-words.ts';
import { saveFile } from '../../ui/save-file.ts';
import { Notice } from '../../ui/state-panel.tsx';
import { StatusWord } from '../../ui/status-word.tsx';
import { PassphraseField, usePassphrase, usePassphraseDelay } from '../wallet/passphrase-field.tsx';

/** The node's key as a file; where the wallet has a passphrase, it is asked for. */
export function SaveNodeKey({ asksPassphrase }: { readonly asksPassphrase: boolean }) {
  const { client } = useNode();
  const passphrase = usePassphrase();
  const delayMs = usePassphraseDelay();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ClientError>();
  const [saved, setSaved] = useState<string>();
  const save = async (): Promise<void> => {
    setBusy(true);
    const outcome = await client.call('exportnodekey', { passphrase: passphrase.take() });
    setBusy(false);
    setError(outcome.ok ? undefined : outcome.error);
    if (!outcome.ok) return;
    saveFile(outcome.value.name, outcome.value.text, 'text/plain');
    setSaved(outcome.value.name);
  };
  return (
    <div className="masternode-form">
      {asksPassphrase && <PassphraseField passphrase={passphrase} testId="node-key-passphrase" />}
      <div>
        <Button
          variant="default"
          loading={busy}
          disabled={asksPassphrase && (passphrase.typed === '' || delayMs > 0)}
          onClick={() => void save()}
          data-testid="node-key-save"
        >
          {text.masternodes.register.backup.save}
        </Button>
      </div>
      {error !== undefined && <Notice tone="bad" advice={wordsOf(error)} />}
      <div role="status">{saved !== undefined && <StatusWord tone="good">{text.masternodes.register.backup.saved(saved)}</StatusWord>}</div>
    </div>
  );
}
